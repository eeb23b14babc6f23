"""What a block costs: seconds by the clock, and those of all processors in this process and in those it started."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import psutil

# Looking costs time itself: a hundredth of a second where a machine has many processes.
SAMPLED_EACH_SECONDS = 1.0
Figures = dict[str, float]


class ProcessorTime:
    """Adds up what this process and all below it have worked, those that have ended included."""

    def __init__(self) -> None:
        """Begin at what was worked until now."""
        self._known: dict[tuple[int, float], float] = {}
        self._sample()
        self._before = sum(self._known.values())

    def seconds(self) -> float:
        """Return the processor's seconds since the beginning."""
        self._sample()
        return sum(self._known.values()) - self._before

    async def watch(self) -> None:
        """Look again and again, so that a process that ends is missed by a moment at most."""
        while True:
            self._sample()
            await asyncio.sleep(SAMPLED_EACH_SECONDS)

    def _sample(self) -> None:
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                self._known[process.pid, process.create_time()] = times.user + times.system


@contextlib.asynccontextmanager
async def measured(figures: Figures) -> AsyncIterator[None]:
    """Note the seconds of a block, by the clock and by all processors."""
    worked, began = ProcessorTime(), time.perf_counter()
    watching = asyncio.create_task(worked.watch())
    yield
    figures["seconds"] = round(time.perf_counter() - began, 1)
    watching.cancel()
    figures["cpu_seconds"] = round(worked.seconds(), 1)
