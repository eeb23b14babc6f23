"""The benchmark of growth: its class is due when it says, and figures are drawn to one scale."""

from datetime import UTC, datetime

from benchmarks.growing_class import COHORT, TIMELINE
from benchmarks.growth import check_in_opens_at
from benchmarks.growth_drawing import series_drawn
from benchmarks.starting import settings_of


def test_the_check_in_opens_for_all_a_week_after_the_kickoff_and_nothing_comes_before_it() -> None:
    settings = settings_of(COHORT).model_copy(update={"timeline": TIMELINE})
    # 9:00 AM in Minnesota, the Friday after May 10.
    assert check_in_opens_at(settings) == datetime(2019, 5, 17, 14, tzinfo=UTC)


def test_memory_is_drawn_to_the_scale_of_the_most_with_the_last_figure() -> None:
    series = [{"played": 25.0 * number, "worker": 100.0 + number} for number in range(1, 101)]
    lines = series_drawn(series).splitlines()
    assert lines[0].split() == ["25", "█" * 20, "101", "MB"]
    assert lines[-1].split() == ["2,500", "█" * 40, "200", "MB"]
