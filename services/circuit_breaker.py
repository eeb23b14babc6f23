"""A circuit breaker: while Temporal is away, one person in half a minute waits for it, and nobody else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from schemas.errors import SignalRefused, TemporalUnavailable

OPEN_FOR = timedelta(seconds=30)


class CircuitBreaker:
    """Guards calls to Temporal that nothing depends on at once, such as signals that the sweeper repeats."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failing = False
        self._open_until = 0.0

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Run the block, or raise TemporalUnavailable at once where a block failed with it a moment ago."""
        if self._clock() < self._open_until:
            raise TemporalUnavailable("Temporal did not answer a moment ago.")
        if self._failing:
            # This block tries; others are spared meanwhile.
            self._open()
        try:
            yield
        except SignalRefused:
            self._close()
            raise
        except TemporalUnavailable:
            self._open()
            raise
        else:
            self._close()

    def _open(self) -> None:
        self._failing = True
        self._open_until = self._clock() + OPEN_FOR.total_seconds()

    def _close(self) -> None:
        self._failing = False
        self._open_until = 0.0
