"""The review of applications by staff: a rule is waived, an application is accepted or withdrawn (A2)."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from domain.applications.review import accept, waive_rules, withdraw
from schemas.actor import Actor
from schemas.applications.imports import StoredApplication
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.enums import ApplicationStatus
from schemas.preview import StepResult
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from storage import application_review
from storage.database import Connection, transaction


class Decision(StrEnum):
    """What staff decide on an application, as its audit event names it."""

    WAIVE = "waived"
    ACCEPT = "accepted"
    WITHDRAW = "withdrawn"


class ReviewResult(StepResult):
    """The status of somebody's application before and after a decision."""

    cohort: str
    person: str
    before: ApplicationStatus
    after: ApplicationStatus

    def describe(self) -> str:
        """Say what becomes of the application."""
        verb, after, before = "is" if self.done else "would be", status_name(self.after), status_name(self.before)
        return f"{self.person} {verb} {after} in {self.cohort}; was {before}."


_RULES: dict[Decision, Callable[[StoredApplication, CohortSettings], StoredApplication]] = {
    Decision.WAIVE: waive_rules,
    Decision.ACCEPT: accept,
    Decision.WITHDRAW: withdraw,
}
_WAYS_BACK = {
    Decision.WAIVE: "withdraw the application",
    Decision.ACCEPT: "withdraw the application",
    Decision.WITHDRAW: "accept the application",
}
_NAMES = {ApplicationStatus.INELIGIBLE: "not eligible", ApplicationStatus.WAITING: "on the waiting list"}


def status_name(status: ApplicationStatus) -> str:
    """Return what staff call the status of an application."""
    return _NAMES.get(status, status)


async def preview_review(context: ServiceContext, cohort: str, person: str, decision: Decision) -> ReviewResult:
    """Return what a decision on an application would change; raises as ``review`` does."""
    before, after = await application_review.change_status(
        context.pool, cohort, person, _RULES[decision], now=context.now(cohort), dry_run=True
    )
    result = ReviewResult(cohort=cohort, person=person, before=before, after=after, done=False)

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await application_review.change_status(db, cohort, person, _RULES[decision], now=now)
        return state

    emails = await forecast_emails(context, cohort, step, state=CohortState(cohort_id=cohort), follow=False)
    preview = emails.preview(result.describe(), way_back=_WAYS_BACK[decision])
    return result.model_copy(update={"preview": preview})


async def review(
    context: ServiceContext, actor: Actor, cohort: str, person: str, decision: Decision, *, note: str | None
) -> ReviewResult:
    """Decide on an application; the applicant is written to where its status changes.

    Raises UnknownCohort, or Refusal where there is no such application, the decision does not fit it, or a pair counts
    on somebody whose application would be withdrawn.
    """
    async with transaction(context.pool) as db:
        before, after = await application_review.change_status(
            db, cohort, person, _RULES[decision], now=context.now(cohort)
        )
        await context.audit_in(db, actor, decision, cohort, None, person, before=before, after=after, note=note)
    return ReviewResult(cohort=cohort, person=person, before=before, after=after, done=True)
