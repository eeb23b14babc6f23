"""Moving the clocks: every workflow of a rehearsal has its own, and it moves only when the play says so."""

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from pydantic import BaseModel
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from schemas.cohort.messages import CohortOverview
from schemas.errors import MileError
from schemas.mentorship.state import Progress

Where = TypeVar("Where", Progress, CohortOverview)
# The run a workflow is in, and how many events its history has: while neither changes, it has nothing new to say.
Length: TypeAlias = tuple[str, int]

LOOKS_AGAIN_AFTER_SECONDS = (0.03, 0.05, 0.08, 0.12, 0.2)
SETTLES_WITHIN_SECONDS = 180.0
SKIPS_AT_ONCE = 100_000
JUMPS_SHORT_BY_SECONDS = 0.15
LATE_TIMES = 6
JUMPED_TOO_FAR = timedelta(minutes=30)


# For whoever wants to know where a workflow stands, whatever has happened before.
BEFORE_ALL_TIMES = datetime.min.replace(tzinfo=UTC)
AFTER_ALL_TIMES = datetime.max.replace(tzinfo=UTC)


class WorkflowClocks:
    """Fast-forwards workflows to moments of the program's time, and waits until they have done what was due."""

    def __init__(self, client: Client) -> None:
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(max_session_skip_count=SKIPS_AT_ONCE))
        # Where each workflow said it stands, and how long its history was before it was asked.
        self._told: dict[str, tuple[Length, BaseModel]] = {}

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
        """Let a workflow's clock jump to a moment of the program's time, ``offset`` ahead of the engine's.

        Where something is ``due`` then, it jumps to just before and runs from there by itself: a timer that fires
        while a jump is still on lets the engine jump once more, past everything (docs/decisions/0007). So such a jump
        must end early, even where the engine answers late; how late it answered the last question is the measure.
        """
        asked = time.monotonic()
        left = moment - offset - await self._skipper.get_current_time(handle)
        late = time.monotonic() - asked
        short = timedelta(seconds=max(JUMPS_SHORT_BY_SECONDS, LATE_TIMES * late) if due else 0)
        if left > short:
            await self._skipper.fast_forward(handle, left - short)
        # Nothing can have happened yet.
        await asyncio.sleep(max(min(left, short).total_seconds(), 0))

    @staticmethod
    def _in_time(handle: WorkflowHandle[object, object], where: Where, reached: datetime) -> Where:
        if reached > BEFORE_ALL_TIMES and where.now - reached > JUMPED_TOO_FAR:
            raise MileError(
                f"{handle.id} was to live until {reached} and is at {where.now}: the engine jumped too far."
            )
        return where

    async def _look(self, handle: WorkflowHandle[object, object], kind: type[Where]) -> Where | None:
        # The server knows who is at work; to ask a worker who is would only keep it from its work.
        length = await self._length_at_rest(handle)
        if length is None:
            return None
        told_at, told = self._told.get(handle.id, (None, None))
        if told_at == length and isinstance(told, kind):
            return told
        # Between two runs, or without a worker, nobody can answer; the play goes on when somebody can.
        try:
            where: Where = await handle.query("progress", result_type=kind, rpc_timeout=timedelta(seconds=5))
        except (RPCError, WorkflowQueryFailedError):
            return None
        self._told[handle.id] = length, where
        return where

    @staticmethod
    async def _length_at_rest(handle: WorkflowHandle[object, object]) -> Length | None:
        described = (await handle.describe()).raw_description
        if described.pending_activities or described.HasField("pending_workflow_task"):
            return None
        info = described.workflow_execution_info
        return info.execution.run_id, info.history_length
