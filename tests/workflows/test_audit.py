"""PostgreSQL and Temporal drift apart, as after a restored backup: the audit notices, and mends what it can."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest

from benchmarks.starting import NOW, lead, publish_class, settings_of
from cli.main import main
from domain.forms import answer_for_workflow
from domain.mentorship.terms import initial_terms
from rehearsal.delivery import wait_for_delivery_to_cohort
from rehearsal.time_skipping import EARLIEST_TIME, WorkflowClocks
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.actor import Actor, ActorKind
from schemas.audit import AuditCall, AuditResult, DriftKind
from schemas.audit_event import AuditEvent
from schemas.cohort.messages import CohortOverview
from schemas.enums import ChangeKind, MilestoneKind, Phase, Side
from schemas.ids import AUDIT_WORKFLOW, cohort_workflow_id, mentorship_id, mentorship_workflow_id
from schemas.mentorship.changes import ExtendRequest, ResumeRequest, StaffDecision
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import MentorshipState, Progress
from services.drift_audit.auditor import DriftAuditor
from services.mentorship_starts import start_mentorship
from storage import audit as audit_log
from storage import mentorships, responses, staff_home
from storage.database import open_pool
from tests.waiting import until
from tests.workflows.conftest import KeepHistory
from workflows.support.schedules import ensure_schedules

PAIRS = 8
ids = [mentorship_id("adrift", number) for number in range(PAIRS + 3)]
RESPONSE = f"{ids[4]}/first_contact/mentor"
BEYOND_REPAIR = {DriftKind.CLOSINGS, DriftKind.INTERRUPTED, DriftKind.WITHOUT_ROW}
# The class's own day is always the same, and on that one it is not the turn of the mentorship with the closing.
SEEN_AT_A_GLANCE = BEYOND_REPAIR - {DriftKind.CLOSINGS}
# What is done to the rows of which mentorship.
DRIFTING = (
    (1, "update mentorship set phase = 'closure', concerns = '{silent}' where id = $1"),
    (2, "update mentorship set ends_on = ends_on + 1 where id = $1"),
    (2, "update milestone set closes_at = closes_at + interval '1 day' where mentorship_id = $1 and id = 'check_in-1'"),
    (2, "update milestone set dropped_at = closes_at where mentorship_id = $1 and id = 'check_in-2'"),
    (
        2,
        """
        insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at)
        select mentorship_id, 'invented', 'meeting', 9, asked, opens_on, closes_on, opens_at, closes_at
        from milestone where mentorship_id = $1 and id = 'check_in-3'
        """,
    ),
    (3, "update milestone set closed_at = opens_at where mentorship_id = $1 and id = 'first_contact'"),
    (
        9,
        """
        insert into mentorship (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at)
        select $1, cohort_id, 'M0001', 'P0002', score, starts_on, ends_on, updated_at
        from mentorship where mentee_id = 'P0001'
        """,
    ),
)
CohortAudit = Callable[..., Coroutine[None, None, AuditResult]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stack() -> AsyncIterator[LocalStack]:
    parts = frozenset({StackPart.MAIL, StackPart.WORKER})
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        async with LocalStack(StackOptions(folder=Path(made), ports=None, parts=parts, rehearsal=True)) as stack:
            yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pool(stack: LocalStack) -> AsyncIterator[asyncpg.Pool]:
    """A pool on the stack's own database, in which a class of eight pairs runs since this morning."""
    async with open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool:
        await publish_class(pool, settings_of("adrift"), PAIRS)
        await lead(stack, "adrift")
        engine = WorkflowClocks(stack.client)
        cohort = stack.client.get_workflow_handle(cohort_workflow_id("adrift"))

        async def started() -> bool:
            return (await engine.progress(cohort, CohortOverview, EARLIEST_TIME)).mentorships >= PAIRS

        await until(started)
        for id_ in ids[1 : PAIRS + 1]:
            await engine.progress(
                stack.client.get_workflow_handle(mentorship_workflow_id(id_)), Progress, EARLIEST_TIME
            )
        yield pool


