"""Creating a cohort: its settings and applications are saved, and its workflow starts."""

from datetime import UTC, datetime

from temporalio.client import WorkflowExecutionStatus
from temporalio.exceptions import WorkflowAlreadyStartedError

from schemas.actor import Actor
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.errors import Refusal
from schemas.ids import cohort_workflow_id
from schemas.preview import Preview, StepResult
from services.cohort_workflows import start_cohort_workflow
from services.context import ServiceContext
from services.email_forecast import forecast_emails
from storage import cohorts, proposals, roles
from storage.database import Connection, rolled_back, transaction

_EVER_STARTED = {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED}


class CohortCreated(StepResult):
    """A cohort that was created, and how many people its folder has."""

    cohort: str
    mentors: int
    mentees: int


async def preview_create(
    context: ServiceContext, folder: CohortFolder, *, staff_of: str | None = None
) -> CohortCreated:
    """Return what creating a cohort would do; raises Refusal where it exists."""
    settings = folder.settings
    await _check_new(context, settings.id)
    if staff_of:
        async with rolled_back(context.pool) as db:
            await _claim(db, settings)

    async def save(db: Connection, state: CohortState, now: datetime) -> CohortState:
        await cohorts.save_cohort(db, settings, folder.mentors, folder.mentees, now)
        return state

    state = CohortState(cohort_id=settings.id)
    emails = await forecast_emails(context, settings.id, save, state=state, ahead=True)
    change = f"{settings.id} would be created with {len(folder.mentors)} mentors and "
    preview = emails.preview(
        change + f"{len(folder.mentees)} mentees, and its workflow would start.",
        way_back="delete the class, until the first email has left",
    )
    return _created(folder, preview)


async def create(
    context: ServiceContext,
    actor: Actor,
    folder: CohortFolder,
    *,
    staff_of: str | None = None,
    note: str | None = None,
) -> CohortCreated:
    """Save a cohort and start its workflow; a second run completes one that failed between the two.

    Whoever holds a role in ``staff_of`` holds it in the new cohort too. Raises Refusal, before anything is saved, where
    the cohort has its workflow already, or with ``staff_of`` where there is another cohort of this id.
    """
    cohort = folder.settings.id
    await _check_new(context, cohort)
    counts = {"mentors": len(folder.mentors), "mentees": len(folder.mentees)}
    async with transaction(context.pool) as db:
        if staff_of:
            await _claim(db, folder.settings)
        await cohorts.save_cohort(db, folder.settings, folder.mentors, folder.mentees, datetime.now(UTC))
        await cohorts.save_mapping(db, cohort, folder.mapping.saved_as(None))
        if staff_of:
            # In the evening UTC has the next day, and nobody could see the class before that.
            await roles.copy_holders(db, staff_of, cohort, context.today(folder.settings))
        await context.audit_in(db, actor, "created", cohort, note=note, **counts)
    try:
        await start_cohort_workflow(context, cohort)
    except WorkflowAlreadyStartedError:
        raise _exists(cohort) from None
    return _created(folder)


async def _check_new(context: ServiceContext, cohort: str) -> None:
    if cohort in await cohorts.archived(context.pool):
        raise Refusal(f"{cohort} is archived, so no email about it would leave. A new class needs an id of its own.")
    execution = await context.describe(cohort_workflow_id(cohort))
    if (execution and execution.status in _EVER_STARTED) or await proposals.published_run(
        context.pool, cohort
    ) is not None:
        raise _exists(cohort)


async def _claim(db: Connection, settings: CohortSettings) -> None:
    """Raise Refusal where another class has the id: its settings and its staff are not theirs who begin one here."""
    if not await cohorts.add_cohort(db, settings, datetime.now(UTC)):
        raise _exists(settings.id)


def _created(folder: CohortFolder, preview: Preview | None = None) -> CohortCreated:
    return CohortCreated(
        cohort=folder.settings.id,
        mentors=len(folder.mentors),
        mentees=len(folder.mentees),
        done=preview is None,
        preview=preview,
    )


def _exists(cohort: str) -> Refusal:
    return Refusal(
        f"{cohort} has been created already. You can change its settings. A new class needs an id of its own in "
        "cohort.toml."
    )
