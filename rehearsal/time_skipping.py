"""The clocks of a rehearsal: every workflow has its own, which moves only when the simulation moves it."""

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

ProgressT = TypeVar("ProgressT", Progress, CohortOverview)
# A workflow's run and the length of its history: while neither changes, its progress is the same.
HistoryPosition: TypeAlias = tuple[str, int]

# Short at first, since most workflows are idle at once, then longer to spare the server.
POLL_INTERVALS_SECONDS = (0.05, 0.1, 0.15, 0.2)
IDLE_WITHIN_SECONDS = 180.0
# The SDK's default of 200 is too low for a rehearsal.
MAX_SKIPS_PER_SESSION = 100_000
# How far before a due moment a jump ends, and from which overshoot on a clock counts as wrong (docs/decisions/0007).
STOP_SHORT_SECONDS = 0.15
LATENCY_FACTOR = 6
MAX_OVERSHOOT = timedelta(minutes=30)


# Before and after every moment of a rehearsal.
EARLIEST_TIME = datetime.min.replace(tzinfo=UTC)
LATEST_TIME = datetime.max.replace(tzinfo=UTC)


class WorkflowClocks:
    """Fast-forwards workflows to moments of the program's time, and waits until they have done what was due then."""

    def __init__(self, client: Client) -> None:
        self._skipper = TimeSkipper(client, config=TimeSkippingConfig(max_session_skip_count=MAX_SKIPS_PER_SESSION))
        # The last answer of each workflow, and the position of its history before the query.
        self._last_progress: dict[str, tuple[HistoryPosition, BaseModel]] = {}

    async def wait_until_idle(
        self, handle: WorkflowHandle[object, object], kind: type[ProgressT], reached: datetime
    ) -> ProgressT:
        """Wait until a workflow has done all that was due up to a moment; return its progress then.

        Raises MileError where it does not become idle in time.
        """
        pauses = itertools.chain(POLL_INTERVALS_SECONDS, itertools.repeat(POLL_INTERVALS_SECONDS[-1]))
        try:
            async with asyncio.timeout(IDLE_WITHIN_SECONDS):
                while True:
                    progress = await self._progress_if_idle(handle, kind)
                    if (
                        progress
                        and not progress.busy
                        and (progress.next_due_at is None or progress.next_due_at > reached)
                    ):
                        return self._checked_for_overshoot(handle, progress, reached)
                    await asyncio.sleep(next(pauses))
        except TimeoutError:
            raise MileError(
                f"{handle.id} did not finish what was due at {reached}; its log and the UI say why."
            ) from None

    async def advance_to(
        self, handle: WorkflowHandle[object, object], moment: datetime, offset: timedelta, *, due: bool
    ) -> None:
        """Let a workflow's clock jump to a moment of the program's time, ``offset`` ahead of the engine's.

        Where something is ``due`` then, it jumps to just before and runs from there by itself: a timer that fires
        while a jump is still on lets the engine jump once more, past everything (docs/decisions/0007). So such a jump
        must end early, even where the engine answers late; how late it answered the last question is the measure.
        """
        asked_at = time.monotonic()
        remaining = moment - offset - await self._skipper.get_current_time(handle)
        latency = time.monotonic() - asked_at
        margin = timedelta(seconds=max(STOP_SHORT_SECONDS, LATENCY_FACTOR * latency) if due else 0)
        if remaining > margin:
            await self._skipper.fast_forward(handle, remaining - margin)
        # Nothing can have happened yet.
        await asyncio.sleep(max(min(remaining, margin).total_seconds(), 0))

    @staticmethod
    def _checked_for_overshoot(
        handle: WorkflowHandle[object, object], progress: ProgressT, reached: datetime
    ) -> ProgressT:
        if reached > EARLIEST_TIME and progress.now - reached > MAX_OVERSHOOT:
            raise MileError(
                f"{handle.id} was to live until {reached} and is at {progress.now}: the engine jumped too far."
            )
        return progress

    async def _progress_if_idle(
        self, handle: WorkflowHandle[object, object], kind: type[ProgressT]
    ) -> ProgressT | None:
        # The server knows which workflows have pending work; a query would keep a busy worker from it.
        position = await self._idle_position(handle)
        if position is None:
            return None
        last_position, last_progress = self._last_progress.get(handle.id, (None, None))
        if last_position == position and isinstance(last_progress, kind):
            return last_progress
        # Between two runs, or without a worker, nobody can answer; the simulation continues when somebody can.
        try:
            progress: ProgressT = await handle.query("progress", result_type=kind, rpc_timeout=timedelta(seconds=5))
        except (RPCError, WorkflowQueryFailedError):
            return None
        self._last_progress[handle.id] = position, progress
        return progress

    @staticmethod
    async def _idle_position(handle: WorkflowHandle[object, object]) -> HistoryPosition | None:
        described = (await handle.describe()).raw_description
        if described.pending_activities or described.HasField("pending_workflow_task"):
            return None
        info = described.workflow_execution_info
        return info.execution.run_id, info.history_length
