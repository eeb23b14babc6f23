"""What an answer costs the pages beside a bare endpoint: one insert in PostgreSQL, one signal to a workflow, no more.

Run ``python -m benchmarks.answering [ANSWERS]``. An answer is one POST of a check-in's form that has new answers, and
the redirect that it gets; pages that are only shown, before it and after it, are not part of it, here nor there. The
pages run as ``mile web``, behind links that were emailed, and signal to mentorships that run; the bare endpoint is a
process of its own (benchmarks/bare_endpoint.py), and signals to bare workflows. Both are served from one stack and by
one client, in turn, at a fixed pace that does not wait for slow answers. Their processor's seconds are those of the one
process that serves; what counts is the ratio within a repetition. The figures are printed and stored in
benchmarks/results/.
"""

import asyncio
import contextlib
import json
import math
import platform
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import psutil

from benchmarks.bare_endpoint import TABLE
from benchmarks.bare_engine import QUEUE
from benchmarks.bare_workflow import RecordedStep
from benchmarks.starting import matches_of, people, settings_of
from domain.calendar import months_after
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms
from emails.links import LinkKeys, MilestoneLinks
from runtime.local_stack.readiness import is_listening
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.local_stack.stack_discovery import ROOT, environment
from schemas.cohort.roles import NewRoleHolder
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.errors import MileError
from schemas.ids import email_key
from schemas.mentorship.state import Ask, MentorshipState, Plan
from services.mentorship_starts import start_mentorship
from storage import cohorts, mentorships, outbox, roles
from storage.database import open_pool

RESULTS = Path(__file__).parent / "results"
PAIRS = 100
ANSWERS = 1000
WARM_UP = 200
PACE = 50.0
REPETITIONS = 3
GOALS = {"cpu_ms": 2.0, "p99_ms": 150.0}
WIDTH = 40
# On any day, the first check-in of a class that began so long ago is open.
SINCE_KICKOFF = timedelta(days=80)
MILESTONE = "check_in-1"
POLL_INTERVAL_SECONDS = 0.1
# Whoever works less than this share of a processor has done what there was to do.
IDLE_SHARE, IDLE_SECONDS, IDLE_WITHIN_SECONDS = 0.2, 1.0, 60.0
UNFINISHED = """
select (select count(*) from response where signaled_at is null) as unsignaled,
    (select count(*) from response) as responses, (select count(*) from bare_answer) as bare
"""


class AnswerFigures(NamedTuple):
    """What one answer took: milliseconds of the serving process's processor; until the redirect, median and p99."""

    cpu_ms: float
    p50_ms: float
    p99_ms: float


class Site(NamedTuple):
    """A server of answers: its process, and where each of its forms is sent."""

    process: psutil.Process
    addresses: Sequence[str]


def class_settings(today: date) -> CohortSettings:
    """Return the settings of a class whose first check-in is open today."""
    settings = settings_of("large")
    institute = settings.institute.model_copy(update={"last_day": today - SINCE_KICKOFF})
    return settings.model_copy(update={"institute": institute})


async def store_class(pool: asyncpg.Pool, settings: CohortSettings, now: datetime) -> dict[str, Plan]:
    """Store a class with its plans, and return these by mentorship."""
    members = [people(number) for number in range(1, PAIRS + 1)]
    await cohorts.save_cohort(pool, settings, [one for one, _ in members], [one for _, one in members], now)
    starts_on = settings.kickoff_day
    days = {"starts_on": starts_on, "ends_on": months_after(starts_on, settings.timeline.months)}
    holder = NewRoleHolder(role="Chair", email="chair@example.org", starts_on=starts_on)
    await roles.add_holder(pool, settings.id, holder)
    planned = {}
    for id_ in await mentorships.save_pairs(pool, settings.id, matches_of(members), **days, now=now):
        planned[id_] = plan(initial_terms(settings, id_), now - SINCE_KICKOFF)
        await mentorships.save_plan(pool, id_, planned[id_], now)
    return planned


async def ask(pool: asyncpg.Pool, ids: Sequence[str], now: datetime) -> list[str]:
    """Email each side the link to its check-in, and return the emails' keys once all have left."""
    emails = [
        QueuedEmail(
            key=email_key(id_, MilestoneKind.CHECK_IN, MILESTONE, Recipient(side)),
            kind=EmailKind.CHECK_IN,
            to=Recipient(side),
            at=now,
            asks=(Ask(milestone=MILESTONE),),
            scope_id=id_,
            now=now,
        )
        for id_ in ids
        for side in Side
    ]
    await outbox.enqueue(pool, *emails)
    while await pool.fetchval("select exists (select from outbox where state <> 'sent')"):  # noqa: ASYNC110
        await asyncio.sleep(POLL_INTERVAL_SECONDS)
    return [email.key for email in emails]


