"""``mile emails next|sent``: what leaves in the next days, and what a mentorship was sent."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.cohort.options import CohortId
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import print_table, table_of
from cli.mentorship.options import MentorshipId
from cli.mentorship.session import with_mentorship
from domain.labels import label
from schemas.base import FrozenModel
from schemas.emails.messages import OutboxEmail
from schemas.mentorship.responses import MentorshipPair
from services.cohort_overview import find_cohort
from services.context import ServiceContext
from services.sent_emails import outbox_page
from services.upcoming_emails import UpcomingEmails, upcoming_emails

Days = Annotated[int, typer.Option("--days", metavar="N", min=1, max=600, help="How many days to look ahead.")]


class MentorshipEmails(FrozenModel):
    """The emails of a mentorship, the newest first."""

    mentorship: str
    emails: tuple[OutboxEmail, ...]


def next_command(cohort: CohortId, days: Days = 7, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the emails of a cohort that leave in the next days if nobody replies."""
    time_zone, upcoming = call_service(folder, lambda context: _upcoming(context, cohort, timedelta(days=days)))
    if as_json:
        print_json(upcoming)
        return
    table = table_of(f"{cohort}: {len(upcoming.emails)} in {days} days", "When", "About", "To", "Email")
    for email in upcoming.emails:
        table.add_row(_moment(email.at, time_zone) if email.at else "now", email.about, email.to, label(email.kind))
    print_table(table)
    for mentorship in upcoming.not_asked:
        print(f"{mentorship} did not answer, so its emails are not listed: mile mentorship show {mentorship}")


def sent_command(mentorship: MentorshipId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List the emails that a mentorship was sent, and those that wait, the newest first."""
    pair, emails = with_mentorship(mentorship, folder, _sent)
    if as_json:
        print_json(MentorshipEmails(mentorship=mentorship, emails=emails))
        return
    table = table_of(f"{mentorship}: {len(emails)} emails", "When", "To", "Subject", "State")
    for email in emails:
        moment = _moment(email.sent_at or email.due_at, pair.cohort.time_zone)
        table.add_row(moment, email.recipient, email.subject or label(email.kind), email.state)
    print_table(table)


async def _upcoming(context: ServiceContext, cohort: str, ahead: timedelta) -> tuple[str, UpcomingEmails]:
    settings = await find_cohort(context, cohort)
    return settings.time_zone, await upcoming_emails(context, cohort, context.now(cohort) + ahead)


async def _sent(context: ServiceContext, pair: MentorshipPair) -> tuple[OutboxEmail, ...]:
    return (await outbox_page(context, pair.cohort.id, mentorship=pair.mentorship_id)).emails


def _moment(at: datetime, time_zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}"