@pytest_asyncio.fixture(loop_scope="session")
async def audited(stack: LocalStack, pool: asyncpg.Pool) -> CohortAudit:
    """Return what audits the class."""

    async def audit(*, repair: bool = False, everybody: bool = True) -> AuditResult:
        call = AuditCall(cohort_id="adrift", now=datetime.now(UTC), repair=repair, everybody=everybody)
        return await DriftAuditor(pool, stack.client, stack.settings).audit(call)

    return audit


async def test_a_class_that_is_in_step_has_no_drift(audited: CohortAudit) -> None:
    assert await audited() == AuditResult(cohort_id="adrift", mentorships=PAIRS, inspected=PAIRS)


async def test_what_looks_well_is_asked_once_in_seven_days(audited: CohortAudit) -> None:
    audit = await audited(everybody=False)
    assert audit.drifts == ()
    assert audit.inspected < PAIRS


async def test_drift_is_reported_then_mended_and_nothing_else_is_touched(
    stack: LocalStack, pool: asyncpg.Pool, audited: CohortAudit
) -> None:
    await _drift_apart(stack, pool)
    before, fine = await _rows(pool), stack.client.get_workflow_handle(mentorship_workflow_id(ids[8]))
    length = (await fine.describe()).history_length

    reported = await audited()
    assert _found(reported) == {
        (DriftKind.STAGE, "adrift"): ("matching", "running"),
        (DriftKind.PROGRESS, ids[1]): ("phase", "concerns"),
        (DriftKind.PLAN, ids[2]): ("check_in-1", "check_in-2", "invented", "ends_on"),
        (DriftKind.CLOSINGS, ids[3]): ("first_contact",),
        (DriftKind.RESPONSES, ids[4]): (RESPONSE,),
        (DriftKind.WITHOUT_WORKFLOW, ids[5]): (),
        (DriftKind.INTERRUPTED, ids[6]): (),
        (DriftKind.NOT_STARTED, ids[9]): (),
        (DriftKind.WITHOUT_ROW, ids[10]): (),
    }
    assert reported.left == reported.drifts
    assert await _rows(pool) == before

    repaired = await audited(repair=True)
    assert {drift.kind for drift in repaired.left} == BEYOND_REPAIR
    assert _found(repaired) == _found(reported)

    engine = WorkflowClocks(stack.client)
    told = stack.client.get_workflow_handle(mentorship_workflow_id(ids[4]))
    assert "mentor:first_contact" not in (await engine.progress(told, Progress, EARLIEST_TIME)).waiting_for
    late = stack.client.get_workflow_handle(mentorship_workflow_id(ids[9]))
    assert (await engine.progress(late, Progress, EARLIEST_TIME)).ends_on is not None
    begun_again = stack.client.get_workflow_handle(mentorship_workflow_id(ids[5]))
    assert (await engine.progress(begun_again, Progress, EARLIEST_TIME)).phase is Phase.PREPARING
    assert (await audited()).drifts == repaired.left
    assert (await fine.describe()).history_length == length
    assert [row for row in await _rows(pool) if ids[8] in row] == [row for row in before if ids[8] in row]


