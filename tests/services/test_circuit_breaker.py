"""While Temporal is away, one call in half a minute finds out whether it is back; the others fail at once."""

from datetime import timedelta

import pytest

from schemas.errors import SignalRefused, TemporalUnavailable
from services.circuit_breaker import OPEN_FOR, CircuitBreaker


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, time: timedelta) -> None:
        self.now += time.total_seconds()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(clock)


def reaches(breaker: CircuitBreaker, failure: type[TemporalUnavailable] | None = None) -> bool:
    """Tell whether a call gets to Temporal, which then fails in this way."""
    reached = False
    try:
        with breaker.guard():
            reached = True
            if failure:
                raise failure("away")
    except TemporalUnavailable:
        pass
    return reached


def test_after_a_failure_calls_fail_at_once_until_half_a_minute_passed(breaker: CircuitBreaker, clock: Clock) -> None:
    assert reaches(breaker, TemporalUnavailable)
    assert not reaches(breaker)
    clock.pass_(OPEN_FOR)
    assert reaches(breaker, TemporalUnavailable)
    assert not reaches(breaker)
    clock.pass_(OPEN_FOR)
    assert [reaches(breaker), reaches(breaker)] == [True, True]


def test_only_one_call_at_a_time_finds_out_whether_temporal_is_back(breaker: CircuitBreaker, clock: Clock) -> None:
    reaches(breaker, TemporalUnavailable)
    clock.pass_(OPEN_FOR)
    with breaker.guard():
        assert not reaches(breaker)
    assert reaches(breaker)


def test_call_that_temporal_refuses_is_an_answer(breaker: CircuitBreaker) -> None:
    assert reaches(breaker, SignalRefused)
    assert reaches(breaker)
