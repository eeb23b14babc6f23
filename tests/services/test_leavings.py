"""A mentorship that somebody left a week ago: what cannot be ended now is not forgotten."""

import asyncio
from datetime import date, timedelta

import pytest
from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from schemas.enums import EndingReason, Side
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.my_mentorship import Leaving
from schemas.mentorship.what_if import WhatIf
from services import leavings as steps
from services.context import ServiceContext
from services.leavings import end_due
from storage import leavings, mentorships
from tests.services.conftest import COHORT, FakeTemporal
from tests.services.stored_class import matches

EFFECT = WhatIf(ends_on_before=date(2030, 11, 10), ends_on=date(2029, 5, 20))
REFUSALS = {
    "Temporal has lost the workflow": ("what_if", RPCError("there is none", RPCStatusCode.NOT_FOUND, b"")),
    "the query failed": ("what_if", WorkflowQueryFailedError("KeyError: 7")),
    "the workflow declined": ("end", WorkflowUpdateFailedError(ApplicationError("Not now."))),
}


@pytest.fixture
async def leaving(context: ServiceContext, temporal: FakeTemporal, cohort: str) -> Leaving:
    """That a mentee asked to leave eight days ago."""
    days = {"starts_on": date(2029, 5, 10), "ends_on": date(2030, 11, 10)}
    now = context.now(COHORT)
    [mentorship] = await mentorships.save_pairs(context.pool, cohort, matches("M01"), **days, now=now)
    asked = now - timedelta(days=8)
    given = Leaving(
        mentorship_id=mentorship,
        side=Side.MENTEE,
        asked_at=asked,
        reason=EndingReason.TIME,
        ends_at=steps.leaves_at(asked),
    )
    await leavings.save_leaving(context.pool, given)
    temporal.answers["what_if"] = EFFECT
    return given


async def ended_after_all(context: ServiceContext, temporal: FakeTemporal, leaving: Leaving) -> bool:
    """Tell whether the next sweep asks the workflow to end, which it did not hear before."""
    temporal.messages.clear()
    return (
        await end_due(context) == 1
        and temporal.messages == [(mentorship_workflow_id(leaving.mentorship_id), "end")]
        and await leavings.open_leavings(context.pool) == ()
    )


@pytest.mark.parametrize("refusal", REFUSALS)
async def test_a_refusal_leaves_it_for_the_next_sweep(
    context: ServiceContext, temporal: FakeTemporal, leaving: Leaving, refusal: str
) -> None:
    asked, error = REFUSALS[refusal]
    where = temporal.answers if asked == "what_if" else temporal.results
    before = where.get(asked)
    where[asked] = error
    assert await end_due(context) == 0
    assert await leavings.open_leavings(context.pool) == (leaving,)
    where[asked] = before
    assert await ended_after_all(context, temporal, leaving)


async def test_an_end_that_never_returns_is_given_up_until_the_next_sweep(
    context: ServiceContext, temporal: FakeTemporal, leaving: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "ENDS_WITHIN", timedelta(milliseconds=50))
    temporal.results["end"] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(10):
        assert await end_due(context) == 0
    assert await leavings.open_leavings(context.pool) == (leaving,)
    del temporal.results["end"]
    monkeypatch.undo()
    assert await ended_after_all(context, temporal, leaving)


async def test_a_refusal_of_what_has_ended_is_no_more_to_do(
    context: ServiceContext, temporal: FakeTemporal, leaving: Leaving
) -> None:
    temporal.results["end"] = WorkflowUpdateFailedError(ApplicationError("It is over."))
    ended = "update mentorship set outcome = 'ended_early', ended_at = now() where id = $1"
    await context.pool.execute(ended, leaving.mentorship_id)
    assert await end_due(context) == 0
    assert await leavings.open_leavings(context.pool) == ()
