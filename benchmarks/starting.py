"""Time and memory to start a whole class at once: 100 mentorships compared with 1,000.

Run ``python benchmarks/starting.py [PAIRS …]``: for each size a stack of its own is started, a class of invented people
is published on its kickoff day, and all is watched until the last welcome email has left. The figures are printed and
stored in benchmarks/results/. The seconds are those of the machine and of whatever else it does; what counts is how
they grow. The work for each is what worker and engine spend on one mentorship, in processor time.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import psutil

from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, KickoffSettings, ProgramContact
from schemas.cohort.state import CohortState
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.matching.results import Certificate, MatchResult, Pair
from storage import cohorts
from storage.database import open_pool

RESULTS = Path(__file__).parent / "results"
SIZES = (100, 1000)
KICKOFF = date(2019, 5, 10)
# An hour after the first emails of kickoff day are due, so that they leave at once.
NOW = datetime(2019, 5, 10, 15, tzinfo=UTC)
POLL_INTERVAL_SECONDS = 0.25
PROGRESS = """
select count(*) filter (where started_at is not null) as started,
    (select count(*) from outbox where kind = 'welcome' and state = 'sent') as welcomed
from mentorship
"""


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
    pairs_of_people = [people(number) for number in range(1, pairs + 1)]
    mentors, mentees = [mentor for mentor, _ in pairs_of_people], [mentee for _, mentee in pairs_of_people]
    await cohorts.save_cohort(pool, settings, mentors, mentees, NOW)
    result = MatchResult(
        pairs=tuple(Pair(mentee=mentee.id, mentor=mentor.id, score=8000) for mentor, mentee in pairs_of_people),
        unplaced=(),
        coverage=pairs,
        total=8000 * pairs,
        worst=8000,
        objective="bands",
        certificate=Certificate(valid=True),
        inputs_sha256="0" * 64,
    )
    return await cohorts.save_match_run(pool, settings.id, result, NOW)


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


class Watch:
    """Polls until the class runs, and records the peak memory and processor time of its servers."""

    def __init__(self, pool: asyncpg.Pool, pairs: int) -> None:
        self._pool = pool
        self._pairs = pairs
        self._began = time.perf_counter()
        self._cpu_at_start: dict[str, float] = {}
        self.figures: dict[str, float] = {"pairs": pairs}

    async def wait_until_welcomed(self) -> None:
        """Return when each mentorship has started and both its people have their first email."""
        while self.figures.get("welcomed_seconds") is None:
            row = await self._pool.fetchrow(PROGRESS)
            assert row is not None
            self._record_time("started_seconds", row["started"] == self._pairs)
            self._record_time("welcomed_seconds", row["welcomed"] == 2 * self._pairs)
            for name, process in servers():
                self._measure_process(name, process)
            await asyncio.sleep(POLL_INTERVAL_SECONDS)

    def _measure_process(self, name: str, process: psutil.Process) -> None:
        worked, used = sum(process.cpu_times()[:2]), process.memory_info().rss / 1e6
        self.figures[f"{name}_cpu_seconds"] = round(worked - self._cpu_at_start.setdefault(name, worked), 1)
        self.figures[f"{name}_mb"] = max(self.figures.get(f"{name}_mb", 0), round(used))

    def _record_time(self, name: str, reached: bool) -> None:
        if reached:
            self.figures.setdefault(name, round(time.perf_counter() - self._began, 1))


def servers() -> Iterator[tuple[str, psutil.Process]]:
    """Yield the worker and the engine of the stack that this process started."""
    for process in psutil.Process().children(recursive=True):
        line = " ".join(process.cmdline())
        for name, part in {"worker": "worker.py", "engine": "server start-dev"}.items():
            if part in line:
                yield name, process


async def measured(pairs: int) -> dict[str, float]:
    """Start a class of so many pairs on a stack of its own and return the figures."""
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as folder:
        options = StackOptions(folder=Path(folder), ports=None, parts=frozenset({StackPart.MAIL, StackPart.WORKER}))
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
        ):
            await publish_class(pool, settings_of("large"), pairs)
            watch = Watch(pool, pairs)
            await lead(stack, "large")
            await watch.wait_until_welcomed()
            return watch.figures


def as_table(rows: list[dict[str, float]]) -> str:
    """Return the figures as a Markdown table, with the growth of each from the first size to the last."""
    columns = ("mentorships", "started after", "all welcomed after", "work for each", "worker", "engine")
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for row in rows:
        row["each_ms"] = round(1000 * (row["worker_cpu_seconds"] + row["engine_cpu_seconds"]) / row["pairs"])
        lines.append(
            f"| {row['pairs']:,} | {row['started_seconds']:.1f} s | {row['welcomed_seconds']:.1f} s "
            f"| {row['each_ms']} ms | {row['worker_mb']} MB | {row['engine_mb']} MB |"
        )
    growth = ("pairs", "started_seconds", "welcomed_seconds", "each_ms", "worker_mb", "engine_mb")
    lines.append(f"| {' | '.join(f'× {rows[-1][name] / rows[0][name]:.1f}' for name in growth)} |")
    return "\n".join(lines)


def main() -> None:
    """Start each size, print the figures and keep them."""
    rows = [asyncio.run(measured(int(size))) for size in sys.argv[1:] or SIZES]
    print(as_table(rows))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "starting.json").write_text(json.dumps(rows, indent=2) + "\n")
    (RESULTS / "starting.md").write_text(f"# A whole class started at once\n\n{as_table(rows)}\n")


if __name__ == "__main__":
    main()
