"""A class of any size on a stack of its own: started, watched, and counted in its databases and histories."""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
from temporalio.api.enums.v1 import EventType, TimeoutType

from benchmarks.stack_parts import Costs, MeasuredPart
from benchmarks.starting import settings_of
from rehearsal.time_skipping import EARLIEST_TIME, ProgressT, WorkflowClocks
from runtime.histories import billed_actions, count_events, fetch_runs
from runtime.local_stack.stack import TEMPORAL_FILE, LocalStack, StackOptions, StackPart
from runtime.local_stack.temporal_server import TIME_SKIPPING
from schemas.cohort.settings import CohortSettings
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.state import Progress
from schemas.mentorship.terms import TimelineSettings, Window
from storage.database import open_pool

COHORT = "large"
# The check-in opens on the day on which otherwise the agreement would; what is due in the weeks before comes later.
TIMELINE = TimelineSettings(
    check_in=Window(opens=-85, reminders=(-10, -3), closes=0),
    first_contact=Window(opens=0, reminders=(14,), closes=21),
    agreement=Window(opens=21, reminders=(28, 39), closes=42),
)
POLL_INTERVAL_SECONDS, PROGRESS_EVERY_SECONDS = 0.25, 5.0
STALLED_AFTER_SECONDS = 300.0
LOG_CHARACTERS = 2000
STARTED = "select count(*) from mentorship where started_at is not null"
EMAILS = "select count(*) as enqueued, count(*) filter (where state = 'sent') as sent from outbox where kind = $1"
DATABASE_BYTES = "select pg_database_size(current_database())"
# Of the worker's metrics: workflows it holds in memory, and those it had to read and replay again.
CACHED, REPLAYED = "temporal_sticky_cache_size", "temporal_sticky_cache_miss"
TIMED_OUT, IN_WORK = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT, TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
# Histories that are read of each class.
SAMPLE = 100


