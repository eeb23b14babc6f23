"""What staff do to a cohort: each step is taken once, refused in a sentence where it cannot be, and remembered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from cli.cohort.reschedule import reschedule
from cli.common.servers import open_services, staff_actor
from cli.matching.steps import published
from domain.calendar import local_day
from domain.cohort.roles import contacts_on
from domain.cohort.settings_file import read_settings
from schemas.base import FrozenModel
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.cohort.state import CohortState
from schemas.errors import Refusal
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from services.context import ServiceContext
from storage import cohorts, mentorships, roles

SETTINGS_FILE = "cohort.toml"
# A workflow that an operator ended before its pairs were published may be created anew.
LIVED = {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED}


class SettingsUpdate(FrozenModel):
    """The keys of a cohort.toml whose values were replaced, as in ``contact.email``; ``done`` is false in a dry run.

    ``roles_ended`` are the numbers of the roles that end where the contact was replaced, so that it answers.
    """

    cohort: str
    changed: tuple[str, ...]
    done: bool = True
    roles_ended: tuple[int, ...] = ()


def read_cohort_file(directory: Path) -> CohortSettings:
    """Read the cohort.toml of a folder; raises BadInput with everything wrong in it, Refusal where there is none."""
    try:
        return read_settings(SETTINGS_FILE, (directory / SETTINGS_FILE).read_bytes())
    except OSError as error:
        raise Refusal(f"{directory / SETTINGS_FILE} cannot be read ({error.strerror}). Name its folder.") from error


async def create(cohort: CohortFolder, folder: Path, *, dry_run: bool = False) -> None:
    """Save a cohort and start its workflow; a second run finishes what a first one left half done.

    Raises Refusal, before anything is saved, where the cohort has its workflow already.
    """
    settings = cohort.settings
    async with open_services(folder) as at:
        known = await at.describe(cohort_workflow_id(settings.id))
        if (known and known.status in LIVED) or await published(at.pool, settings.id):
            raise _exists(settings.id)
        if dry_run:
            return
        await cohorts.save_cohort(at.pool, settings, cohort.mentors, cohort.mentees, datetime.now(UTC))
        try:
            await _start(at, settings.id)
        except WorkflowAlreadyStartedError:
            raise _exists(settings.id) from None
        await at.audit(staff_actor(), "created", settings.id, mentors=len(cohort.mentors), mentees=len(cohort.mentees))


async def update(
    settings: CohortSettings, folder: Path, *, dry_run: bool = False, note: str | None = None
) -> SettingsUpdate:
    """Replace a cohort's settings, let its workflow follow, and return which keys changed; ``note`` says why.

    A window that staff closed at once stays closed. Raises UnknownCohort, or Refusal where running workflows hold the
    dates that would change.
    """
    async with open_services(folder) as at:
        before = await cohorts.cohort_settings(at.pool, settings.id)
        begun = bool(await mentorships.mentorship_ids(at.pool, settings.id))

        def replaced(now_there: CohortSettings, _: datetime) -> CohortSettings:
            _check_dates(now_there, settings, begun=begun)
            return _still_closed(now_there, settings)

        if dry_run:
            return await _update(at, before, replaced(before, datetime.now(UTC)), done=False)
        before, after = await cohorts.change_settings(at.pool, settings.id, replaced, lambda: datetime.now(UTC))
        shown = await _update(at, before, after, done=True)
        if shown.changed:
            await at.audit(staff_actor(), "updated", settings.id, changed=list(shown.changed), note=note)
        if shown.roles_ended:
            await _let_contact_answer(at, after)
        await reschedule(at, settings.id)
        return shown


async def _let_contact_answer(at: ServiceContext, settings: CohortSettings) -> None:
    """End the roles that are held instead of the contact that staff have just replaced: the last word counts."""
    today = _today(settings)
    for number in await roles.end_contact_roles(at.pool, settings.id, today):
        await at.audit(staff_actor(), "role_ended", settings.id, number=number, last_on=str(today - timedelta(days=1)))


async def _start(at: ServiceContext, cohort: str) -> None:
    await at.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=cohort),
        id=cohort_workflow_id(cohort),
        task_queue=at.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )


async def _update(at: ServiceContext, before: CohortSettings, after: CohortSettings, *, done: bool) -> SettingsUpdate:
    changed = tuple(_differences(before.model_dump(mode="json"), after.model_dump(mode="json")))
    holders = await roles.role_holders(at.pool, after.id) if before.contact != after.contact else ()
    ending = tuple(holder.id for holder in contacts_on(holders, _today(after)))
    return SettingsUpdate(cohort=after.id, changed=changed, done=done, roles_ended=ending)


def _today(settings: CohortSettings) -> date:
    return local_day(datetime.now(UTC), settings.time_zone)


def _check_dates(before: CohortSettings, settings: CohortSettings, *, begun: bool) -> None:
    if _dates(before) != _dates(settings) and begun:
        raise Refusal(
            f"The mentorships of {settings.id} have begun: its kickoff, time zone and timeline are in running "
            "workflows and stay. "
            f"Put them back in {SETTINGS_FILE} and run the command again for the rest."
        )


def _still_closed(before: CohortSettings, settings: CohortSettings) -> CohortSettings:
    window = settings.applications
    if window is None or window.closed_at or before.applications is None:
        return settings
    closed = window.model_copy(update={"closed_at": before.applications.closed_at})
    return settings.model_copy(update={"applications": closed})


def _dates(settings: CohortSettings) -> tuple[object, ...]:
    return settings.kickoff, settings.time_zone, settings.timeline


def _differences(before: object, after: object, path: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from _differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif before != after:
        yield path


def _exists(cohort: str) -> Refusal:
    return Refusal(
        f"{cohort} has been created already. To change its settings: mile cohort update DIR. "
        f"To see where it stands: mile cohort show {cohort}. A new class needs an id of its own in {SETTINGS_FILE}."
    )
