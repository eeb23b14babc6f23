"""The faults, drawn at random by a seed: each makes something wrong for some seconds, then right again."""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import asyncpg

from tools.fault_runs.stack import FAKETIME, FaultStack, Part

# A run's faults begin within so many seconds and last so long, so that several are on at the same time.
BEGIN_WITHIN_SECONDS, SHORTEST_SECONDS, LONGEST_SECONDS = 8.0, 0.3, 6.0
FEWEST, MOST = 1, len(Part)
# The others come when the mentorships run, and people answer.
SHARE_WHILE_STARTING = 0.3
CLOCK_OFF = timedelta(days=2)
# What is wanted of a database that hangs or is full is tried until it works.
RETRY_SECONDS = 0.3


class FaultKind(StrEnum):
    """What is made wrong."""

    KILL = "kill"
    PAUSE = "pause"
    READ_ONLY = "read-only"
    FULL = "full"
    CLOCK_AHEAD = "clock ahead"
    CLOCK_BEHIND = "clock behind"


CLOCKS = (FaultKind.CLOCK_AHEAD, FaultKind.CLOCK_BEHIND)


@dataclass(frozen=True)
class Fault:
    """One fault: what, of which part, after how many seconds, and for how many.

    It counts from the creation of the classes where it comes ``while_starting``, else from when their mentorships run.
    """

    kind: FaultKind
    part: Part
    while_starting: bool
    after: float
    seconds: float

    def __str__(self) -> str:
        """Return it as the table shows it."""
        return f"{self.kind} {self.part}"


@dataclass(frozen=True)
class FaultInterval:
    """When a fault was on, in the seconds of ``time.time``."""

    fault: Fault
    began: float
    ended: float


def possible(stack: FaultStack) -> list[tuple[FaultKind, Part]]:
    """Return every fault that this machine allows, in a fixed order."""
    kinds = [(kind, part) for part in Part for kind in (FaultKind.KILL, FaultKind.PAUSE)]
    kinds.append((FaultKind.READ_ONLY, Part.POSTGRES))
    if stack.disk:
        kinds.append((FaultKind.FULL, Part.POSTGRES))
    if FAKETIME:
        kinds += [(kind, part) for part in (Part.WORKER, Part.WEB) for kind in CLOCKS]
    return kinds


def draw(generator: random.Random, among: list[tuple[FaultKind, Part]]) -> list[Fault]:
    """Draw the faults of one run; no two of them are of the same part."""
    drawn: dict[Part, Fault] = {}
    for kind, part in generator.sample(among, len(among)):
        starting = generator.random() < SHARE_WHILE_STARTING and not (part is Part.WORKER and kind in CLOCKS)
        after = generator.uniform(0, BEGIN_WITHIN_SECONDS)
        fault = Fault(kind, part, starting, after, generator.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
        drawn.setdefault(part, fault)
    chosen = list(drawn.values())[: generator.randint(FEWEST, MOST)]
    return sorted(chosen, key=lambda one: (not one.while_starting, one.after))


async def inject(stack: FaultStack, fault: Fault, started: asyncio.Future[None]) -> FaultInterval:
    """Wait for a fault's second, make it, and take it back; return when it was on."""
    if not fault.while_starting:
        await asyncio.wait([started])
    await asyncio.sleep(fault.after)
    began = time.time()
    async with _MAKERS[fault.kind](stack, fault):
        await asyncio.sleep(fault.seconds)
    return FaultInterval(fault, began, time.time())


@contextlib.asynccontextmanager
async def _killed(stack: FaultStack, fault: Fault) -> AsyncIterator[None]:
    async with stack.down(fault.part):
        yield


@contextlib.asynccontextmanager
async def _paused(stack: FaultStack, fault: Fault) -> AsyncIterator[None]:
    part = stack.parts[fault.part]
    async with part.lock:
        part.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        part.signal(signal.SIGCONT)


@contextlib.asynccontextmanager
async def _read_only(stack: FaultStack, _: Fault) -> AsyncIterator[None]:
    await _alter(stack, "alter system set default_transaction_read_only = on")
    try:
        yield
    finally:
        await _alter(stack, "alter system reset default_transaction_read_only")


async def _alter(stack: FaultStack, statement: str) -> None:
    while True:
        try:
            async with stack.database() as database:
                await database.execute(statement)
                await database.execute("select pg_reload_conf()")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return


@contextlib.asynccontextmanager
async def _full(stack: FaultStack, _: Fault) -> AsyncIterator[None]:
    """Fill the disk of PostgreSQL to its last page, the write-ahead log's place included."""
    ballast = (stack.disk or stack.folder) / "ballast"
    descriptor = os.open(ballast, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        # PostgreSQL takes some of it meanwhile.
        for _attempt in range(20):
            with contextlib.suppress(OSError):
                os.posix_fallocate(descriptor, os.fstat(descriptor).st_size, shutil.disk_usage(ballast.parent).free)
        yield
    finally:
        os.close(descriptor)
        ballast.unlink()


@contextlib.asynccontextmanager
async def _clock_off(stack: FaultStack, fault: Fault) -> AsyncIterator[None]:
    """Start the part again under a wrong time of day, and afterwards under the right one."""
    ahead = fault.kind is FaultKind.CLOCK_AHEAD
    async with stack.down(fault.part):
        stack.clock_off[fault.part] = CLOCK_OFF if ahead else -CLOCK_OFF
    try:
        yield
    finally:
        async with stack.down(fault.part):
            del stack.clock_off[fault.part]


_MAKERS: dict[FaultKind, Callable[[FaultStack, Fault], contextlib.AbstractAsyncContextManager[None]]] = {
    FaultKind.KILL: _killed,
    FaultKind.PAUSE: _paused,
    FaultKind.READ_ONLY: _read_only,
    FaultKind.FULL: _full,
    FaultKind.CLOCK_AHEAD: _clock_off,
    FaultKind.CLOCK_BEHIND: _clock_off,
}
