"""An upgrade under a running mentorship: a run stays on the version it began on, the next is on the new one."""

import tempfile
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from temporalio.client import Client, WorkflowHandle

from benchmarks.starting import lead, publish_class, settings_of
from rehearsal.time_skipping import EARLIEST_TIME, WorkflowClocks
from runtime.deployments import find_deployment, set_current
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.actor import Actor, ActorKind
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import KickoffSettings
from schemas.errors import MileError, Refusal
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.state import MentorshipState, Progress
from schemas.releases import RunCounts, VersionState
from services import releases
from services.context import ServiceContext
from services.release_check import check_release
from storage.database import open_pool
from tests.versioned_workers import DEPLOYMENT, build_of, worker_of_build
from workflows.replay import replay_runs

OPERATOR = Actor(kind=ActorKind.STAFF, name="operator")
ONE = RunCounts(mentorships=1)
WAITS_FOR_STAFF = settings_of("later").model_copy(update={"kickoff": KickoffSettings(confirm_attendance=True)})
Handle = WorkflowHandle[object, object]
Start = Callable[[Client, asyncpg.Pool, CohortFolder, str], Coroutine[Any, Any, Handle]]


def _unheard(_moved: int, _of: int) -> None:
    """Report nothing."""


async def _states(context: ServiceContext) -> dict[str, tuple[VersionState, RunCounts, bool]]:
    status = await releases.release_status(context, DEPLOYMENT)
    return {one.build: (one.state, one.runs, one.can_stop) for one in status.versions}


async def _builds_of_class_and_mentorship(
    stack: LocalStack, pool: asyncpg.Pool, *, now_current: str
) -> tuple[str, str]:
    """Start a class whose mentorship starts once another build is current; return on which builds both are."""
    engine = WorkflowClocks(stack.client)
    await publish_class(pool, WAITS_FOR_STAFF, 1)
    await lead(stack, WAITS_FOR_STAFF.id)
    leader = stack.client.get_workflow_handle(cohort_workflow_id(WAITS_FOR_STAFF.id))
    await engine.progress(leader, CohortOverview, EARLIEST_TIME)
    found = await find_deployment(stack.client, DEPLOYMENT)
    assert found is not None
    await set_current(stack.client, found, now_current, "by hand")
    assert await leader.execute_update("start", result_type=int) == 1
    mentorship = stack.client.get_workflow_handle(mentorship_workflow_id(f"{WAITS_FOR_STAFF.id}-001"))
    await engine.progress(mentorship, Progress, EARLIEST_TIME)
    return await build_of(leader), await build_of(mentorship)


async def test_a_release_moves_a_mentorship_to_the_new_version_and_back(mile_2019: CohortFolder, start: Start) -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset({StackPart.MAIL}), rehearsal=True)
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value()) as pool,
            worker_of_build(stack, "1"),
        ):
            context = ServiceContext(stack.settings, pool, stack.client)
            engine = WorkflowClocks(stack.client)
            with pytest.raises(Refusal, match="runs without versions"):
                await releases.rollback(context, OPERATOR, "other", None, report=_unheard)
            await releases.start(context, OPERATOR, DEPLOYMENT, "1")
            handle = await start(stack.client, pool, mile_2019, stack.settings.task_queue)
            where = await engine.progress(handle, Progress, EARLIEST_TIME)
            assert await build_of(handle) == "1"
            with pytest.raises(Refusal, match="no other build was ever current"):
                await releases.rollback(context, OPERATOR, DEPLOYMENT, None, report=_unheard)
            with pytest.raises(MileError, match="No worker of build 2 polls"):
                await releases.start(context, OPERATOR, DEPLOYMENT, "2", within=timedelta(0))
            async with worker_of_build(stack, "2"):
                await releases.start(context, OPERATOR, DEPLOYMENT, "2")
                checked = await check_release(context, DEPLOYMENT, replay_runs, build="2")
                assert (checked.ok, checked.versioned, checked.compared, checked.changes) == (True, True, 1, ())
                await releases.ramp(context, OPERATOR, DEPLOYMENT, "2", 25)
                assert await _states(context) == {
                    "2": (VersionState.RAMPING, RunCounts(), False),
                    "1": (VersionState.CURRENT, ONE, False),
                }
                assert where.next_due_at is not None
                await engine.advance_to(handle, where.next_due_at, where.clock_offset, due=True)
                before = await engine.progress(handle, Progress, where.next_due_at)
                assert await build_of(handle) == "1"
                found = await find_deployment(stack.client, DEPLOYMENT)
                assert found is not None
                await set_current(stack.client, found, "2", "by hand")
                with pytest.raises(Refusal, match="1 mentorship and 0 cohorts still run on build 1, and no other"):
                    await releases.retire(context, DEPLOYMENT, "1")
                assert (await _states(context))["1"] == (VersionState.DRAINING, ONE, False)
                promised = await releases.preview_promote(context, DEPLOYMENT, "2")
                assert promised.preview is not None
                assert "1 mentorship and 0 cohorts would continue as new now" in promised.preview.changes[0]
                assert (await releases.promote(context, OPERATOR, DEPLOYMENT, "2", report=_unheard)).moved == 1
                after = await engine.progress(handle, Progress, EARLIEST_TIME)
                assert await build_of(handle) == "2"
                assert after.next_due_at == before.next_due_at
                assert after.now - before.now < timedelta(minutes=5)
                assert (await releases.retire(context, DEPLOYMENT, "1")).build == "1"
                with pytest.raises(Refusal, match="new workflows go to it"):
                    await releases.retire(context, DEPLOYMENT, "2")
                assert (await releases.rollback(context, OPERATOR, DEPLOYMENT, None, report=_unheard)).build == "1"
                assert await _states(context) == {
                    "2": (VersionState.DRAINED, RunCounts(), True),
                    "1": (VersionState.CURRENT, ONE, False),
                }
                assert await _builds_of_class_and_mentorship(stack, pool, now_current="2") == ("1", "2")
            state = await handle.query("state", result_type=MentorshipState)
            assert (state.run_count, state.plan_requested) == (3, False)
            actions = await pool.fetch("select action from audit_event where actor = 'staff:operator' order by id")
            assert [row["action"] for row in actions] == ["release_ramped", "release_promoted", "release_rolled_back"]