async def open_pages(stack: LocalStack, pool: asyncpg.Pool) -> Site:
    """Start the mentorships of a class, email their links, and return the pages that these lead to."""
    now = datetime.now(UTC)
    settings = class_settings(now.date())
    planned = await store_class(pool, settings, now)
    for id_, its_plan in planned.items():
        # What was due until now was done, so that nothing but answers keeps the workflows busy.
        state = MentorshipState(terms=initial_terms(settings, id_), plan=its_plan, done_through=now)
        await start_mentorship(stack.client, state, stack.settings.task_queue)
    links = MilestoneLinks(public_url=stack.settings.public_url, secret=LinkKeys(stack.settings).all[0].secret)
    return Site(serving("cli.main web"), [links.url(key, MILESTONE) for key in await ask(pool, list(planned), now)])


def serving(part: str) -> psutil.Process:
    """Return the process of the stack whose command has these words."""
    children = psutil.Process().children(recursive=True)
    return next(child for child in children if part in " ".join(child.cmdline()))


@contextlib.asynccontextmanager
async def bare_endpoint(stack: LocalStack, pool: asyncpg.Pool) -> AsyncIterator[Site]:
    """Start the bare endpoint, bare workflows and their worker, and yield where its forms are sent."""
    await pool.execute(TABLE)
    waits = [RecordedStep(signaled=False, seconds=0), *[RecordedStep(signaled=True, seconds=0)] * ANSWERS]
    ids = [f"bare-{number}" for number in range(PAIRS)]
    for id_ in ids:
        await stack.client.start_workflow("BareMentorship", [waits], id=id_, task_queue=QUEUE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with process(stack, "benchmarks.bare_engine"), process(stack, "benchmarks.bare_endpoint", str(port)) as pid:
        while not await is_listening(port):  # noqa: ASYNC110
            await asyncio.sleep(POLL_INTERVAL_SECONDS)
        yield Site(psutil.Process(pid), [f"http://127.0.0.1:{port}/{id_}" for id_ in ids for _ in Side])


@contextlib.asynccontextmanager
async def process(stack: LocalStack, module: str, *arguments: str) -> AsyncIterator[int]:
    """Run a module beside a stack and yield its process id; it is killed at the end of the block."""
    variables = environment(stack.settings, alone=True)
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, cwd=ROOT, env=variables)
    try:
        yield started.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.kill()
        await started.wait()


class Visitors:
    """Everybody who answers: one form after the other, each time with other answers, at a fixed pace."""

    def __init__(self, client: httpx.AsyncClient, site: Site) -> None:
        """Begin with nothing answered."""
        self._client = client
        self._site = site
        self._answered = 0

    async def measured(self, count: int) -> AnswerFigures:
        """Send so many answers and return what one of them took."""
        worked = processor_seconds(self._site.process)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number in range(count):
                due = began + number / PACE
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                tasks.append(group.create_task(self._answer(due)))
        worked = processor_seconds(self._site.process) - worked
        return figures_of(worked, [task.result() for task in tasks])

    async def _answer(self, due: float) -> float:
        """Send one form and return how many seconds after it was due its redirect came."""
        times, place = divmod(self._answered, len(self._site.addresses))
        self._answered += 1
        # As a reverse proxy says it: each visitor has an address of their own, for each is within a rate limit.
        headers = {"X-Forwarded-For": f"10.0.{place // 250}.{place % 250 + 1}"}
        form = {"status": "met", "meetings": str(times + 1), "satisfaction": "4", "note_to_self": "Ask for a reader."}
        answer = await self._client.post(self._site.addresses[place], data=form, headers=headers)
        assert answer.status_code == 303, f"{answer.status_code}: {answer.text}"
        return time.perf_counter() - due


def processor_seconds(process: psutil.Process) -> float:
    """Return the processor's seconds that a process has had."""
    times = process.cpu_times()
    return times.user + times.system


