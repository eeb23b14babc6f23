"""What it takes to start a class, beside bare workflows that do as much.

Run ``python -m benchmarks.starting [PAIRS [REPETITIONS]]``. A class of invented people is published on its kickoff day,
and watched until the last welcome email has left; then as many bare workflows are started, on another stack: each has
as many local activities and upserts as one of those mentorships had, and waits for a timer; and so on in turn. Compared
is the processor time of worker and engine, and for the bare ones that of this process, which starts them. The worker,
which has no version, starts mentorships eagerly; bare workflows, started by another process than their worker, cannot
be. How the figures grow with the class, benchmarks/growth.py shows.
"""

import asyncio
import contextlib
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from temporalio.client import WorkflowHistory

from activities.start import STARTS_AT_ONCE
from benchmarks.bare_engine import QUEUE, steps_of
from benchmarks.bare_workflow import RecordedStep
from benchmarks.stack_parts import MeasuredPart, costs_by_part
from runtime.histories import count_events, fetch_runs
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.local_stack.stack_discovery import ROOT, environment
from runtime.temporal import NEXT_DUE_AT
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, KickoffSettings, ProgramContact
from schemas.cohort.state import CohortState
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from schemas.matching.results import Certificate, MatchResult, Pair
from storage import cohorts
from storage.database import open_pool

Figures = dict[str, Any]
RESULTS = Path(__file__).parent / "results"
PAIRS, REPETITIONS = 300, 3
GOAL = 1.25
COHORT, WIDTH = "large", 40
KICKOFF = date(2019, 5, 10)
# An hour after the first emails of kickoff day are due, so that they leave at once.
NOW = datetime(2019, 5, 10, 15, tzinfo=UTC)
POLL_INTERVAL_SECONDS = 0.25
SECONDS = ("started_seconds", "welcomed_seconds")
STARTED = "select count(*) from mentorship where started_at is not null"
WELCOMED = "select count(*) from outbox where kind = 'welcome' and state = 'sent'"
# A bare workflow that waits says until when.
WAITING = f"WorkflowType = 'BareMentorship' AND {NEXT_DUE_AT.name} IS NOT NULL"
# Longer than any of this takes.
TEN_DAYS_IN_SECONDS = 10 * 24 * 3600.0
COMPARED = {
    "class": (MeasuredPart.WORKER, MeasuredPart.TEMPORAL),
    "bare": (MeasuredPart.WORKER, MeasuredPart.TEMPORAL, MeasuredPart.DRIVER),
}


def settings_of(cohort_id: str) -> CohortSettings:
    """Return the settings of a class of invented people."""
    return CohortSettings(
        id=cohort_id,
        title="A large class",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
        # Nobody is there who could say who came.
        kickoff=KickoffSettings(confirm_attendance=False),
    )


def people(number: int) -> tuple[MentorApplication, MenteeApplication]:
    """Return the two people of one pair."""
    shared = {"library": "Library of Ely", "library_type": "public", "town": "Ely", "role": "Clerk"}
    mentor = {"id": f"M{number:04}", "name": f"Mentor {number}", "email": f"m{number}@example.org", "years": 9}
    mentee = {"id": f"P{number:04}", "name": f"Mentee {number}", "email": f"p{number}@example.org"}
    goals = {"goals": ("Lead the weekly meeting",)}
    return MentorApplication.model_validate(shared | mentor), MenteeApplication.model_validate(shared | mentee | goals)


async def store_class(pool: asyncpg.Pool, settings: CohortSettings, pairs: int) -> int:
    """Save a cohort of so many pairs with a match run of them, a draft, and return its number."""
    members = [people(number) for number in range(1, pairs + 1)]
    await cohorts.save_cohort(pool, settings, [one for one, _ in members], [one for _, one in members], NOW)
    return await cohorts.save_match_run(pool, settings.id, matches_of(members), NOW)


def matches_of(members: Sequence[tuple[MentorApplication, MenteeApplication]]) -> MatchResult:
    """Return a match result that has these pairs, and nobody else."""
    return MatchResult(
        pairs=tuple(Pair(mentee=mentee.id, mentor=mentor.id, score=8000) for mentor, mentee in members),
        unplaced=(),
        coverage=len(members),
        total=8000 * len(members),
        worst=8000,
        objective="bands",
        certificate=Certificate(valid=True),
        inputs_sha256="0" * 64,
    )


async def publish_class(pool: asyncpg.Pool, settings: CohortSettings, pairs: int) -> None:
    """Save a cohort of so many pairs, with a published match run."""
    run = await store_class(pool, settings, pairs)
    await cohorts.publish_match_run(pool, settings.id, run, NOW)


async def lead(stack: LocalStack, cohort_id: str) -> None:
    """Start the workflow of a cohort whose matches are published and whose kickoff is an hour ago."""
    state = CohortState(cohort_id=cohort_id, clock_offset=NOW - datetime.now(UTC), match_run=1, published_run=1)
    await stack.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id(cohort_id), task_queue=stack.settings.task_queue
    )


async def wait_for(count: Callable[[], Awaitable[int]], wanted: int) -> float:
    """Wait until so many are counted; return the seconds."""
    began = time.perf_counter()
    while await count() < wanted:  # noqa: ASYNC110 - other processes do not tell
        await asyncio.sleep(POLL_INTERVAL_SECONDS)
    return round(time.perf_counter() - began, 1)


