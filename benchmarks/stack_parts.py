"""What each part of a local stack has worked and holds in memory: worker, Temporal, PostgreSQL, and this process."""

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from enum import StrEnum

import psutil


class MeasuredPart(StrEnum):
    """The processes of a stack without pages; the mailbox is a part of the process that started them."""

    WORKER = "worker"
    TEMPORAL = "Temporal"
    POSTGRESQL = "PostgreSQL"
    DRIVER = "driver"


# What stands in the command line of each, but for this process.
COMMANDS = {
    "worker.py": MeasuredPart.WORKER,
    "benchmarks.bare_engine": MeasuredPart.WORKER,
    "server start-dev": MeasuredPart.TEMPORAL,
    "bin/postgres": MeasuredPart.POSTGRESQL,
}
Costs = dict[str, float | dict[MeasuredPart, float]]


def processor_seconds() -> dict[MeasuredPart, float]:
    """Return the processor's seconds of each part since it started, those of processes that it outlived included."""
    worked: dict[MeasuredPart, float] = {}
    for part, process in _processes():
        times = process.cpu_times()
        of_ended = 0.0 if part is MeasuredPart.DRIVER else times.children_user + times.children_system
        worked[part] = worked.get(part, 0.0) + times.user + times.system + of_ended
    return worked


def megabytes() -> dict[MeasuredPart, float]:
    """Return the memory of each part; what several processes share, such as PostgreSQL's buffers, counts once."""
    held: dict[MeasuredPart, float] = {}
    for part, process in _processes():
        memory = process.memory_full_info()
        # Only Linux knows each process's share.
        held[part] = held.get(part, 0.0) + getattr(memory, "pss", memory.rss) / 1e6
    return {part: round(value) for part, value in held.items()}


@contextlib.asynccontextmanager
async def costs_by_part(costs: Costs) -> AsyncIterator[None]:
    """Note the seconds of a block, the processor's seconds of each part in it, and their memory at its end.

    ``others`` is how many processors other programs kept busy meanwhile: it says what the seconds are worth.
    """
    before, busy_before, began = processor_seconds(), _busy_seconds(), time.perf_counter()
    yield
    seconds = time.perf_counter() - began
    worked = {part: round(value - before.get(part, 0.0), 2) for part, value in processor_seconds().items()}
    others = (_busy_seconds() - busy_before - sum(worked.values())) / seconds
    costs |= {"seconds": round(seconds, 1), "cpu_seconds": worked, "megabytes": megabytes(), "others": round(others, 1)}


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "nice", 0.0))


def _processes() -> Iterator[tuple[MeasuredPart, psutil.Process]]:
    this = psutil.Process()
    yield MeasuredPart.DRIVER, this
    for child in this.children():
        # It may have ended meanwhile.
        with contextlib.suppress(psutil.NoSuchProcess):
            line = " ".join(child.cmdline())
            for command, part in COMMANDS.items():
                if command in line:
                    yield from ((part, process) for process in (child, *child.children(recursive=True)))
