"""The audit event of a step that a workflow carries out: there before it, completed after it, gone if it is refused."""

import asyncpg
import pytest
from temporalio.client import WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.exceptions import ApplicationError

from schemas.audit_event import AuditEvent, AuditFilter
from schemas.errors import MileError, Refusal
from schemas.matching.messages import MatchRequest, MatchRunSummary
from services.context import ServiceContext
from services.matching import match_cohort
from storage import audit
from tests.services.conftest import ACTOR, FakeTemporal

SUMMARY = MatchRunSummary(run=4, pairs=3, unplaced=0, worst=7000, total=21000, valid=True)


async def events(pool: asyncpg.Pool, cohort: str) -> list[AuditEvent]:
    return list(await audit.events(pool, AuditFilter(cohort_id=cohort)))


async def test_event_is_there_while_the_step_is_carried_out_and_completed_with_its_results(
    context: ServiceContext, pool: asyncpg.Pool, cohort: str
) -> None:
    async with context.audited(ACTOR, "resent", cohort, "mile-2019-001", side="mentor", note="lost") as results:
        [requested] = await events(pool, cohort)
        results["emails"] = 2
    assert (requested.actor, requested.action, requested.mentorship_id) == (ACTOR, "resent", "mile-2019-001")
    assert (requested.details, requested.completed) == ({"side": "mentor", "note": "lost"}, False)
    [completed] = await events(pool, cohort)
    assert completed == requested.model_copy(update={"completed": True, "details": requested.details | {"emails": 2}})


async def test_step_that_was_refused_leaves_no_event(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    temporal.results["match"] = WorkflowUpdateFailedError(ApplicationError("The pairs stand."))
    with pytest.raises(Refusal, match="The pairs stand"):
        await match_cohort(context, ACTOR, cohort, MatchRequest())
    assert await events(pool, cohort) == []


async def test_step_whose_end_nobody_saw_stays_in_the_log_and_is_not_completed(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, cohort: str
) -> None:
    temporal.results["match"] = WorkflowUpdateRPCTimeoutOrCancelledError()
    with pytest.raises(MileError, match="Look whether it was done"):
        await match_cohort(context, ACTOR, cohort, MatchRequest())
    temporal.results["match"] = SUMMARY
    await match_cohort(context, ACTOR, cohort, MatchRequest())
    assert [(event.action, event.completed) for event in await events(pool, cohort)] == [
        ("matched", False),
        ("matched", True),
    ]


async def test_completed_event_is_never_removed(context: ServiceContext, pool: asyncpg.Pool, cohort: str) -> None:
    await context.audit(ACTOR, "published", cohort, run=1)
    number = await pool.fetchval("select id from audit_event")
    await audit.remove_event(pool, number)
    assert len(await events(pool, cohort)) == 1
