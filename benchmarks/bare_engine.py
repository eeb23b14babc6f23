"""The engine's own work in a rehearsal: workflows that wait, are signaled, run activities and upsert, and do no more.

A bare workflow lives through the steps of a recorded one. ``python -m benchmarks.bare_engine`` is their worker; it
connects as the program's own does.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Worker

from benchmarks.bare_workflow import BareMentorship, RecordedStep, nothing
from rehearsal.delivery import NEVER_IDLE_WITHIN_SECONDS
from rehearsal.time_skipping import EARLIEST_TIME, WorkflowClocks
from runtime.settings import read_settings
from runtime.temporal import connect

QUEUE = "bare"
# A rehearsal moves no clock for answers that come closer together (rehearsal/mentorship_simulation.py).
SAME_JUMP_WITHIN_SECONDS = 240.0
SIGNALS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
    # An update costs the engine more than a signal: what is bare is not to be made to look dear.
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
}


def steps_of(run: WorkflowHistory) -> list[RecordedStep]:
    """Return what a recorded run did, wait by wait; the first step is what it did before it waited."""
    timers: dict[int, HistoryEvent] = {}
    steps, woken_at = [RecordedStep(signaled=False, seconds=0)], run.events[0].event_time.ToDatetime()
    for event in run.events:
        kind, at = event.event_type, event.event_time.ToDatetime()
        if kind in SIGNALS or kind == EventType.EVENT_TYPE_TIMER_FIRED:
            steps.append(RecordedStep(kind in SIGNALS, max((at - woken_at).total_seconds(), 0.001)))
            woken_at = at
        elif kind == EventType.EVENT_TYPE_TIMER_STARTED:
            timers[event.event_id] = event
        elif kind == EventType.EVENT_TYPE_TIMER_CANCELED and steps[-1].signaled:
            started = timers[event.timer_canceled_event_attributes.started_event_id]
            length = started.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            steps[-1].canceled_seconds = length.total_seconds()
        elif kind == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            steps[-1].activities += 1
        elif kind == EventType.EVENT_TYPE_MARKER_RECORDED:
            steps[-1].local_activities += 1
        elif kind == EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES:
            steps[-1].upserts += 1
    return steps


async def live(client: Client, clocks: WorkflowClocks, workflow_id: str, runs: list[list[RecordedStep]]) -> None:
    """Drive one bare workflow from its start to its end, as a rehearsal drives the recorded one."""
    now = datetime.now(UTC)
    handle = await client.start_workflow("BareMentorship", runs, id=workflow_id, task_queue=QUEUE)
    reached = EARLIEST_TIME
    for step in (step for run in runs for step in run[1:]):
        await asyncio.sleep(NEVER_IDLE_WITHIN_SECONDS)
        due = await clocks.wait_until_idle(handle, reached)
        now += timedelta(seconds=step.seconds)
        if not step.signaled:
            assert due is not None, f"{workflow_id} ended before its steps did"
            now = reached = due
            await clocks.advance_to(handle, due, timedelta(0), due=True)
        else:
            if step.seconds > SAME_JUMP_WITHIN_SECONDS:
                await clocks.advance_to(handle, now, timedelta(0), due=False)
            await handle.signal("answer")
    await handle.result()


async def main() -> None:
    """Run the worker of bare workflows until it is killed."""
    client = await connect(read_settings())
    async with Worker(client, task_queue=QUEUE, workflows=[BareMentorship], activities=[nothing]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
