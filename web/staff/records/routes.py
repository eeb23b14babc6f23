"""The routes of reports, emails, roles, the audit log, and one's own sessions."""

from starlette.routing import Route

from schemas.enums import StaffAccess
from web.staff.console import Console, NavigationLink
from web.staff.emails.addresses import EMAILS
from web.staff.emails.message_steps import message_steps
from web.staff.emails.messages import MessagePages
from web.staff.emails.outbox import OutboxPages
from web.staff.emails.steps import email_steps
from web.staff.emails.wording_steps import wording_steps
from web.staff.emails.wordings import WordingPages
from web.staff.records.audit import AUDIT, AuditPages
from web.staff.records.drift import drift_steps
from web.staff.records.pooled_report import PooledReportPage
from web.staff.records.reports import REPORTS, ReportPages
from web.staff.roles import ROLES, RolePages, role_steps
from web.staff.sessions import SessionPages
from web.staff.steps import StepPages

RECORDS = (
    NavigationLink("Reports", REPORTS, StaffAccess.READER),
    NavigationLink("Emails", EMAILS),
    NavigationLink("Roles", ROLES),
    NavigationLink("Audit log", AUDIT),
)


def record_routes(console: Console) -> list[Route]:
    """Return the routes."""
    return [
        *SessionPages(console.sessions, console.pages).routes,
        # Before the files of a report, whose address it would be one of.
        *PooledReportPage(console).routes,
        *ReportPages(console).routes,
        *RolePages(console).routes,
        *AuditPages(console).routes,
        *OutboxPages(console).routes,
        *MessagePages(console).routes,
        *WordingPages(console).routes,
        *StepPages(console, (*role_steps(), *drift_steps(), *email_steps(), *message_steps(), *wording_steps())).routes,
    ]
