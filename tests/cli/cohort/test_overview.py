"""The overview of a cohort: what needs staff first, how far the start has come, and as few questions as for ten."""

import io
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery
from rich.console import Console
from rich.table import Table

from benchmarks.starting import KICKOFF, NOW, publish_class, settings_of
from cli.cohort.tables import cohort_table, match_table, mentorship_table
from runtime.local_stack.stack import LocalStack
from schemas.cohort.messages import CohortOverview, FailingActivity
from schemas.cohort.state import CohortState
from schemas.enums import Outcome, Phase, StaffReason
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.kickoff.start import StartProgress
from schemas.mentorship.messages import RecordProgress
from services.cohort_overview import cohort_details
from services.context import ServiceContext
from services.workflow_calls import Handle
from storage import cohorts, mentorships, starts
from tests.waiting import until

SILENT, CALL_REQUESTED = StaffReason.SILENT, StaffReason.CALL_REQUESTED


class Counter:
    """Counts what PostgreSQL is asked."""

    def __init__(self) -> None:
        self.queries = 0

    def note(self, _: LoggedQuery) -> None:
        self.queries += 1

    async def listen(self, connection: asyncpg.Connection) -> None:
        connection.add_query_logger(self.note)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
async def at(stack: LocalStack, counter: Counter) -> AsyncIterator[ServiceContext]:
    address = stack.settings.database_url.get_secret_value()
    async with asyncpg.create_pool(address, min_size=1, max_size=1, command_timeout=30, init=counter.listen) as pool:
        yield ServiceContext(stack.settings, pool, stack.client)


async def _running(pool: asyncpg.Pool, cohort: str, pairs: int) -> tuple[str, ...]:
    """Keep a class whose mentorships all wait to be started."""
    await publish_class(pool, settings_of(cohort), pairs)
    published = await cohorts.published_matches(pool, cohort)
    return await mentorships.save_pairs(pool, cohort, published, starts_on=KICKOFF, ends_on=date(2020, 11, 10), now=NOW)


async def test_a_thousand_mentorships_take_as_many_questions_as_ten(at: ServiceContext, counter: Counter) -> None:
    asked = []
    for cohort, pairs in (("ten", 10), ("thousand", 1000)):
        await _running(at.pool, cohort, pairs)
        before = counter.queries
        shown = await cohort_details(at, cohort)
        asked.append(counter.queries - before)
        assert len(json.loads(shown.model_dump_json())["mentorships"]) == pairs
    assert asked[0] == asked[1]


async def test_what_needs_staff_comes_first_and_what_is_over_last(at: ServiceContext) -> None:
    ids = await _running(at.pool, "pressing", 5)
    for number, outcome, concerns in (
        (1, Outcome.COMPLETED, ()),
        (3, None, (SILENT,)),
        (4, None, (SILENT, CALL_REQUESTED)),
    ):
        told = {"mentorship_id": ids[number], "phase": Phase.PREPARING, "now": NOW}
        progress = RecordProgress.model_validate(told | {"outcome": outcome, "concerns": concerns})
        await mentorships.record_progress(at.pool, progress)
    shown = await cohort_details(at, "pressing")
    assert [one.id for one in shown.mentorships] == [ids[number] for number in (4, 3, 0, 2, 1)]
    assert shown.counts.concerns == {SILENT: 2, CALL_REQUESTED: 1}
    assert shown.counts.phases == {Phase.PREPARING: 5}


async def test_the_overview_tells_how_far_the_start_has_come(at: ServiceContext) -> None:
    ids = await _running(at.pool, "begun", 3)
    await starts.set_started(at.pool, ids[:2], NOW)
    shown = await cohort_details(at, "begun")
    assert shown.starts == StartProgress(started=2, waiting=1)
    assert "2 of 3" in _printed(cohort_table(shown))


async def test_pairs_in_a_mentorship_are_listed_once(at: ServiceContext) -> None:
    await publish_class(at.pool, settings_of("once-listed"), 2)
    shown = await cohort_details(at, "once-listed")
    assert shown.match_run is not None
    assert match_table(shown.match_run, shown.names).row_count == 2
    assert match_table(shown.match_run, shown.names, {("M0001", "P0001")}).row_count == 1
    assert mentorship_table(shown.mentorships, shown.names).row_count == 0


async def test_step_that_is_refused_is_told_with_the_moment_since_when(at: ServiceContext) -> None:
    cohort = "shown-refused"
    handle = await _begun(at, cohort, at.settings.task_queue)

    async def failing() -> FailingActivity | None:
        overview: CohortOverview = await handle.query("progress", result_type=CohortOverview)
        return overview.failing_activity

    refused = await until(failing)
    settings = settings_of(cohort)
    await cohorts.save_settings(at.pool, settings, NOW)
    shown = await cohort_details(at, cohort)
    assert shown.failing_activity == refused
    since = refused.since.astimezone(ZoneInfo(settings.time_zone))
    assert f"plan cohort, since {since:%Y-%m-%d %H:%M}; retries" in _printed(cohort_table(shown))
    await handle.terminate()
    assert (await cohort_details(at, cohort)).failing_activity is None


async def test_without_a_worker_the_overview_says_that_it_does_not_know_what_is_refused(
    at: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort = "shown-unasked"
    monkeypatch.setattr("services.cohort_overview.PROGRESS_WITHIN", timedelta(seconds=1))
    handle = await _begun(at, cohort, "nobody-here")
    await cohorts.save_settings(at.pool, settings_of(cohort), NOW)
    shown = await cohort_details(at, cohort)
    assert (shown.failing_activity, shown.workflow_answered) == (None, False)
    assert "no worker answers" in _printed(cohort_table(shown))
    await handle.terminate()


async def _begun(at: ServiceContext, cohort: str, queue: str) -> Handle:
    state = CohortState(cohort_id=cohort)
    handle: Handle = await at.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id(cohort), task_queue=queue
    )
    return handle


def _printed(table: Table) -> str:
    console = Console(width=120, file=io.StringIO())
    with console.capture() as printed:
        console.print(table)
    return printed.get()
