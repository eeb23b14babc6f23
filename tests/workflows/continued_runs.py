"""Cohorts driven by hand through the runs of their workflow: begun, upgraded, asked, and read from their histories."""

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import CohortSettings, ProposalSettings
from schemas.cohort.state import CohortState
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary
from schemas.personas import Persona, PersonaScript
from storage import cohorts, outbox
from tests.waiting import until
from tests.workflows.conftest import StepCounter

PEOPLE = 2
# Questions before applying are numbered over all cohorts of a server.
INQUIRY = re.compile(r"/inquiry/\d+/")
Handle = WorkflowHandle[Any, Any]


def one_pair_for_three_months(mile_2019: CohortFolder) -> CohortFolder:
    """A pair that is matched anew after a decline, and that pauses, so that the report waits for it."""
    timeline = mile_2019.settings.timeline.model_copy(update={"months": 3, "follow_up_after_months": (1,)})
    pause = PersonaScript(persona=Persona.PAUSES, starts_on=date(2019, 7, 8), ends_on=date(2019, 8, 20))
    return mile_2019.model_copy(
        update={
            "settings": mile_2019.settings.model_copy(update={"id": "many-runs", "timeline": timeline}),
            "mentees": mile_2019.mentees[1:2],
            "personas": {"M14": PersonaScript(persona=Persona.DECLINES), "P02": pause},
        }
    )


async def simulated_emails(environment: Environment, folder: CohortFolder) -> list[tuple[str, str, str, str]]:
    """Simulate a cohort to its end; return its emails: their keys, when they were due, to whom, what became of them."""
    await CohortSimulation(environment, folder, seed=5, observer=StepCounter()).run()
    rows = await outbox.emails_of_cohort(environment.pool, folder.settings.id)
    keys = [INQUIRY.sub("/inquiry/", row["key"]) for row in rows]
    facts = [(f"{row['due_at']:%Y-%m-%d %H:%M}", row["recipient"], row["state"]) for row in rows]
    return sorted((key, *each) for key, each in zip(keys, facts, strict=True))


def of(mile_2019: CohortFolder, cohort: str, *, in_days: int, contact: str | None = None) -> CohortSettings:
    """The settings of a cohort that asks both sides, and whose kickoff is in so many days of real time."""
    old = mile_2019.settings
    day = datetime.now(UTC).date() + timedelta(days=in_days)
    changes: dict[str, object] = {
        "id": cohort,
        "institute": old.institute.model_copy(update={"first_day": day, "last_day": day}),
        "contact": old.contact.model_copy(update={"email": contact or old.contact.email}),
    }
    return old.model_copy(update=changes | {"applications": None, "proposals": ProposalSettings(), "session": None})


async def begun(environment: Environment, cohort: str, queue: str | None = None) -> Handle:
    return await environment.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=cohort),
        id=cohort_workflow_id(cohort),
        task_queue=queue or environment.settings.task_queue,
    )


async def drafted(
    environment: Environment, mile_2019: CohortFolder, cohort: str, *, in_days: int, contact: str | None = None
) -> tuple[Handle, list[int]]:
    """Begin a cohort with two drafts of its pairs."""
    settings = of(mile_2019, cohort, in_days=in_days, contact=contact)
    people = mile_2019.mentors, mile_2019.mentees[:PEOPLE]
    await cohorts.save_cohort(environment.pool, settings, *people, datetime.now(UTC))
    handle = await begun(environment, cohort)
    first = await handle.execute_update("match", MatchRequest(), result_type=MatchRunSummary)
    pair = (await cohorts.match_run(environment.pool, cohort, first.run)).pairs[0]
    wish = MatchRequest(forbid=((pair.mentor, pair.mentee),))
    other = await handle.execute_update("match", wish, result_type=MatchRunSummary)
    return handle, [first.run, other.run]


async def overview(handle: Handle) -> CohortOverview:
    where: CohortOverview = await handle.query("progress", result_type=CohortOverview)
    return where


async def seen(handle: Handle, condition: Callable[[CohortOverview], bool]) -> bool:
    return condition(await overview(handle))


async def upgraded(handle: Handle) -> None:
    """Have a cohort go on in a fresh run."""
    before = (await handle.describe()).run_id
    await handle.signal("upgrade_requested")

    async def is_another() -> bool:
        return (await handle.describe()).run_id != before

    await until(is_another)


async def passed(environment: Environment, handle: Handle, span: timedelta) -> None:
    skipper = TimeSkipper(environment.client, config=TimeSkippingConfig(max_session_skip_count=1000))
    await skipper.fast_forward(handle, span)


def begun_with(run: WorkflowHistory) -> CohortState:
    """Return the state a run began with."""
    payloads = run.events[0].workflow_execution_started_event_attributes.input.payloads
    (state,) = pydantic_data_converter.payload_converter.from_payloads(payloads, [CohortState])
    assert isinstance(state, CohortState)
    return state


def steps(*runs: WorkflowHistory) -> Counter[str]:
    """Return how often what was done in all runs together, by the summaries of the activities."""
    summaries = (
        json.loads(event.user_metadata.summary.data)
        for run in runs
        for event in run.events
        if event.event_type in {EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EventType.EVENT_TYPE_MARKER_RECORDED}
    )
    return Counter(summaries)


def signals(run: WorkflowHistory, name: str) -> list[HistoryEvent]:
    return [one for one in run.events if one.workflow_execution_signaled_event_attributes.signal_name == name]


def updates(run: WorkflowHistory, name: str) -> list[HistoryEvent]:
    return [
        one
        for one in run.events
        if one.workflow_execution_update_accepted_event_attributes.accepted_request.input.name == name
    ]


def limits(run: WorkflowHistory, activity: str) -> set[timedelta]:
    """Return how long an activity might take in a run with all its retries; 0 is for ever."""
    scheduled = (event.activity_task_scheduled_event_attributes for event in run.events)
    return {one.schedule_to_close_timeout.ToTimedelta() for one in scheduled if one.activity_type.name == activity}
