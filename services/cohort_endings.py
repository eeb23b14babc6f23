"""Ending a cohort before its time: archived, so that nobody hears of it any more, or deleted while nobody has."""

from datetime import datetime

from temporalio.service import RPCError, RPCStatusCode

from schemas.actor import Actor
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.ids import cohort_workflow_id
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from services.workflow_calls import ANSWERED_WITHIN, unavailable
from storage import cohort_endings, cohorts, kickoff
from storage.cohort_endings import CohortContents
from storage.database import Db, transaction


class CohortEnded(StepResult):
    """A cohort that was archived or deleted, or would be, and how much was stored of it."""

    cohort: str
    contents: CohortContents

    def describe(self) -> str:
        """Say how much there is of the cohort."""
        counts = (f"{count} {name.replace('_', ' ')}" for name, count in self.contents.model_dump().items() if count)
        return f"{self.cohort} has {', '.join(counts) or 'nothing but its settings'}."


async def preview_archive(context: ServiceContext, cohort: str) -> CohortEnded:
    """Return what archiving a cohort would do; raises as ``archive`` does."""
    await _check_archivable(context, cohort)
    return await _previewed(
        context,
        cohort,
        "Its workflow would end, its page would take no applications, and lists would leave it out.",
        "No email would leave any more. Those that wait would be dropped.",
        "Meals and access needs would be deleted. All else that is stored would stay.",
    )


async def archive(context: ServiceContext, actor: Actor, cohort: str, *, note: str | None = None) -> CohortEnded:
    """Archive a cohort: no more emails, no place in lists; its data stay, but for meals and access needs.

    Raises UnknownCohort, or Refusal while mentorships run or where it is archived.
    """
    await _check_archivable(context, cohort)
    stored = await cohort_endings.contents(context.pool, cohort)
    async with transaction(context.pool) as db:
        # The cohort stays locked: pairs that are about to be stored are seen here, or find it archived.
        await cohorts.change_settings(db, cohort, _closed, lambda: context.now(cohort))
        await _check_none_runs(db, cohort)
        dropped = await cohort_endings.archive(db, cohort, context.now(cohort))
        # The workflow would have done it in the weeks after the kickoff.
        await kickoff.erase_needs(db, cohort)
        await context.audit_in(db, actor, "archived", cohort, emails_dropped=dropped, note=note)
        await _end_workflow(context, cohort, "archived by staff")
    return CohortEnded(cohort=cohort, contents=stored, done=True)


async def preview_delete(context: ServiceContext, cohort: str) -> CohortEnded:
    """Return what deleting a cohort would do; raises as ``delete`` does."""
    await _check_deletable(context, cohort)
    return await _previewed(
        context,
        cohort,
        "Everything of it would be deleted: settings, applications, match runs, roles, questions, waiting emails.",
        "The audit log would keep who did that.",
    )


async def delete(context: ServiceContext, actor: Actor, cohort: str, *, note: str | None = None) -> CohortEnded:
    """Delete everything of a cohort but its audit log, and end its workflow.

    Raises UnknownCohort, or Refusal where it has mentorships, or an email about it has left for anybody but staff.
    """
    await _check_deletable(context, cohort)
    stored = await cohort_endings.contents(context.pool, cohort)
    async with transaction(context.pool) as db:
        # A sender may have taken an email meanwhile.
        await cohort_endings.lock_emails(db, cohort)
        if emailed := await cohort_endings.people_emailed(db, cohort):
            raise _emailed(cohort, emailed)
        await cohort_endings.delete(db, cohort)
        await context.audit_in(db, actor, "deleted", cohort, applications=stored.applications, note=note)
        await _end_workflow(context, cohort, "deleted by staff")
    return CohortEnded(cohort=cohort, contents=stored, done=True)


async def _previewed(context: ServiceContext, cohort: str, *changes: str) -> CohortEnded:
    stored = await cohort_endings.contents(context.pool, cohort)
    result = CohortEnded(cohort=cohort, contents=stored, done=False)
    return result.model_copy(update={"preview": Preview(changes=(result.describe(), *changes))})


async def _check_archivable(context: ServiceContext, cohort: str) -> None:
    await cohorts.cohort_settings(context.pool, cohort)
    if cohort in await cohorts.archived(context.pool):
        raise Refusal(f"{cohort} is archived already.")
    await _check_none_runs(context.pool, cohort)


async def _check_none_runs(db: Db, cohort: str) -> None:
    if running := await cohort_endings.running_mentorships(db, cohort):
        what = f"1 mentorship of {cohort} runs" if running == 1 else f"{running} mentorships of {cohort} run"
        raise Refusal(f"{what}, and nobody there would get another email. End what runs first.")


async def _check_deletable(context: ServiceContext, cohort: str) -> None:
    await cohorts.cohort_settings(context.pool, cohort)
    if (await cohort_endings.contents(context.pool, cohort)).mentorships:
        raise Refusal(f"{cohort} has mentorships, so it cannot be deleted. You can archive it.")
    if emailed := await cohort_endings.people_emailed(context.pool, cohort):
        raise _emailed(cohort, emailed)


def _emailed(cohort: str, people: int) -> Refusal:
    return Refusal(
        f"{people} {'person' if people == 1 else 'people'} got an email about {cohort}, so it cannot be deleted. "
        "If no one should hear of it any more, archive it."
    )


def _closed(settings: CohortSettings, now: datetime) -> CohortSettings:
    window = settings.applications
    if window is None:
        return settings
    closed = window.model_copy(update={"closed_at": window.closed_at or now, "waiting_list": False})
    return settings.model_copy(update={"applications": closed})


async def _end_workflow(context: ServiceContext, cohort: str, reason: str) -> None:
    # The last step of a transaction: what is refused or fails before leaves a cohort that goes on. Others wait for its
    # locks, so Temporal must answer soon.
    try:
        await context.workflow(cohort_workflow_id(cohort)).terminate(reason=reason, rpc_timeout=ANSWERED_WITHIN)
    except RPCError as error:
        # It is over already, or was never started.
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise unavailable(error) from error
