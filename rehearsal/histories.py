"""What the engine remembers of a workflow: all its runs, how long they are, and what they would cost."""

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

# What Temporal Cloud bills as an action, by the event it leaves (queries and retries leave none).
BILLED = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
        EventType.EVENT_TYPE_TIMER_STARTED,
        EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED,
        EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
        EventType.EVENT_TYPE_MARKER_RECORDED,
    }
)


async def runs_of(client: Client, workflow_id: str) -> list[WorkflowHistory]:
    """Return the histories of all runs of a workflow, oldest first."""
    histories: list[WorkflowHistory] = []
    run_id: str | None = None
    while run_id != "":
        history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        histories.insert(0, history)
        run_id = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return histories


def billed_actions(histories: list[WorkflowHistory]) -> int:
    """Return how many actions these runs would be billed for."""
    return sum(event.event_type in BILLED for history in histories for event in history.events)


def count_events(histories: list[WorkflowHistory]) -> int:
    """Return how many events these runs have together."""
    return sum(len(history.events) for history in histories)
