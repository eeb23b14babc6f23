"""An upgrade under a running mentorship: a run stays on the version it began on, the next is on the new one."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from temporalio.api.deployment.v1 import WorkerDeploymentVersion
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentVersionRequest,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from rehearsal.time_skipping import EARLIEST_TIME, WorkflowClocks
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.cohort.folder import CohortFolder
from schemas.mentorship.state import Progress
from storage.database import open_pool

ROOT = Path(__file__).parents[2]
DEPLOYMENT = "mile"
Handle = WorkflowHandle[object, object]
Start = Callable[[Client, asyncpg.Pool, CohortFolder, str], Coroutine[Any, Any, Handle]]


@asynccontextmanager
async def worker_of_build(stack: LocalStack, build: str) -> AsyncIterator[None]:
    environment = {
        **stack.environment(),
        "TEMPORAL_DEPLOYMENT_NAME": DEPLOYMENT,
        "TEMPORAL_WORKER_BUILD_ID": build,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "worker.py"), env=environment, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def make_current(client: Client, build: str) -> None:
    """Route new runs to a build, as soon as its worker has been seen."""
    version = WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=build)
    describe = DescribeWorkerDeploymentVersionRequest(namespace=client.namespace, deployment_version=version)
    current = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build, identity="test"
    )
    async with asyncio.timeout(60):
        while True:
            try:
                await client.workflow_service.describe_worker_deployment_version(describe)
                # Refused as long as a queue of the version before has no worker of this one.
                await client.workflow_service.set_worker_deployment_current_version(current)
            except RPCError:
                await asyncio.sleep(0.1)
            else:
                break


async def build_of(handle: Handle) -> str:
    described = (await handle.describe()).raw_description
    return described.workflow_execution_info.versioning_info.deployment_version.build_id


async def test_an_upgraded_mentorship_moves_to_the_new_version(mile_2019: CohortFolder, start: Start) -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset({StackPart.MAIL}), rehearsal=True)
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value()) as pool,
            worker_of_build(stack, "1"),
        ):
            engine = WorkflowClocks(stack.client)
            await make_current(stack.client, "1")
            handle = await start(stack.client, pool, mile_2019, stack.settings.task_queue)
            where = await engine.progress(handle, Progress, EARLIEST_TIME)
            assert await build_of(handle) == "1"
            async with worker_of_build(stack, "2"):
                await make_current(stack.client, "2")
                assert where.next_due_at is not None
                await engine.advance_to(handle, where.next_due_at, where.clock_offset, due=True)
                before = await engine.progress(handle, Progress, where.next_due_at)
                assert await build_of(handle) == "1"
                await handle.signal("upgrade_requested")
                after = await engine.progress(handle, Progress, EARLIEST_TIME)
                assert await build_of(handle) == "2"
                assert after.next_due_at == before.next_due_at
                assert after.now - before.now < timedelta(minutes=5)
