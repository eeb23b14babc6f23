"""What staff do to a cohort: each step is taken once, refused in a sentence where it cannot be, and remembered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from cli.rescheduling import over, reschedule
from cli.servers import Handle, Servers, order, servers
from domain.calendar import local_day
from domain.intake import read_settings
from domain.matching import changes
from schemas.base import Value
from schemas.cohort import CohortSettings
from schemas.errors import Refusal
from schemas.folders import CohortFolder
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.matching import Change, MatchResult
from schemas.messages import CohortState, MatchRequest, MatchRunSummary
from storage import cohorts, mentorships, roles

SETTINGS_FILE = "cohort.toml"
# A workflow that an operator ended before its pairs were published may be created anew.
LIVED = {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED}


class SettingsUpdate(Value):
    """The keys of a cohort.toml whose values were replaced, as in ``contact.email``; ``done`` is false in a dry run.

    ``roles_ended`` are the numbers of the roles that end where the contact was replaced, so that it answers.
    """

    cohort: str
    changed: tuple[str, ...]
    done: bool = True
    roles_ended: tuple[int, ...] = ()


class Publication(Value):
    """What publishing a match run does; ``done`` is false in a dry run.

    ``asked_first`` says that both sides are asked before a match stands, ``changed`` who has another mentor than in the
    run that was published before.
    """

    cohort: str
    run: int
    pairs: int
    asked_first: bool
    changed: tuple[Change, ...] = ()
    done: bool = True


def read_cohort_file(directory: Path) -> CohortSettings:
    """Read the cohort.toml of a folder; raises BadInput with everything wrong in it, Refusal where there is none."""
    try:
        return read_settings(SETTINGS_FILE, (directory / SETTINGS_FILE).read_bytes())
    except OSError as error:
        raise Refusal(f"{directory / SETTINGS_FILE} cannot be read ({error.strerror}). Name its folder.") from error


async def create(cohort: CohortFolder, folder: Path) -> None:
    """Save a cohort and start its workflow; a second run finishes what a first one left half done.

    Raises Refusal, before anything is saved, where the cohort has its workflow already.
    """
    settings = cohort.settings
    async with servers(folder) as at:
        known = await at.describe(cohort_workflow_id(settings.id))
        if (known and known.status in LIVED) or await published(at.pool, settings.id):
            raise _exists(settings.id)
        await cohorts.save_cohort(at.pool, settings, cohort.mentors, cohort.participants, datetime.now(UTC))
        try:
            await _start(at, settings.id)
        except WorkflowAlreadyStartedError:
            raise _exists(settings.id) from None
        await at.note("created", settings.id, mentors=len(cohort.mentors), participants=len(cohort.participants))


async def update(
    settings: CohortSettings, folder: Path, *, dry_run: bool = False, note: str | None = None
) -> SettingsUpdate:
    """Replace a cohort's settings, let its workflow follow, and return which keys changed; ``note`` says why.

    A window that staff closed at once stays closed. Raises UnknownCohort, or Refusal where running workflows hold the
    dates that would change.
    """
    async with servers(folder) as at:
        before = await cohorts.cohort_settings(at.pool, settings.id)
        begun = bool(await mentorships.mentorship_ids(at.pool, settings.id))

        def replaced(now_there: CohortSettings, _: datetime) -> CohortSettings:
            _check_dates(now_there, settings, begun=begun)
            return _still_closed(now_there, settings)

        if dry_run:
            return _update(before, replaced(before, datetime.now(UTC)), done=False)
        before, after = await cohorts.change_settings(at.pool, settings.id, replaced, lambda: datetime.now(UTC))
        shown = _update(before, after, done=True)
        if shown.changed:
            await at.note("updated", settings.id, changed=list(shown.changed), note=note)
        if before.contact != after.contact:
            shown = shown.model_copy(update={"roles_ended": await _let_contact_answer(at, after)})
        await reschedule(at, settings.id)
        return shown


async def match(cohort: str, request: MatchRequest, folder: Path) -> MatchRunSummary:
    """Have a cohort matched as staff wish and return what the run came to."""
    async with servers(folder) as at:
        handle = await _handle(at, cohort)
        summary = await order(handle, "match", request, kind=MatchRunSummary, absent=over(cohort))
        await at.note("matched", cohort, run=summary.run, pairs=summary.pairs)
        return summary


async def compare(cohort: str, before: int, after: int, folder: Path) -> tuple[Change, ...]:
    """Return which participants have another mentor in one match run than in another."""
    async with servers(folder) as at:
        runs = [await cohorts.match_run(at.pool, cohort, run) for run in (before, after)]
        return changes(*runs)


async def publish(
    cohort: str, run: int, waiver: str | None, folder: Path, *, dry_run: bool = False, note: str | None = None
) -> Publication:
    """Have a match run published and return what that does.

    ``waiver`` is staff's note why pairs that break a rule may pass; it stands in the audit trail.
    """
    async with servers(folder) as at:
        settings = await cohorts.cohort_settings(at.pool, cohort)
        before = await published(at.pool, cohort)
        if not dry_run:
            handle = await _handle(at, cohort)
            pairs = await order(handle, "publish", run, waiver is not None, kind=int, absent=over(cohort))
            await at.note("published", cohort, run=run, pairs=pairs, waiver=waiver, note=note)
        wanted = await cohorts.match_run(at.pool, cohort, run)
        return Publication(
            cohort=cohort,
            run=run,
            pairs=len(wanted.pairs),
            asked_first=settings.proposals is not None,
            changed=changes(before, wanted) if before else (),
            done=not dry_run,
        )


async def published(pool: asyncpg.Pool, cohort: str) -> MatchResult | None:
    """Return the matches that stand, or None before staff have published any."""
    try:
        return await cohorts.published_matches(pool, cohort)
    except Refusal:
        return None


async def _let_contact_answer(at: Servers, settings: CohortSettings) -> tuple[int, ...]:
    """End the roles that are held instead of the contact that staff have just replaced: the last word counts."""
    today = local_day(datetime.now(UTC), settings.time_zone)
    ended = await roles.give_way(at.pool, settings.id, today)
    for number in ended:
        await at.note("role_ended", settings.id, number=number, last_on=str(today - timedelta(days=1)))
    return ended


async def _handle(at: Servers, cohort: str) -> Handle:
    await cohorts.cohort_settings(at.pool, cohort)
    return at.workflow(cohort_workflow_id(cohort))


async def _start(at: Servers, cohort: str) -> None:
    await at.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=cohort),
        id=cohort_workflow_id(cohort),
        task_queue=at.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )


def _update(before: CohortSettings, after: CohortSettings, *, done: bool) -> SettingsUpdate:
    changed = tuple(_differences(before.model_dump(mode="json"), after.model_dump(mode="json")))
    return SettingsUpdate(cohort=after.id, changed=changed, done=done)


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
