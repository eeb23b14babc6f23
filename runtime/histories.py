"""What Temporal keeps of a workflow: all its runs, their events, and the billed actions."""

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

# What Temporal Cloud bills as an action, by the event it leaves (queries and retries leave none).
BILLED_EVENTS = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    }
)

# How a rehearsal moves a workflow's clock; a mentorship in production has none of these.
CLOCK_EVENTS = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
    }
)


async def fetch_runs(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """Return the histories of all runs of a workflow, oldest first."""
    histories: list[WorkflowHistory] = []
    # From the newest run back: each names the run it continued, and the first names none.
    run_id: str | None = None
    while run_id != "":
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        histories.insert(0, history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return histories


def billed_actions(histories: list[WorkflowHistory]) -> int:
    """Return how many actions these runs would be billed for."""
    events = [event for history in histories for event in history.events]
    # All local activities of one workflow task are one action.
    tasks = {
        (number, event.marker_recorded_event_attributes.workflow_task_completed_event_id)
        for number, history in enumerate(histories)
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    }
    return sum(event.event_type in BILLED_EVENTS for event in events) + len(tasks)


def count_events(histories: list[WorkflowHistory]) -> int:
    """Return how many events these runs have together, without those by which a rehearsal moved their clocks."""
    return sum(event.event_type not in CLOCK_EVENTS for history in histories for event in history.events)
