"""The review of applications by staff: a rule is waived, an application is accepted or withdrawn (A2)."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from domain.applications.review import accept, put_on_waiting_list, waive_rules, withdraw
from schemas.actor import Actor
from schemas.applications.imports import StoredApplication
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.enums import ApplicationStatus
from schemas.errors import Refusal
from schemas.preview import StepResult
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from storage import application_review, names
from storage.database import Connection, transaction


class Decision(StrEnum):
    """What staff decide on an application, as its audit event names it."""

    WAIVE = "waived"
    ACCEPT = "accepted"
    WAIT = "waitlisted"
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
    Decision.WAIT: put_on_waiting_list,
    Decision.WITHDRAW: withdraw,
}
_WAYS_BACK = {
    Decision.WAIVE: "withdraw the application",
    Decision.ACCEPT: "withdraw the application",
    Decision.WAIT: "accept the application",
    Decision.WITHDRAW: "accept the application",
}
_WAYS_BACK_OF_SEVERAL = {
    Decision.WAIVE: "withdraw the applications",
    Decision.ACCEPT: "withdraw the applications",
    Decision.WAIT: "accept the applications",
    Decision.WITHDRAW: "accept the applications",
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


class BulkReviewResult(StepResult):
    """A decision on several applications; ``refused`` says why not, by person. ``names`` never enters the JSON."""

    cohort: str
    decided: tuple[ReviewResult, ...]
    refused: dict[str, str]
    names: dict[str, str] = Field(exclude=True)

    def sentences(self) -> tuple[str, ...]:
        """Say by name what becomes of each application, and which ones stay as they are."""
        decided = (
            f"{self._called(one.person)} {'is' if self.done else 'would be'} {status_name(one.after)}; "
            f"was {status_name(one.before)}."
            for one in self.decided
        )
        return (*decided, *self.refusals())

    def refusals(self) -> tuple[str, ...]:
        """Say by name why applications stay as they are."""
        return tuple(f"Not {self._called(person)}: {why}" for person, why in self.refused.items())

    def _called(self, person: str) -> str:
        return f"{self.names.get(person, person)} ({person})"


async def preview_bulk_review(
    context: ServiceContext, cohort: str, people: Collection[str], decision: Decision
) -> BulkReviewResult:
    """Return what a decision on several applications would change; raises Refusal where it changes none of them."""
    decided: list[ReviewResult] = []
    refused: dict[str, str] = {}

    async def step(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await application_review.lock_applicants(db, cohort, people)
        for person in people:
            try:
                before, after = await application_review.change_status(db, cohort, person, _RULES[decision], now=now)
                decided.append(ReviewResult(cohort=cohort, person=person, before=before, after=after, done=False))
            except Refusal as refusal:
                refused[person] = str(refusal)
        return state

    emails = await forecast_emails(context, cohort, step, state=CohortState(cohort_id=cohort), follow=False)
    result = await _bulk_result(context, cohort, decided, refused, done=False)
    return result.model_copy(
        update={"preview": emails.preview(*result.sentences(), way_back=_WAYS_BACK_OF_SEVERAL[decision])}
    )


async def bulk_review(
    context: ServiceContext, actor: Actor, cohort: str, people: Collection[str], decision: Decision, *, note: str | None
) -> BulkReviewResult:
    """Decide on several applications, each in a transaction of its own: one that is refused stops no other.

    Raises Refusal where all are refused.
    """
    decided: list[ReviewResult] = []
    refused: dict[str, str] = {}
    for person in people:
        try:
            decided.append(await review(context, actor, cohort, person, decision, note=note))
        except Refusal as refusal:
            refused[person] = str(refusal)
    return await _bulk_result(context, cohort, decided, refused, done=True)


async def _bulk_result(
    context: ServiceContext, cohort: str, decided: Sequence[ReviewResult], refused: dict[str, str], *, done: bool
) -> BulkReviewResult:
    called = await names.person_names(context.pool, cohort)
    result = BulkReviewResult(cohort=cohort, decided=tuple(decided), refused=refused, names=called, done=done)
    if not decided:
        raise Refusal("\n".join(result.refusals()))
    return result