class RunningClass:
    """A class on a stack of its own."""

    def __init__(self, stack: LocalStack, pool: asyncpg.Pool, settings: CohortSettings, pairs: int) -> None:
        self.stack, self.pool, self.settings, self.pairs = stack, pool, settings, pairs
        self.clocks = WorkflowClocks(stack.client)

    async def wait_for(self, what: str, count: Callable[[], Awaitable[int]], wanted: int) -> float:
        """Wait until so many are counted and return the seconds; print progress, and end where there is none."""
        began = reported = moved = time.perf_counter()
        before = -1
        while (found := await count()) < wanted:
            now = time.perf_counter()
            moved, before = (now, found) if found != before else (moved, before)
            if now - moved > STALLED_AFTER_SECONDS:
                raise SystemExit(f"{found:,} of {wanted:,} {what}, and no more came.\n{self._end_of_log()}")
            if now - reported > PROGRESS_EVERY_SECONDS:
                reported = now
                report(f"{self.pairs:,} pairs: {found:,} of {wanted:,} {what} after {now - began:.0f} s")
            await asyncio.sleep(POLL_INTERVAL_SECONDS)
        return round(time.perf_counter() - began, 1)

    async def emails(self, kind: str) -> tuple[int, int]:
        """Return how many emails of a kind were enqueued, and how many of them have left."""
        row = await self.pool.fetchrow(EMAILS, kind)
        assert row is not None
        return row["enqueued"], row["sent"]

    async def wait_until_emailed(self, kind: str, costs: Costs) -> None:
        """Wait until everybody's email of a kind was enqueued, and then until all have left; note both."""
        began, emails = time.perf_counter(), 2 * self.pairs

        async def enqueued() -> int:
            return (await self.emails(kind))[0]

        async def sent() -> int:
            return (await self.emails(kind))[1]

        await self.wait_for(f"{kind} emails enqueued", enqueued, emails)
        costs["enqueued_seconds"] = round(time.perf_counter() - began, 1)
        await self.wait_for(f"{kind} emails sent", sent, emails)
        costs["emails_per_second"] = round(emails / (time.perf_counter() - began), 1)

    async def wait_until_started(self) -> float:
        """Wait until each mentorship has its workflow; return the seconds."""

        async def count() -> int:
            return int(await self.pool.fetchval(STARTED))

        return await self.wait_for("started", count, self.pairs)

    async def mentorships(self) -> list[str]:
        """Return the ids of the mentorships."""
        return [row["id"] for row in await self.pool.fetch("select id from mentorship where cohort_id = $1", self.id)]

    @property
    def id(self) -> str:
        """Return the id of the cohort."""
        return self.settings.id

    async def jump(self, mentorship: str, due_at: datetime, opens_at: datetime) -> None:
        """Let a clock jump so that a moment of the program's time comes when it is ``opens_at`` in real time."""
        handle = self.stack.client.get_workflow_handle(mentorship_workflow_id(mentorship))
        # A mentorship that the worker no longer has in memory may be replayed for too long to answer at once.
        progress = await self.clocks.progress(handle, Progress, EARLIEST_TIME)
        assert progress.next_due_at == due_at, f"{mentorship} waits for {progress.next_due_at} and not for {due_at}"
        moment = due_at - (opens_at - datetime.now(UTC))
        await self.clocks.advance_to(handle, moment, progress.clock_offset, due=False)

    async def play_to_the_end(self, workflow_id: str, kind: type[ProgressT]) -> None:
        """Let a workflow do all that it waits for, one moment after the other, until it waits for none."""
        handle, reached = self.stack.client.get_workflow_handle(workflow_id), EARLIEST_TIME
        while due := (progress := await self.clocks.progress(handle, kind, reached)).next_due_at:
            await self.clocks.advance_to(handle, due, progress.clock_offset, due=True)
            reached = due

    def stored_bytes(self) -> int:
        """Return the size of Temporal's database with the files that SQLite keeps beside it."""
        return sum(file.stat().st_size for file in self.stack.folder.glob(f"{TEMPORAL_FILE}*"))

    async def stored(self) -> dict[MeasuredPart, int]:
        """Return the bytes of both databases."""
        return {
            MeasuredPart.TEMPORAL: self.stored_bytes(),
            MeasuredPart.POSTGRESQL: await self.pool.fetchval(DATABASE_BYTES),
        }

    async def history(self, workflow_id: str) -> dict[str, int]:
        """Return the events and billed actions of a workflow so far, and how many of its tasks timed out.

        ``waited``: the worker that holds the workflow in memory did not take the task in time. ``worked``: it took the
        task and did not finish it in time.
        """
        runs = await fetch_runs(self.stack.client, workflow_id)
        timed_out = [event for run in runs for event in run.events if event.event_type == TIMED_OUT]
        kinds = [event.workflow_task_timed_out_event_attributes.timeout_type for event in timed_out]
        waited, worked = kinds.count(TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START), kinds.count(IN_WORK)
        return {"events": count_events(runs), "actions": billed_actions(runs), "waited": waited, "worked": worked}

    async def sample(self, ids: list[str]) -> dict[str, float]:
        """Return the medians of some mentorships' histories; of tasks that timed out how many for each hundred."""
        chosen = ids[:: max(1, len(ids) // SAMPLE)]
        found = [await self.history(mentorship_workflow_id(id_)) for id_ in chosen]
        medians = {name: statistics.median(one[name] for one in found) for name in ("events", "actions")}
        return medians | {
            name: round(100 * sum(one[name] for one in found) / len(found)) for name in ("waited", "worked")
        }

    def _end_of_log(self) -> str:
        return (self.stack.folder / "logs" / "worker.log").read_text(errors="replace")[-LOG_CHARACTERS:]


def report(line: str) -> None:
    """Print a line of progress."""
    print(line, file=sys.stderr, flush=True)


@contextlib.asynccontextmanager
async def running_class(pairs: int, *, rehearsal: bool = False) -> AsyncIterator[RunningClass]:
    """Start a stack with a worker, and store a class of so many pairs whose matches are published."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as folder:
        parts = frozenset({StackPart.MAIL, StackPart.WORKER})
        dynamic = () if rehearsal else TIME_SKIPPING
        options = StackOptions(Path(folder), ports=None, parts=parts, rehearsal=rehearsal, dynamic=dynamic)
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
        ):
            watching = asyncio.create_task(stack.watch())
            running = asyncio.current_task()
            # A part that ended is not waited for.
            watching.add_done_callback(lambda done: None if done.cancelled() or not running else running.cancel())
            try:
                yield RunningClass(stack, pool, settings_of(COHORT).model_copy(update={"timeline": TIMELINE}), pairs)
            except asyncio.CancelledError:
                if watching.done():
                    watching.result()
                raise
            finally:
                watching.cancel()


async def cache_metrics() -> dict[str, float]:
    """Return how many workflows the worker holds in memory, and how many it had to replay."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://{os.environ['MILE_METRICS_ADDRESS']}/metrics")).text
    return {
        name: sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(metric + "{"))
        for name, metric in (("cached", CACHED), ("replayed", REPLAYED))
    }
