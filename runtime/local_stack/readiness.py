"""When a part counts as started: not when its process exists, but when it answers or polls."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from runtime.local_stack.ports import HOST
from runtime.local_stack.process import RunningProgram
from schemas.errors import MileError

READY_WITHIN = timedelta(seconds=60)
POLL_EVERY = timedelta(milliseconds=50)


async def wait_until(running: RunningProgram, ready: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a program is ready; raise MileError with the end of its log if it ends or takes too long."""
    try:
        async with asyncio.timeout(READY_WITHIN.total_seconds()):
            while not await ready():
                running.require_alive()
                await asyncio.sleep(POLL_EVERY.total_seconds())
    except TimeoutError:
        raise MileError(
            f"{running.program.title} was not ready within {READY_WITHIN.total_seconds():.0f} seconds. "
            f"Its log: {running.program.log}"
        ) from None


async def is_listening(port: int) -> bool:
    """Tell whether a port of this machine accepts connections."""
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


async def is_polling(client: Client, task_queue: str, pid: int) -> bool:
    """Tell whether the process ``pid`` polls for workflow tasks; Temporal also lists pollers that ended minutes ago."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    response = await client.workflow_service.describe_task_queue(request)
    return any(poller.identity.startswith(f"{pid}@") for poller in response.pollers)


async def run_concurrently(*parts: Coroutine[Any, Any, None]) -> None:
    """Start several parts at once; if one fails, cancel the others and raise its error alone."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as failed:
        # One sentence for people: the others failed only because they were canceled.
        raise failed.exceptions[0] from None
