"""Moving all mentorships and cohorts to a build of the worker, and waiting until they are there."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from runtime.deployments import OpenRun, are_steps_failing, move_once, open_runs
from schemas.errors import MileError
from schemas.ids import COHORT_WORKFLOW, MENTORSHIP_WORKFLOW
from services.context import ServiceContext
from services.workflow_calls import ANSWERED_WITHIN, unavailable

# Gets how many workflows are on the build by now, and how many are to be.
Report = Callable[[int, int], None]

MOVED_TYPES = (MENTORSHIP_WORKFLOW, COHORT_WORKFLOW)
# Workflows that are signaled or asked at the same time.
AT_ONCE = 16
# Workflows that were asked and have not moved yet.
MOST_UNDER_WAY = 24
_LOOKS_AGAIN_AFTER = timedelta(seconds=0.3)
# A workflow moves within a second; whoever has not by then is looked at, and keeps no other from moving.
_LATE_AFTER = timedelta(seconds=10)
_MOST_NAMED = 5


class Move:
    """Moves all mentorships and cohorts to a build, or without one to a new run, and waits until they are there."""

    def __init__(
        self, context: ServiceContext, deployment: str, build: str | None, since: datetime, report: Report
    ) -> None:
        self._context = context
        self._deployment = deployment
        self._build = build
        self._since = since
        self._report = report
        self._gate = asyncio.Semaphore(AT_ONCE)
        # The run in which each workflow was last asked to continue as new, and since when a run is seen.
        self._asked: dict[str, str] = {}
        self._first_seen: dict[str, float] = {}
        self._overridden: set[str] = set()

    async def run(self, within: timedelta) -> int:
        """Return how many moved; raises MileError where some have not in time."""
        began = time.monotonic()
        reported: tuple[int, int] | None = None
        while True:
            runs = await open_runs(self._context.client, self._deployment, *MOVED_TYPES)
            behind = {run.workflow_id for run in runs if self._is_behind(run)} | await self._unlisted(runs)
            counts = len(self._asked.keys() - behind), len(self._asked.keys() | behind)
            if counts != reported:
                reported = counts
                self._report(*counts)
            if not behind:
                return len(self._asked)
            if time.monotonic() - began > within.total_seconds():
                raise self._not_moved(behind, within)
            await self._ask_some([run for run in runs if run.workflow_id in behind])
            await asyncio.sleep(_LOOKS_AGAIN_AFTER.total_seconds())

    def _is_behind(self, run: OpenRun) -> bool:
        if self._build and run.build != self._build:
            return True
        # What was on the build before it became current, as by a ramp, still has the plan of another.
        asked = self._asked.get(run.workflow_id)
        return run.run_id == asked if asked else run.started_at < self._since

    async def _unlisted(self, runs: Iterable[OpenRun]) -> set[str]:
        """Return those that Temporal does not list while one run follows another, and that still run."""
        missing = self._asked.keys() - {run.workflow_id for run in runs}
        described = await asyncio.gather(*(self._describe(id_) for id_ in missing))
        return {one.id for one in described if one and one.status is WorkflowExecutionStatus.RUNNING}

    async def _describe(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        async with self._gate:
            return await self._context.describe(workflow_id)

    async def _ask_some(self, behind: Sequence[OpenRun]) -> None:
        """Ask as many as may be under way: a worker that gets all at once does none of them in time."""
        now = time.monotonic()
        under_way = [run for run in behind if run.workflow_id in self._asked]
        late = [
            run for run in under_way if now - self._first_seen.setdefault(run.run_id, now) > _LATE_AFTER.total_seconds()
        ]
        waiting = [run for run in behind if run.workflow_id not in self._asked]
        room = max(0, MOST_UNDER_WAY - (len(under_way) - len(late)))
        # A run that follows another shows that one's build until its first task; one that still does is asked again.
        again = [run for run in late if self._asked[run.workflow_id] != run.run_id]
        await asyncio.gather(*(self._ask(run) for run in (*waiting[:room], *again)))
        await asyncio.gather(*(self._free(run.workflow_id) for run in late if run.workflow_id not in self._overridden))

    async def _ask(self, run: OpenRun) -> None:
        self._asked[run.workflow_id] = run.run_id
        self._first_seen[run.run_id] = time.monotonic()
        async with self._gate:
            with _unless_ended():
                await self._context.workflow(run.workflow_id).signal("upgrade_requested", rpc_timeout=ANSWERED_WITHIN)

    async def _free(self, workflow_id: str) -> None:
        """Let a workflow whose steps fail on its version be continued by the build: it cannot hear the signal there."""
        async with self._gate:
            with _unless_ended():
                if self._build and await are_steps_failing(self._context.client, workflow_id):
                    self._overridden.add(workflow_id)
                    await move_once(self._context.client, self._deployment, workflow_id, self._build)

    def _not_moved(self, behind: set[str], within: timedelta) -> MileError:
        named = ", ".join(sorted(behind)[:_MOST_NAMED]) + (" and others" if len(behind) > _MOST_NAMED else "")
        return MileError(
            f"{len(behind)} of {len(self._asked.keys() | behind)} workflows have not moved within "
            f"{within.total_seconds():.0f} seconds: {named}. Each moves as soon as a worker of the version that it is "
            "on takes its task. Keep the workers of both versions running.",
            shell_advice="mile release status says which workers poll. To wait again, run the same command again.",
        )


@contextmanager
def _unless_ended() -> Iterator[None]:
    """Ignore that a workflow has ended meanwhile."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise unavailable(error) from error
