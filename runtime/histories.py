"""What Temporal keeps of a workflow: all its runs, their events, and the billed actions."""

from collections import Counter

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHistory

# What Temporal Cloud bills as an action, by the event it leaves. Queries and retries are billed, too, and not counted:
# the former leave nothing, the latter a number in the event of the last attempt.
BILLED_EVENTS = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "runs",
    EventType.EVENT_TYPE_TIMER_STARTED: "timers",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activities",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signals",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "updates",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "search attributes",
}
# All local activities of one workflow task are one action.
SHORT_WRITES = "short writes"

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


def billed_actions_by_kind(histories: list[WorkflowHistory]) -> dict[str, int]:
    """Return how many actions of each kind these runs would be billed for, the most first."""
    kinds = Counter(
        BILLED_EVENTS[event.event_type]
        for history in histories
        for event in history.events
        if event.event_type in BILLED_EVENTS
    )
    tasks = {
        (number, event.marker_recorded_event_attributes.workflow_task_completed_event_id)
        for number, history in enumerate(histories)
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED
    }
    kinds[SHORT_WRITES] = len(tasks)
    return dict(kinds.most_common())


def billed_actions(histories: list[WorkflowHistory]) -> int:
    """Return how many actions these runs would be billed for."""
    return sum(billed_actions_by_kind(histories).values())


def count_events(histories: list[WorkflowHistory]) -> int:
    """Return how many events these runs have together, without those by which a rehearsal moved their clocks."""
    return sum(event.event_type not in CLOCK_EVENTS for history in histories for event in history.events)
