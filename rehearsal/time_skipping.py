"""The clocks of a rehearsal: every workflow has its own, which moves only when the simulation moves it."""

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import FastForwardConfig, SearchAttributes, TimeSkippingConfig, WorkflowExecution
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.converter import decode_typed_search_attributes
from temporalio.service import RPCError, RPCStatusCode

from runtime.temporal import NEXT_DUE_AT
from schemas.cohort.messages import CohortOverview
from schemas.errors import MileError
from schemas.mentorship.state import Progress

ProgressT = TypeVar("ProgressT", Progress, CohortOverview)

# Short at first, since most workflows are idle at once, then longer to spare the server.
POLL_INTERVALS_SECONDS = (0.05, 0.1, 0.15, 0.2)
IDLE_WITHIN_SECONDS = 180.0
ANSWERED_WITHIN = timedelta(seconds=5)
# How far beyond a due moment a jump may reach, so that it ends at the timer; how long a way is not worth one; and from
# which overshoot on a clock counts as wrong (docs/decisions/0007).
REACH = timedelta(minutes=1)
SHORTEST_JUMP = timedelta(seconds=1)
MAX_OVERSHOOT = timedelta(minutes=30)
# What an engine says that is starting, stopping or busy.
TEMPORARY_ERRORS = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED)

# Before and after every moment of a rehearsal.
EARLIEST_TIME = datetime.min.replace(tzinfo=UTC)
LATEST_TIME = datetime.max.replace(tzinfo=UTC)


class WorkflowClocks:
    """Fast-forwards workflows to moments of the program's time, and waits until they have done what was due then."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def wait_until_idle(self, handle: WorkflowHandle[object, object], reached: datetime) -> datetime | None:
        """Wait until a workflow has done all that was due up to a moment; return what it waits for, if for a moment.

        Raises MileError where it does not become idle in time.
        """
        pauses = itertools.chain(POLL_INTERVALS_SECONDS, itertools.repeat(POLL_INTERVALS_SECONDS[-1]))
        async with _deadline(f"{handle.id} did not finish what was due at {reached}"):
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
        async with _deadline(f"{handle.id} did not finish what was due at {reached}"):
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

        A jump is one skip of the engine: to the next timer where something is ``due`` then, else to the moment itself
        (docs/decisions/0007). Raises MileError where the clock is far past the moment already, or does not get there.
        """
        async with _deadline(f"{handle.id} did not get to {moment}"):
            while True:
                described = await self._describe(handle)
                remaining = moment - offset - _current_time(described)
                if remaining < -MAX_OVERSHOOT:
                    raise MileError(
                        f"{handle.id} was to be at {moment} and is {-remaining} past it: the engine jumped too far."
                    )
                if _jumping(described):
                    await asyncio.sleep(POLL_INTERVALS_SECONDS[0])
                elif remaining > SHORTEST_JUMP:
                    await self._jump(handle, remaining + REACH if due else remaining)
                else:
                    await asyncio.sleep(max(remaining.total_seconds(), 0))
                    return

    async def _describe(self, handle: WorkflowHandle[object, object]) -> DescribeWorkflowExecutionResponse:
        """Ask the server about a workflow; its answer as it comes, for the SDK would decode all there is in it."""
        request = DescribeWorkflowExecutionRequest(
            namespace=self._client.namespace, execution=WorkflowExecution(workflow_id=handle.id)
        )
        return await self._client.workflow_service.describe_workflow_execution(request, retry=True)

    async def _jump(self, handle: WorkflowHandle[object, object], reach: timedelta) -> None:
        """Have the engine skip once, as soon as the workflow is idle: to its next timer, or as far as ``reach`` before.

        It is asked once: a span counts from the moment of asking, so asking again because an answer was lost would add
        up to two jumps. Whether it has jumped, its description says.
        """
        jump = TimeSkippingConfig(
            enabled=True,
            fast_forward_config=FastForwardConfig(id=str(uuid.uuid4()), duration=_as_duration(reach)),
            max_session_skip_count=1,
        )
        request = UpdateWorkflowExecutionOptionsRequest(
            namespace=self._client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id),
            workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=jump),
            update_mask=FieldMask(paths=["time_skipping_config"]),
            identity=self._client.identity,
        )
        try:
            await self._client.workflow_service.update_workflow_execution_options(request, retry=False)
        except RPCError as error:
            if error.status not in TEMPORARY_ERRORS:
                raise
            await asyncio.sleep(POLL_INTERVALS_SECONDS[-1])


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
async def _deadline(what: str) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(IDLE_WITHIN_SECONDS):
            yield
    except TimeoutError:
        raise MileError(f"{what}; its log and the UI say why.") from None


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


def _jumping(described: DescribeWorkflowExecutionResponse) -> bool:
    """Return whether a jump that was asked for has not been made yet."""
    return described.workflow_extended_info.time_skipping_info.effective_config.enabled


def _as_duration(span: timedelta) -> Duration:
    duration = Duration()
    duration.FromTimedelta(span)
    return duration
