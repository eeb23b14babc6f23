"""The mentorships start when staff have said who was there, at 9:00 AM of the next business day at the latest (A3)."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from temporalio.client import WorkflowHandle

from rehearsal.environment import Environment
from runtime.histories import fetch_runs
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import KickoffSettings
from schemas.cohort.state import CohortState
from schemas.enums import CohortStage, StaffReason
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary
from storage import cohorts, kickoff, outbox

# Friday, May 10, 2019, 8:00 AM in Chicago, and the Monday after it, 9:00 AM.
FRIDAY_AT_8 = datetime(2019, 5, 10, 13, tzinfo=UTC)
MONDAY_AT_9 = datetime(2019, 5, 13, 14, tzinfo=UTC)
PEOPLE = 3
Handle = WorkflowHandle[Any, Any]
OnKickoffDay = Callable[..., Coroutine[Any, Any, tuple[Handle, CohortOverview]]]


@pytest_asyncio.fixture
async def on_kickoff_day(environment: Environment, mile_2019: CohortFolder) -> AsyncIterator[OnKickoffDay]:
    """Return what brings a class of three pairs to 8:00 AM on its kickoff day."""
    begun: list[Handle] = []

    async def bring(cohort: str, *, confirm: bool = True) -> tuple[Handle, CohortOverview]:
        changes = {"id": cohort, "applications": None, "proposals": None, "session": None}
        settings = mile_2019.settings.model_copy(
            update=changes | {"kickoff": KickoffSettings(confirm_attendance=confirm)}
        )
        starts_at = FRIDAY_AT_8 - timedelta(days=1)
        await cohorts.save_cohort(environment.pool, settings, mile_2019.mentors, mile_2019.mentees[:PEOPLE], starts_at)
        state = CohortState(cohort_id=cohort, clock_offset=starts_at - datetime.now(UTC))
        handle: Handle = await environment.client.start_workflow(
            COHORT_WORKFLOW, state, id=cohort_workflow_id(cohort), task_queue=environment.settings.task_queue
        )
        begun.append(handle)
        draft = await handle.execute_update("match", MatchRequest(), result_type=MatchRunSummary)
        await handle.execute_update("publish", args=[draft.run, False])
        return handle, await advanced_to(environment, handle, FRIDAY_AT_8)

    yield bring
    for handle in begun:
        await handle.terminate()


async def advanced_to(environment: Environment, handle: Handle, moment: datetime) -> CohortOverview:
    """Let time pass until a moment at which something is due."""
    clocks = environment.workflow_clocks
    before = await clocks.progress(handle, CohortOverview, datetime.min.replace(tzinfo=UTC))
    assert before.next_due_at == moment
    await clocks.advance_to(handle, moment, before.clock_offset, due=True)
    return await clocks.progress(handle, CohortOverview, moment)


async def notes(environment: Environment, cohort: str) -> list[str]:
    rows = await outbox.emails_of_scope(environment.pool, cohort)
    return [row["reason"] for row in rows if row["reason"]]


async def started_eagerly(environment: Environment, mentorship: str) -> bool:
    """Tell whether Temporal gave the first task of a mentorship to the worker that started it, without a poll."""
    [run, *_] = await fetch_runs(environment.client, mentorship_workflow_id(mentorship))
    return run.events[0].workflow_execution_started_event_attributes.eager_execution_accepted


async def test_a3_nothing_starts_before_staff_said_who_was_there(
    environment: Environment, on_kickoff_day: OnKickoffDay
) -> None:
    handle, where = await on_kickoff_day("confirmed")
    assert (where.stage, where.mentorships, where.next_due_at) == (CohortStage.STARTING, 0, MONDAY_AT_9)
    assert await notes(environment, "confirmed") == [StaffReason.ATTENDANCE_DUE]
    await kickoff.record_attendance(environment.pool, "confirmed", {"P01": False, "P02": True}, where.now)
    assert await handle.execute_update("start", result_type=int) == PEOPLE - 1
    where = await environment.workflow_clocks.progress(handle, CohortOverview, FRIDAY_AT_8)
    assert (where.stage, where.mentorships) == (CohortStage.RUNNING, PEOPLE - 1)
    assert await started_eagerly(environment, "confirmed-001")
    assert set(await notes(environment, "confirmed")) == {StaffReason.ATTENDANCE_DUE, StaffReason.NOT_STARTED}


async def test_a3_who_was_not_noted_absent_starts_the_next_business_day_although_staff_said_nothing(
    environment: Environment, on_kickoff_day: OnKickoffDay
) -> None:
    handle, where = await on_kickoff_day("unconfirmed")
    await kickoff.record_attendance(environment.pool, "unconfirmed", {"P01": False}, where.now)
    where = await advanced_to(environment, handle, MONDAY_AT_9)
    assert (where.stage, where.mentorships) == (CohortStage.RUNNING, PEOPLE - 1)
    assert StaffReason.ATTENDANCE_UNCONFIRMED in await notes(environment, "unconfirmed")


async def test_class_that_does_not_confirm_attendance_starts_on_kickoff_day(
    environment: Environment, on_kickoff_day: OnKickoffDay
) -> None:
    _, where = await on_kickoff_day("at-once", confirm=False)
    assert (where.stage, where.mentorships) == (CohortStage.RUNNING, PEOPLE)
    assert await notes(environment, "at-once") == []
