"""The steps of bare workflows are those of the recorded ones: every wake, activity and upsert, and all of the time."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from benchmarks.bare_engine import steps_of
from rehearsal.histories import load_histories

HISTORIES = Path(__file__).parents[1] / "replay" / "histories" / "0.2.0"
# What a step's shortest wait adds, where two things woke a workflow at once.
ROUNDED_SECONDS = 1


@pytest.fixture(scope="module", params=["mentorship-mile-2019-002", "cohort-mile-2019"])
def run(request: pytest.FixtureRequest) -> WorkflowHistory:
    return load_histories(HISTORIES / f"{request.param}.jsonl.gz")[0]


def count(run: WorkflowHistory, *names: str) -> int:
    return sum(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") in names for event in run.events)


def test_steps_are_all_that_the_run_did(run: WorkflowHistory) -> None:
    first, *woken = steps_of(run)
    signaled = [step for step in woken if step.signaled]
    assert not first.signaled
    assert len(signaled) == count(run, "WORKFLOW_EXECUTION_SIGNALED", "WORKFLOW_EXECUTION_UPDATE_ACCEPTED") > 0
    assert len(woken) - len(signaled) == count(run, "TIMER_FIRED") > 0
    assert sum(step.activities for step in (first, *woken)) == count(run, "ACTIVITY_TASK_SCHEDULED")
    assert sum(step.local_activities for step in (first, *woken)) == count(run, "MARKER_RECORDED") > 0
    assert sum(step.upserts for step in (first, *woken)) == count(run, "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES") > 0


def test_steps_take_as_long_as_the_run(run: WorkflowHistory) -> None:
    first, last = (run.events[place].event_time.ToDatetime() for place in (0, -1))
    steps = steps_of(run)
    taken = timedelta(seconds=sum(step.seconds for step in steps))
    assert last - first - taken < timedelta(days=1)
    assert taken <= last - first + timedelta(seconds=ROUNDED_SECONDS)