async def test_the_command_says_in_words_what_it_found(
    stack: LocalStack, pool: asyncpg.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["cohort", "audit", "adrift", "--repair", "--dry-run", "--folder", str(stack.folder)]
    with pytest.raises(SystemExit, match="0"):
        await asyncio.to_thread(main, command)
    said = capsys.readouterr().out
    assert f"{ids[6]} was ended from outside before its time - ask the operator" in said
    assert "repaired" not in said
    [row] = await pool.fetch("select actor, details from audit_event where action = 'audited'")
    assert row["actor"].startswith("staff:")
    assert json.loads(row["details"])["found"] == dict.fromkeys(SEEN_AT_A_GLANCE, 1)


async def test_the_nightly_audit_tells_staff_of_what_is_left(
    stack: LocalStack, pool: asyncpg.Pool, keep_history: KeepHistory
) -> None:
    await ensure_schedules(stack.client, stack.settings.task_queue)
    await stack.client.get_schedule_handle("drift-audit").trigger()
    query = f"WorkflowType = '{AUDIT_WORKFLOW}'"
    night, *_ = await until(lambda: _listed(stack, query))
    assert await stack.client.get_workflow_handle(night, result_type=int).result() == len(SEEN_AT_A_GLANCE)
    await keep_history(stack.client, night, "drift-audit")
    audits = await pool.fetch("select from audit_event where action = 'audited' and actor like 'service:%'")
    await wait_for_delivery_to_cohort(pool, "adrift")
    notes = await pool.fetch("select state from outbox where key like 'adrift/staff_note/drift-%'")
    assert (len(audits), [row["state"] for row in notes]) == (1, ["sent"])


async def test_decision_that_cannot_be_made_again_is_shown_to_staff_until_they_decide_about_it(
    pool: asyncpg.Pool, audited: CohortAudit
) -> None:
    async def decide(change: ResumeRequest | ExtendRequest) -> None:
        event = AuditEvent(
            happened_at=datetime.now(UTC),
            actor=Actor(kind=ActorKind.STAFF, name="amina"),
            action="decided",
            cohort_id="adrift",
            mentorship_id=ids[8],
            decision=StaffDecision(at=NOW, change=change),
        )
        await audit_log.save_event(pool, event)

    # It never paused, so it cannot go on.
    await decide(ResumeRequest(decision="a"))
    lost = [drift.id for drift in (await audited(repair=True)).left if drift.kind is DriftKind.DECISIONS]
    assert lost == [ids[8]]
    [shown] = await staff_home.lost_decisions(pool, ["adrift"])
    assert (shown.mentorship_id, shown.kind, shown.at) == (ids[8], ChangeKind.RESUME, NOW)
    await decide(ExtendRequest(months=1, decision="b"))
    assert await staff_home.lost_decisions(pool, ["adrift"]) == ()
    assert [one.change.decision for one in await audit_log.confirmed_decisions(pool, ids[8])] == ["b"]


async def _drift_apart(stack: LocalStack, pool: asyncpg.Pool) -> None:
    await pool.execute("update cohort set stage = 'matching'")
    for number, statement in DRIFTING:
        await pool.execute(statement, ids[number])
    await _answer_that_got_lost(pool)
    handles = {number: stack.client.get_workflow_handle(mentorship_workflow_id(ids[number])) for number in (5, 6, 10)}
    gone = WorkflowExecution(workflow_id=handles[5].id)
    await stack.client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(namespace=stack.client.namespace, workflow_execution=gone)
    )
    await handles[6].terminate()
    stray = MentorshipState(terms=initial_terms(settings_of("adrift"), ids[10]), clock_offset=NOW - datetime.now(UTC))
    await start_mentorship(stack.client, stray, stack.settings.task_queue)
    query = "WorkflowType = 'MentorshipWorkflow' and ExecutionStatus = 'Running'"

    async def apart() -> bool:
        return await _listed(stack, query) == {mentorship_workflow_id(ids[number]) for number in (1, 2, 3, 4, 7, 8, 10)}

    await until(apart)


async def _listed(stack: LocalStack, query: str) -> set[str]:
    return {run.id async for run in stack.client.list_workflows(query)}


async def _answer_that_got_lost(pool: asyncpg.Pool) -> None:
    """Keep a response that was saved a day ago, of which its workflow never heard."""
    received_at, kind = NOW - timedelta(hours=1), MilestoneKind.FIRST_CONTACT
    response = NewResponse(
        link=Link(mentorship_id=ids[4], milestone=kind, side=Side.MENTOR),
        form=kind,
        answers={},
        received_at=received_at,
    )
    answer = answer_for_workflow(kind, {}, milestone=kind, side=Side.MENTOR, revision=1, received_at=received_at)
    saved = await responses.save_response(pool, response, answer)
    await responses.set_signaled(pool, saved, datetime.now(UTC) - timedelta(days=1))


async def _rows(pool: asyncpg.Pool) -> list[tuple[object, ...]]:
    rows = [*await mentorships.mentorships(pool, "adrift"), *await mentorships.milestones(pool, "adrift")]
    return [tuple(row.values()) for row in rows]


def _found(audit: AuditResult) -> dict[tuple[DriftKind, str], tuple[str, ...]]:
    return {(drift.kind, drift.id): drift.what for drift in audit.drifts}