def figures_of(cpu_seconds: float, seconds: Sequence[float]) -> AnswerFigures:
    """Return what one of several answers took, from all of their processor's seconds and the seconds until each."""
    return AnswerFigures(
        1000 * cpu_seconds / len(seconds), 1000 * statistics.median(seconds), 1000 * percentile(seconds, 99)
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that this many percent of all do not exceed (the nearest rank)."""
    return sorted(values)[math.ceil(percent * len(values) / 100) - 1]


async def settle() -> None:
    """Wait until the stack's servers have done what the last answers brought about."""
    until = time.perf_counter() + IDLE_WITHIN_SECONDS
    while time.perf_counter() < until:
        before = stack_seconds()
        await asyncio.sleep(IDLE_SECONDS)
        if stack_seconds() - before < IDLE_SHARE * IDLE_SECONDS:
            return


def stack_seconds() -> float:
    """Return the processor's seconds that all processes below this one have had."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += processor_seconds(child)
    return total


async def repeated(count: int) -> list[tuple[AnswerFigures, AnswerFigures]]:
    """Measure both in turn."""
    found = []
    parts = frozenset({StackPart.MAIL, StackPart.WORKER, StackPart.WEB})
    with tempfile.TemporaryDirectory(prefix="mile benchmark ") as folder:
        options = StackOptions(folder=Path(folder), ports=None, parts=parts)
        async with (
            LocalStack(options) as stack,
            open_pool(stack.settings.database_url.get_secret_value(), size=2) as pool,
            bare_endpoint(stack, pool) as bare,
            httpx.AsyncClient(timeout=30) as client,
        ):
            visitors = Visitors(client, await open_pages(stack, pool)), Visitors(client, bare)
            for each in visitors:
                await each.measured(WARM_UP)
            for number in range(REPETITIONS):
                figures = []
                for each in visitors:
                    await settle()
                    figures.append(await each.measured(count))
                print(f"{number + 1} of {REPETITIONS}: {figures}", file=sys.stderr)
                found.append((figures[0], figures[1]))
            await settle()
            await require_stored(pool, WARM_UP + REPETITIONS * count)
    return found


async def require_stored(pool: asyncpg.Pool, count: int) -> None:
    """Raise MileError unless every answer was stored, and those on pages signaled at once: no work may be missing."""
    row = await pool.fetchrow(UNFINISHED)
    assert row is not None
    if dict(row) != {"unsignaled": 0, "responses": count, "bare": count}:
        raise MileError(f"Nothing was measured, because not every answer was stored and signaled: {dict(row)}.")


def drawing(repetitions: Sequence[tuple[AnswerFigures, AnswerFigures]], count: int) -> str:
    """Return medians as bars, and beside the goals what they are set for: a ratio, and the time of a slow answer."""
    lines = [f"{count:,} answers at {PACE:.0f} a second, {len(repetitions)} repetitions:"]
    named: dict[str, str] = {"cpu_ms": "ms of CPU", "p50_ms": "ms, median", "p99_ms": "ms, 99 of 100"}
    for name, unit in named.items():
        lines += _bars(unit, *([getattr(side, name) for side in sides] for sides in zip(*repetitions, strict=True)))
        if name == "cpu_ms":
            ratios = [ours.cpu_ms / bare.cpu_ms for ours, bare in repetitions]
            lines.append(
                f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), "
                f"goal {GOALS[name]:.1f}"
            )
    lines.append(f"  goal {GOALS['p99_ms']:.0f} ms")
    return "\n".join(lines)


def _bars(unit: str, ours: Sequence[float], bare: Sequence[float]) -> Iterator[str]:
    medians = {"pages": statistics.median(ours), "bare": statistics.median(bare)}
    for who, value in medians.items():
        bar = "█" * round(WIDTH * value / max(medians.values()))
        yield f"  {who:<6} {bar:<{WIDTH}} {value:6.2f} {unit}"


def main() -> None:
    """Measure, print the figures and keep them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ANSWERS
    found = asyncio.run(repeated(count))
    drawn = drawing(found, count)
    print(drawn)
    machine = {"processors": psutil.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    machine |= {name: version(name) for name in ("temporalio", "asyncpg", "starlette", "uvicorn")}
    rows = [{"pages": rounded(ours), "bare": rounded(bare)} for ours, bare in found]
    results = {"on": machine, "answers": count, "a_second": PACE, "repetitions": rows}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "answering.json").write_text(json.dumps(results, indent=2) + "\n")
    (RESULTS / "answering.md").write_text(f"# An answer on a page beside a bare endpoint\n\n```\n{drawn}\n```\n")


def rounded(figures: AnswerFigures) -> dict[str, float]:
    """Return figures by name, with two decimals."""
    return {name: round(value, 2) for name, value in figures._asdict().items()}


if __name__ == "__main__":
    main()