@contextlib.asynccontextmanager
async def stack_with(*parts: StackPart) -> AsyncIterator[LocalStack]:
    """Start a stack in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as made:
        async with LocalStack(StackOptions(folder=Path(made), ports=None, parts=frozenset(parts))) as stack:
            yield stack


async def start_class(pairs: int) -> tuple[Figures, WorkflowHistory]:
    """Start a class of so many pairs; return what that cost, and what one of its mentorships did."""
    costs: Figures = {}
    async with (
        stack_with(StackPart.MAIL, StackPart.WORKER) as stack,
        open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
    ):
        await publish_class(pool, settings_of(COHORT), pairs)
        async with costs_by_part(costs):
            await lead(stack, COHORT)
            costs["started_seconds"] = await wait_for(lambda: pool.fetchval(STARTED), pairs)
            costs["welcomed_seconds"] = costs["started_seconds"] + await wait_for(
                lambda: pool.fetchval(WELCOMED), 2 * pairs
            )
        first = await pool.fetchval("select min(id) from mentorship")
        [run] = await fetch_runs(stack.client, mentorship_workflow_id(first))
        return costs, run


async def start_bare(pairs: int, run: WorkflowHistory) -> tuple[Figures, WorkflowHistory]:
    """Start as many bare workflows, each of which does what this run did; return the same of them."""
    costs: Figures = {}
    steps = [*steps_of(run), RecordedStep(signaled=False, seconds=TEN_DAYS_IN_SECONDS)]
    slots = asyncio.Semaphore(STARTS_AT_ONCE)
    async with stack_with() as stack:

        async def start(number: int) -> None:
            async with slots:
                await stack.client.start_workflow("BareMentorship", [steps], id=f"bare-{number}", task_queue=QUEUE)

        async def count() -> int:
            return (await stack.client.count_workflows(WAITING)).count

        variables = environment(stack.settings, alone=True)
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.bare_engine", cwd=ROOT, env=variables
        )
        try:
            # The first one waits for the worker, which is there already where a class is started.
            await start(0)
            await wait_for(count, 1)
            async with costs_by_part(costs):
                await asyncio.gather(*map(start, range(1, pairs + 1)))
                costs["started_seconds"] = await wait_for(count, pairs + 1)
            [bare] = await fetch_runs(stack.client, "bare-1")
            return costs, bare
        finally:
            with contextlib.suppress(ProcessLookupError):
                worker.kill()
            await worker.wait()


def each_ms(who: str, costs: Figures, pairs: int) -> float:
    """Return the processor's milliseconds of the parts that are compared, for one start."""
    worked: Mapping[MeasuredPart, float] = costs["cpu_seconds"]
    return 1000 * sum(worked[part] for part in COMPARED[who]) / pairs


def drawing(pairs: int, repetitions: list[dict[str, Figures]]) -> str:
    """Return medians as bars, and the ratio beside its goal."""
    found = {who: [each_ms(who, one[who], pairs) for one in repetitions] for who in COMPARED}
    medians = {who: statistics.median(values) for who, values in found.items()}
    lines = [f"{pairs:,} starts, {len(repetitions)} repetitions, ms of processor each:"]
    for who, value in medians.items():
        parts = {
            part: statistics.median(one[who]["cpu_seconds"][part] for one in repetitions) for part in COMPARED[who]
        }
        told = ", ".join(f"{part} {1000 * seconds / pairs:.0f}" for part, seconds in parts.items())
        lines.append(f"{who:<6} {'█' * round(WIDTH * value / max(medians.values())):<{WIDTH}} {value:,.0f} ({told})")
    ratios = [ours / bare for ours, bare in zip(found["class"], found["bare"], strict=True)]
    lines.append(f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, goal {GOAL})")
    seconds = [statistics.median(one["class"][name] for one in repetitions) for name in SECONDS]
    lines.append(f"The class had started after {seconds[0]:.0f} s, and was welcomed after {seconds[1]:.0f} s.")
    return "\n".join(lines)


async def repeated(pairs: int, repetitions: int) -> list[dict[str, Figures]]:
    """Measure both in turn."""
    found = []
    for number in range(repetitions):
        ours, run = await start_class(pairs)
        bare, bare_run = await start_bare(pairs, run)
        ours["events"], bare["events"] = count_events([run]), count_events([bare_run])
        found.append({"class": ours, "bare": bare})
        print(f"{number + 1} of {repetitions}: {found[-1]}", file=sys.stderr)
    return found


def main() -> None:
    """Measure, print the figures and keep them."""
    pairs, repetitions = [*map(int, sys.argv[1:]), *(PAIRS, REPETITIONS)[len(sys.argv) - 1 :]]
    # On the loop of the worker, which starts mentorships.
    found = uvloop.run(repeated(pairs, repetitions))
    drawn = drawing(pairs, found)
    print(drawn)
    machine = f"{platform.machine()}, Python {platform.python_version()}, temporalio {version('temporalio')}"
    kept = {"machine": machine, "pairs": pairs, "repetitions": found}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "starting.json").write_text(json.dumps(kept, indent=2) + "\n")
    (RESULTS / "starting.md").write_text(f"# A class started at once\n\n```\n{drawn}\n```\n\n{machine}\n")


if __name__ == "__main__":
    main()
