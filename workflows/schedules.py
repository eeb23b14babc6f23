"""The fleet's Schedules, created once and left alone after."""

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleSpec,
)

from schemas.ids import SWEEPER_WORKFLOW

SWEEPS_EVERY = timedelta(minutes=1)


async def ensure_schedules(client: Client, task_queue: str) -> None:
    """Create the sweeper's Schedule unless it is there."""
    sweep = ScheduleActionStartWorkflow(SWEEPER_WORKFLOW, id="sweeper", task_queue=task_queue)
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=SWEEPS_EVERY)])
    try:
        await client.create_schedule("sweeper", Schedule(action=sweep, spec=spec))
    except ScheduleAlreadyRunningError:
        return
