"""Jumps of a workflow's clock on the real engine: one skip each, wherever they were to end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from temporalio import workflow
from temporalio.client import WorkflowHandle
from temporalio.worker import Worker

from rehearsal.environment import Environment

QUEUE = "jumps"
FIRST, SECOND = timedelta(days=10), timedelta(days=30)
# How long the engine may take on a busy machine for what is done at once.
A_MOMENT = timedelta(seconds=30)


@workflow.defn(sandboxed=False)
class TwoTimersWorkflow:
    """Waits for one moment, then for another."""

    def __init__(self) -> None:
        self._woken: list[datetime] = []

    @workflow.query
    def woken(self) -> list[datetime]:
        return self._woken

    @workflow.run
    async def run(self) -> None:
        for wait in (FIRST, SECOND - FIRST, SECOND):
            await workflow.sleep(wait)
            self._woken.append(workflow.now())


@pytest_asyncio.fixture
async def handle(environment: Environment) -> AsyncIterator[WorkflowHandle[Any, Any]]:
    async with Worker(environment.client, task_queue=QUEUE, workflows=[TwoTimersWorkflow]):
        id_ = f"two-timers-{datetime.now(UTC).timestamp()}"
        handle = await environment.client.start_workflow(TwoTimersWorkflow.run, id=id_, task_queue=QUEUE)
        yield handle
        await handle.terminate()


async def woken(handle: WorkflowHandle[Any, Any], times: int) -> list[datetime]:
    """Return when the workflow was woken, once that was so often; it has a moment to notice that it was."""
    async with asyncio.timeout(A_MOMENT.total_seconds()):
        while len(found := await handle.query(TwoTimersWorkflow.woken)) < times:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    assert len(found) == times
    return found


async def test_jump_that_is_asked_for_too_late_ends_at_the_next_timer_and_goes_no_further(
    environment: Environment, handle: WorkflowHandle[Any, Any]
) -> None:
    clocks, began = environment.workflow_clocks, datetime.now(UTC)
    # What is asked for when the timer of the tenth day has fired meanwhile, with the span to it.
    await clocks._jump(handle, FIRST + timedelta(days=12))
    await clocks.advance_to(handle, began + FIRST, timedelta(0), due=True)
    (first,) = await woken(handle, 1)
    assert timedelta(0) <= first - began - FIRST < A_MOMENT


async def test_due_moments_and_moments_between_them_are_met(
    environment: Environment, handle: WorkflowHandle[Any, Any]
) -> None:
    clocks, began = environment.workflow_clocks, datetime.now(UTC)
    between = timedelta(days=20)
    await clocks.advance_to(handle, began + FIRST, timedelta(0), due=True)
    await woken(handle, 1)
    await clocks.advance_to(handle, began + between, timedelta(0), due=False)
    await woken(handle, 1)
    await clocks.advance_to(handle, began + SECOND, timedelta(0), due=True)
    first, second = await woken(handle, 2)
    assert timedelta(0) <= first - began - FIRST < A_MOMENT
    assert timedelta(0) <= second - began - SECOND < A_MOMENT
