"""Staff's hand in matching: drafts, pins, bans, the fewest changes, and a publication that keeps the rules."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError, RPCStatusCode

from domain.matching.run_differences import mentor_changes
from rehearsal.environment import Environment
from schemas.cohort.folder import CohortFolder
from schemas.cohort.state import CohortState
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary
from storage import cohorts
from tests.workflows.continued_runs import limits

COHORT = "staff-matching"
Handle = WorkflowHandle[Any, Any]


@pytest_asyncio.fixture(scope="module")
async def cohort(environment: Environment, mile_2019: CohortFolder) -> AsyncIterator[Handle]:
    settings = mile_2019.settings.model_copy(update={"id": COHORT})
    await cohorts.save_cohort(environment.pool, settings, mile_2019.mentors, mile_2019.mentees, datetime.now(UTC))
    handle: Handle = await environment.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=COHORT),
        id=cohort_workflow_id(COHORT),
        task_queue=environment.settings.task_queue,
    )
    yield handle
    # With every day of 2019 past, it may have run to its end once its matches are published.
    try:
        await handle.terminate()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def _match(handle: Handle, **wishes: Any) -> MatchRunSummary:
    summary: MatchRunSummary = await handle.execute_update("match", MatchRequest(**wishes), result_type=MatchRunSummary)
    return summary


def _innermost(error: BaseException) -> str:
    while error.__cause__:
        error = error.__cause__
    return str(error)


async def test_drafts_follow_staffs_wishes_and_the_same_wishes_are_the_same_draft(
    cohort: Handle, environment: Environment
) -> None:
    pool = environment.pool
    first = await _match(cohort)
    assert (await _match(cohort)).run == first.run
    drawn_up = await cohorts.match_run(pool, COHORT, first.run)
    pair = drawn_up.pairs[0]
    other = next(mentor for mentor in ("M05", "M06") if mentor != pair.mentor)
    pinned = await _match(cohort, pins=[(other, pair.mentee)])
    banned = await _match(cohort, forbid=[(pair.mentor, pair.mentee)], close_to=first.run)
    assert len({first.run, pinned.run, banned.run}) == 3
    with_pin = await cohorts.match_run(pool, COHORT, pinned.run)
    assert (other, pair.mentee) in {(one.mentor, one.mentee) for one in with_pin.pairs}
    without = await cohorts.match_run(pool, COHORT, banned.run)
    assert (pair.mentor, pair.mentee) not in {(one.mentor, one.mentee) for one in without.pairs}
    changed = mentor_changes(drawn_up, without)
    assert 1 <= len(changed) <= 3


async def test_a_wish_that_cannot_be_is_refused_with_the_reason(cohort: Handle) -> None:
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await _match(cohort, pins=[("M99", "P01")])
    assert "names a mentor who is not there: M99" in _innermost(refused.value)


async def test_a_draft_that_breaks_a_rule_by_now_is_published_only_when_staff_waive_it(
    cohort: Handle, environment: Environment, mile_2019: CohortFolder
) -> None:
    pool = environment.pool
    run = (await _match(cohort)).run
    pair = (await cohorts.match_run(pool, COHORT, run)).pairs[0]
    objecting = [
        one.model_copy(update={"vetoes": (pair.mentor,)}) if one.id == pair.mentee else one for one in mile_2019.mentees
    ]
    settings = await cohorts.cohort_settings(pool, COHORT)
    await cohorts.save_cohort(pool, settings, mile_2019.mentors, objecting, datetime.now(UTC))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await cohort.execute_update("publish", args=[run, False], result_type=int)
    assert f"{pair.mentor} with {pair.mentee}: one of them asked not to be matched with the other" in _innermost(
        refused.value
    )
    pairs = await cohort.execute_update("publish", args=[run, True], result_type=int)
    assert pairs == 13
    with pytest.raises(WorkflowUpdateFailedError) as again:
        await _match(cohort)
    assert "is published" in _innermost(again.value)


async def test_matching_that_always_fails_holds_up_the_cohort_for_an_hour_at_most(cohort: Handle) -> None:
    history = await cohort.fetch_history()
    assert limits(history, "match_cohort") == limits(history, "publish_matches") == {timedelta(hours=1)}
