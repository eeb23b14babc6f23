"""The Schedules of the service, created once and left alone after."""

from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleRange,
    ScheduleSpec,
)

from schemas.ids import (
    AUDIT_SCHEDULE,
    AUDIT_WORKFLOW,
    CALENDARS_SCHEDULE,
    CALENDARS_WORKFLOW,
    SWEEPER_SCHEDULE,
    SWEEPER_WORKFLOW,
)

SWEEPS = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(minutes=1))])
# By night where the program is at home, hours before the morning's emails.
AUDITS = ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(3)])], time_zone_name="America/Chicago")
# Soon enough for somebody who has just entered the address of their calendar and looks whether it works.
READS_CALENDARS = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(minutes=5))])
SCHEDULES = {
    SWEEPER_SCHEDULE: (SWEEPER_WORKFLOW, SWEEPS),
    CALENDARS_SCHEDULE: (CALENDARS_WORKFLOW, READS_CALENDARS),
    AUDIT_SCHEDULE: (AUDIT_WORKFLOW, AUDITS),
}


async def ensure_schedules(client: Client, task_queue: str, *, rehearsed: bool = False) -> None:
    """Create the Schedules that do not exist yet; a rehearsal, which plays years in a minute, needs the first only."""
    for id_, (workflow, spec) in SCHEDULES.items():
        if rehearsed and workflow != SWEEPER_WORKFLOW:
            continue
        action = ScheduleActionStartWorkflow(workflow, id=id_, task_queue=task_queue)
        try:
            await client.create_schedule(id_, Schedule(action=action, spec=spec))
        except ScheduleAlreadyRunningError:
            continue
