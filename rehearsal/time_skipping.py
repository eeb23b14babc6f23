"""The clocks of a rehearsal: every workflow has its own, which moves only when the simulation moves it."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from temporalio.api.common.v1 import SearchAttributes, WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.converter import decode_typed_search_attributes
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from runtime.temporal import NEXT_DUE_AT
from schemas.cohort.messages import CohortOverview
from schemas.errors import MileError
from schemas.mentorship.state import Progress

ProgressT = TypeVar("ProgressT", Progress, CohortOverview)

# Short at first, since most workflows are idle at once, then longer to spare the server.
POLL_INTERVALS_SECONDS = (0.05, 0.1, 0.15, 0.2)
IDLE_WITHIN_SECONDS = 180.0
ANSWERED_WITHIN = timedelta(seconds=5)
# The SDK's default of 200 is too low for a rehearsal.
MAX_SKIPS_PER_SESSION = 100_000
# How far before a due moment a jump ends, and from which overshoot on a clock counts as wrong (docs/decisions/0007).
STOP_SHORT_SECONDS = 0.15
LATENCY_FACTOR = 6
MAX_OVERSHOOT = timedelta(minutes=30)
# What the SDK says of a jump that a run knows nothing of.
UNKNOWN_JUMP = "fast_forward_id does not match"


# Before and after every moment of a rehearsal.
EARLIEST_TIME = datetime.min.replace(tzinfo=UTC)
LATEST_TIME = datetime.max.replace(tzinfo=UTC)


class WorkflowClocks:
    """Fast-forwards workflows to moments of the program's time, and waits until they have done what was due then."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(max_session_skip_count=MAX_SKIPS_PER_SESSION))

    async def wait_until_idle(self, handle: WorkflowHandle[object, object], reached: datetime) -> datetime | None:
        """Wait until a workflow has done all that was due up to a moment; return what it waits for, if for a moment.

        Raises MileError where it does not become idle in time.
        """
        pauses = itertools.chain(POLL_INTERVALS_SECONDS, itertools.repeat(POLL_INTERVALS_SECONDS[-1]))
        async with _deadline(handle, reached):
            while True:
                idle, due = _idle_and_due(await self._describe(handle))
                if idle and (due is None or due > reached):
                    return due
                await asyncio.sleep(next(pauses))

    async def progress(
        self, handle: WorkflowHandle[object, object], kind: type[ProgressT], reached: datetime
    ) -> ProgressT:
        """Wait until a workflow has done all that was due up to a moment; return its progress then.

        Raises MileError where it does not become idle in time.
        """
        async with _deadline(handle, reached):
            while True:
                await self.wait_until_idle(handle, reached)
                # Between two runs, or without a worker, nobody can answer; the simulation continues when somebody can.
                with contextlib.suppress(RPCError, WorkflowQueryFailedError):
                    answered: ProgressT = await handle.query("progress", result_type=kind, rpc_timeout=ANSWERED_WITHIN)
                    # A cohort that rests before it retries looks idle to the server.
                    if not answered.busy:
                        return answered
                await asyncio.sleep(POLL_INTERVALS_SECONDS[-1])

    async def advance_to(
        self, handle: WorkflowHandle[object, object], moment: datetime, offset: timedelta, *, due: bool
    ) -> None:
        """Let a workflow's clock jump to a moment of the program's time, ``offset`` ahead of the engine's.

        Where something is ``due`` then, it jumps to just before and runs from there by itself: a timer that fires
        while a jump is still on lets the engine jump once more, past everything (docs/decisions/0007). So such a jump
        must end early, even where the engine answers late; how late it answered the last question is the measure.
        Raises MileError where the clock is far past the moment already.
        """
        asked_at = time.monotonic()
        remaining = moment - offset - _current_time(await self._describe(handle))
        latency = time.monotonic() - asked_at
        if remaining < -MAX_OVERSHOOT:
            raise MileError(
                f"{handle.id} was to be at {moment} and is {-remaining} past it: the engine jumped too far."
            )
        margin = timedelta(seconds=max(STOP_SHORT_SECONDS, LATENCY_FACTOR * latency) if due else 0)
        if remaining > margin and not await self._jump(handle, remaining - margin):
            await self.advance_to(handle, moment, offset, due=due)
            return
        # Nothing can have happened yet.
        await asyncio.sleep(max(min(remaining, margin).total_seconds(), 0))

    async def _describe(self, handle: WorkflowHandle[object, object]) -> DescribeWorkflowExecutionResponse:
        """Ask the server about a workflow; its answer as it comes, for the SDK would decode all there is in it."""
        request = DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace, execution=WorkflowExecution(workflow_id=handle.id)
        )
        return await self._client.workflow_service.describe_workflow_execution(request, retry=True)

    async def _jump(self, handle: WorkflowHandle[object, object], span: timedelta) -> bool:
        """Jump, and wait until the jump is over; return False where nobody can tell that any more.

        A run that ends right after a jump is followed by one that knows nothing of it, and on a busy machine that may
        come before the engine is asked.
        """
        try:
            async with asyncio.timeout(IDLE_WITHIN_SECONDS):
                await self._skipper.fast_forward(handle, span)
        except RuntimeError as error:
            if UNKNOWN_JUMP not in str(error):
                raise
            return False
        except TimeoutError:
            raise MileError(f"{handle.id} was to jump by {span}, and the engine did not say that it has.") from None
        return True


async def wait_for_end(handle: WorkflowHandle[object, object], why_not: Callable[[], Awaitable[str]]) -> None:
    """Wait until a workflow with nothing left to wait for has ended; raises MileError where it does not.

    ``why_not`` says what it may wait for.
    """
    try:
        async with asyncio.timeout(IDLE_WITHIN_SECONDS):
            await handle.result()
    except TimeoutError:
        raise MileError(f"{handle.id} did not end, although no date lies ahead of it: {await why_not()}") from None


@contextlib.asynccontextmanager
async def _deadline(handle: WorkflowHandle[object, object], reached: datetime) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(IDLE_WITHIN_SECONDS):
            yield
    except TimeoutError:
        raise MileError(f"{handle.id} did not finish what was due at {reached}; its log and the UI say why.") from None


def _idle_and_due(described: DescribeWorkflowExecutionResponse) -> tuple[bool, datetime | None]:
    """Return whether a workflow has nothing to do now, and the moment it waits for.

    The server knows both: it has the pending work, and the search attribute that each wait begins with. A query would
    keep a busy worker from its work.
    """
    execution = described.workflow_execution_info
    if execution.status != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING:
        return True, None
    idle = not (described.pending_activities or described.HasField("pending_workflow_task"))
    due = {
        name: value for name, value in execution.search_attributes.indexed_fields.items() if name == NEXT_DUE_AT.name
    }
    return idle, decode_typed_search_attributes(SearchAttributes(indexed_fields=due)).get(NEXT_DUE_AT)


def _current_time(described: DescribeWorkflowExecutionResponse) -> datetime:
    """Return a workflow's own time, which is the real one until its first jump."""
    extended = described.workflow_extended_info
    if not extended.HasField("time_skipping_info"):
        return datetime.now(UTC)
    return extended.time_skipping_info.current_time.ToDatetime(UTC)
