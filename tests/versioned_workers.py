"""Workers with a version, as operators start them beside each other, and commands of the code they run."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.client import WorkflowHandle

from runtime.local_stack.stack import LocalStack

ROOT = Path(__file__).parents[1]
DEPLOYMENT = "mile"
Handle = WorkflowHandle[object, object]


def environment_of(stack: LocalStack, build: str, code: Path = ROOT) -> dict[str, str]:
    """Return the environment of a build whose code is in a folder."""
    versioned = {"TEMPORAL_DEPLOYMENT_NAME": DEPLOYMENT, "TEMPORAL_WORKER_BUILD_ID": build}
    return {**stack.environment(), **versioned, "PYTHONPATH": str(code)}


@asynccontextmanager
async def worker_of_build(stack: LocalStack, build: str, code: Path = ROOT) -> AsyncIterator[Path]:
    """Run a worker of a build; yield its log."""
    log = stack.folder / f"worker-{build}.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(code / "worker.py")),
            env=environment_of(stack, build, code),
            cwd=stack.folder,
            stdout=output,
            stderr=output,
        )
    try:
        yield log
    finally:
        process.kill()
        await process.wait()


async def build_of(handle: Handle) -> str:
    """Return the build that a workflow runs on."""
    described = (await handle.describe()).raw_description
    return described.workflow_execution_info.versioning_info.deployment_version.build_id
