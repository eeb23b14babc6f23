"""Staff's steps that cross each other or come late: one of two publications counts, and nobody is left uninvited."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowUpdateFailedError, WorkflowUpdateStage

from domain.calendar import morning
from rehearsal.environment import Environment
from runtime.local_stack.mail_sink import FULL_MAILBOXES
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import HalfDaySession, ProposalSettings
from schemas.cohort.state import CohortState
from schemas.enums import EmailKind
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary
from storage import cohorts, outbox
from storage.proposals import published_run
from tests.waiting import until
from tests.workflows.expected_emails import LAST

COHORT = "crossing-steps"
PEOPLE = 3
Handle = WorkflowHandle[Any, Any]


@pytest_asyncio.fixture
async def late(environment: Environment, mile_2019: CohortFolder) -> AsyncIterator[Handle]:
    """A cohort that asks nobody about matches, 20 days before its kickoff: its invitations were due 28 days before."""
    settings = mile_2019.settings.model_copy(
        update={"id": COHORT, "applications": None, "proposals": None, "session": HalfDaySession(half_days=(LAST,))}
    )
    starts_at = morning(settings.kickoff_day - timedelta(days=20), settings.time_zone)
    await cohorts.save_cohort(environment.pool, settings, mile_2019.mentors, mile_2019.mentees[:PEOPLE], starts_at)
    handle: Handle = await environment.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=COHORT, clock_offset=starts_at - datetime.now(UTC)),
        id=cohort_workflow_id(COHORT),
        task_queue=environment.settings.task_queue,
    )
    yield handle
    await handle.terminate()


async def test_one_of_two_publications_counts_and_a20_its_pairs_are_invited_although_the_day_for_it_is_past(
    late: Handle, environment: Environment
) -> None:
    first = await late.execute_update("match", MatchRequest(), result_type=MatchRunSummary)
    pair = (await cohorts.match_run(environment.pool, COHORT, first.run)).pairs[0]
    wish = MatchRequest(forbid=((pair.mentor, pair.mentee),))
    other = await late.execute_update("match", wish, result_type=MatchRunSummary)
    async with environment.pool.acquire() as db, db.transaction():
        await db.execute("select from match_run where cohort_id = $1 for update", COHORT)
        both = [
            await late.start_update(
                "publish", args=[run, False], wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=int
            )
            for run in (first.run, other.run)
        ]
    assert await both[0].result() == PEOPLE
    with pytest.raises(WorkflowUpdateFailedError, match="update failed") as refused:
        await both[1].result()
    assert f"Match run {first.run} is published; the pairs stand." in str(refused.value.cause)
    assert await published_run(environment.pool, COHORT) == first.run
    assert (await late.query("progress", result_type=CohortOverview)).published_run == first.run

    async def everybody_is_invited() -> bool:
        rows = await outbox.emails_of_cohort(environment.pool, COHORT)
        # They are late: at night and on weekends they wait for office hours.
        invited = Counter(row["kind"] for row in rows if row["state"] in {"queued", "sent"})
        return invited[EmailKind.KICKOFF] == 2 * PEOPLE

    await until(everybody_is_invited)


async def test_a_refused_activity_does_not_end_a_cohort(environment: Environment) -> None:
    handle: Handle = await environment.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id="not-kept-yet"),
        id=cohort_workflow_id("not-kept-yet"),
        task_queue=environment.settings.task_queue,
    )

    async def waits_or_is_over() -> bool:
        kinds = [event.event_type async for event in handle.fetch_history_events()]
        over = (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING
        return over or kinds.count(EventType.EVENT_TYPE_TIMER_STARTED) == 1

    await until(waits_or_is_over)
    kinds = [event.event_type async for event in handle.fetch_history_events()]
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED in kinds
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await handle.terminate()


async def test_full_mailbox_of_staff_holds_up_no_cohort(environment: Environment, mile_2019: CohortFolder) -> None:
    cohort = "staffs-mailbox-full"
    contact = mile_2019.settings.contact.model_copy(update={"email": f"full{FULL_MAILBOXES}"})
    changes = {"id": cohort, "contact": contact, "applications": None, "proposals": ProposalSettings(), "session": None}
    settings = mile_2019.settings.model_copy(update=changes)
    now = datetime.now(UTC)
    await cohorts.save_cohort(environment.pool, settings, mile_2019.mentors, mile_2019.mentees[:PEOPLE], now)
    handle: Handle = await environment.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=cohort),
        id=cohort_workflow_id(cohort),
        task_queue=environment.settings.task_queue,
    )
    drawn_up = await handle.execute_update("match", MatchRequest(), result_type=MatchRunSummary)
    await handle.execute_update("publish", args=[drawn_up.run, False], result_type=int)
    assert await handle.result() == 0, "its kickoff is past, and nobody committed"
    rows = await outbox.emails_of_cohort(environment.pool, cohort)
    # The digest of the last week waits for office hours where it is late.
    notes = [row for row in rows if row["kind"] != EmailKind.STAFF_DIGEST]
    assert {(row["kind"], row["recipient"]) for row in notes} == {(EmailKind.STAFF_NOTE, "staff")}
    assert {row["state"] for row in rows} <= {"queued", "sending"}
