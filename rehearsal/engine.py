"""Moving the clocks: every workflow of a rehearsal has its own, and it moves only when the play says so."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common import v1 as proto
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from schemas.errors import MileError
from schemas.mentorship import Progress
from schemas.messages import CohortOverview

Where = TypeVar("Where", Progress, CohortOverview)

LOOKS_AGAIN_AFTER_SECONDS = (0.03, 0.05, 0.08, 0.12)
SETTLES_WITHIN_SECONDS = 180.0
SKIPS_AT_ONCE = 100_000
JUMPED_TOO_FAR = timedelta(minutes=30)


# For whoever wants to know where a workflow stands, whatever has happened before.
BEFORE_ALL_TIMES = datetime.min.replace(tzinfo=UTC)


class Engine:
    """Fast-forwards workflows to moments of the programme's time, and waits until they have done what was due."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(max_session_skip_count=SKIPS_AT_ONCE))

    async def settled(self, handle: WorkflowHandle[object, object], kind: type[Where], reached: datetime) -> Where:
        """Wait until a workflow has done all that was due up to a moment; return where it stands then."""
        pauses = itertools.chain(LOOKS_AGAIN_AFTER_SECONDS, itertools.repeat(LOOKS_AGAIN_AFTER_SECONDS[-1]))
        try:
            async with asyncio.timeout(SETTLES_WITHIN_SECONDS):
                while True:
                    where = await self._look(handle, kind)
                    if where and not where.busy and (where.next_due_at is None or where.next_due_at > reached):
                        return self._in_time(handle, where, reached)
                    await asyncio.sleep(next(pauses))
        except TimeoutError:
            raise MileError(
                f"{handle.id} did not finish what was due at {reached}; its log and the UI say why."
            ) from None

    async def skip_to(
        self, handle: WorkflowHandle[object, object], moment: datetime, offset: timedelta, *, due: bool
    ) -> None:
        """Let a workflow's clock jump to a moment of the programme's time, ``offset`` ahead of the engine's.

        Where something is ``due`` then, the moment is that of the workflow's next timer, and one skip leads exactly
        there (docs/decisions/0007).
        """
        if due:
            await self._skip_to_next_timer(handle)
            return
        left = moment - offset - await self._skipper.get_current_time(handle)
        if left > timedelta(0):
            await self._skipper.fast_forward(handle, left)

    async def _skip_to_next_timer(self, handle: WorkflowHandle[object, object]) -> None:
        skipping = proto.TimeSkippingConfig(enabled=True, max_session_skip_count=1)
        await self._client.workflow_service.update_workflow_execution_options(
            UpdateWorkflowExecutionOptionsRequest(
                namespace=self._client.namespace,
                workflow_execution=proto.WorkflowExecution(workflow_id=handle.id),
                workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=skipping),
                update_mask=FieldMask(paths=["time_skipping_config"]),
            )
        )

    @staticmethod
    def _in_time(handle: WorkflowHandle[object, object], where: Where, reached: datetime) -> Where:
        if reached > BEFORE_ALL_TIMES and where.now - reached > JUMPED_TOO_FAR:
            raise MileError(
                f"{handle.id} was to live until {reached} and is at {where.now}: the engine jumped too far."
            )
        return where

    async def _look(self, handle: WorkflowHandle[object, object], kind: type[Where]) -> Where | None:
        # The server knows who is at work; to ask a worker who is would only keep it from its work.
        if await self._is_at_work(handle):
            return None
        # Between two runs, or without a worker, nobody can answer; the play goes on when somebody can.
        try:
            where: Where = await handle.query("progress", result_type=kind, rpc_timeout=timedelta(seconds=5))
        except (RPCError, WorkflowQueryFailedError):
            return None
        return where

    @staticmethod
    async def _is_at_work(handle: WorkflowHandle[object, object]) -> bool:
        described = (await handle.describe()).raw_description
        return bool(described.pending_activities) or described.HasField("pending_workflow_task")
