"""What a workflow records is written at once; what cannot be written is an activity that operators see, and waits."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle

from runtime.histories import fetch_runs
from tests.waiting import until
from tests.workflows.one_pair import OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


async def test_what_can_be_written_takes_no_activity_task(one_pair: Begin) -> None:
    pair = await one_pair("all-is-written")
    await pair.on(date(2019, 5, 20))
    (run,) = await fetch_runs(pair.environment.client, pair.handle.id)
    kinds = [event.event_type for event in run.events]
    assert EventType.EVENT_TYPE_MARKER_RECORDED in kinds
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED not in kinds


async def test_what_cannot_be_written_is_seen_by_operators_and_done_as_soon_as_it_can_be(one_pair: Begin) -> None:
    pair = await one_pair("table-away")
    before = await pair.progress_at()
    assert before.next_due_at is not None
    earlier = {row["key"] for row in await pair.emails()}
    pool = pair.environment.pool
    await pool.execute("alter table outbox rename to outbox_away")
    try:
        clocks = pair.environment.workflow_clocks
        await clocks.advance_to(pair.handle, before.next_due_at, before.clock_offset, due=True)

        async def was_tried_twice() -> bool:
            (pending,) = await pending_activities(pair.handle) or ((None, 0, ""),)
            return pending[1] >= 2

        await until(was_tried_twice)
        ((kind, _, why),) = await pending_activities(pair.handle)
    finally:
        await pool.execute("alter table outbox_away rename to outbox")
    assert kind == "enqueue_emails"
    assert "UndefinedTableError" in why
    await pair.progress_at(before.next_due_at)
    new = [row for row in await pair.emails() if row["key"] not in earlier]
    assert {row["state"] for row in new} == {"sent"}


async def pending_activities(handle: WorkflowHandle[Any, Any]) -> list[tuple[str, int, str]]:
    """Return the type, attempt and last failure of each activity that a workflow waits for."""
    description = (await handle.describe()).raw_description
    return [(one.activity_type.name, one.attempt, one.last_failure.message) for one in description.pending_activities]
