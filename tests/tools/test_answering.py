"""The figures of answers, against ones worked out by hand; and that what is answered can be answered on any day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from benchmarks.answering import (
    MILESTONE,
    SINCE_KICKOFF,
    AnswerFigures,
    class_settings,
    drawing,
    figures_of,
    percentile,
)
from domain.mentorship.plan import plan
from domain.mentorship.terms import initial_terms


@pytest.mark.parametrize(
    ("values", "expected"),
    [([7.0], 7.0), ([2.0, 1.0], 2.0), ([float(number) for number in range(200, 0, -1)], 198.0)],
)
def test_99_of_100_values_are_no_more_than_the_percentile(values: list[float], expected: float) -> None:
    assert percentile(values, 99) == expected


def test_processor_time_is_shared_by_all_answers() -> None:
    figures = figures_of(2.0, [0.010, 0.020, 0.060, 0.500])
    assert figures == pytest.approx((500.0, 40.0, 500.0))


def test_ratio_is_the_median_of_those_within_each_repetition() -> None:
    bare = AnswerFigures(cpu_ms=2.0, p50_ms=5.0, p99_ms=9.0)
    # While the machine is busy both are slow: the ratio of the medians would be 3.0.
    repetitions = [
        (AnswerFigures(cpu_ms=3.0, p50_ms=10.0, p99_ms=40.0), bare),
        (AnswerFigures(cpu_ms=6.0, p50_ms=30.0, p99_ms=80.0), bare._replace(cpu_ms=5.0)),
        (AnswerFigures(cpu_ms=9.0, p50_ms=20.0, p99_ms=60.0), bare),
    ]
    lines = drawing(repetitions, 1000).splitlines()
    assert lines[0] == "1,000 answers at 50 a second, 3 repetitions:"
    assert "  ratio 1.50 (1.20 to 4.50), goal 2.0" in lines
    assert [line.split()[-5:] for line in lines if line.endswith("99 of 100")] == [
        ["60.00", "ms,", "99", "of", "100"],
        ["9.00", "ms,", "99", "of", "100"],
    ]
    assert lines[-1] == "  goal 150 ms"
    pages, other = (line.count("█") for line in lines if line.endswith("ms of CPU"))
    assert (pages, other) == (40, 13)


@pytest.mark.parametrize("days", range(0, 365, 13))
def test_the_check_in_of_the_class_is_open_whenever_it_is_measured(days: int) -> None:
    now = datetime.combine(date(2026, 1, 1) + timedelta(days=days), time(12), UTC)
    planned = plan(initial_terms(class_settings(now.date()), "large-001"), now - SINCE_KICKOFF)
    check_in = planned.milestone(MILESTONE)
    assert check_in.opens_at < now < check_in.closes_at - timedelta(days=1)
