"""Days, times and lists as the readers of a locale write them."""

from datetime import UTC, date, datetime, time

import pytest

from domain.formatting import (
    format_day,
    format_list,
    format_moment,
    format_month,
    format_time,
    format_time_span,
    format_weekday,
)

KICKOFF = date(2019, 5, 10)


@pytest.mark.parametrize(
    ("locale", "day", "weekday", "short", "short_weekday"),
    [
        ("en_US", "May 10, 2019", "Friday, May 10, 2019", "May 10", "Friday, May 10"),
        ("en_GB", "10 May 2019", "Friday, 10 May 2019", "10 May", "Friday, 10 May"),
    ],
)
def test_days_are_written_as_the_locale_writes_them(
    locale: str, day: str, weekday: str, short: str, short_weekday: str
) -> None:
    assert format_day(KICKOFF, locale) == day
    assert format_weekday(KICKOFF, locale) == weekday
    assert format_day(KICKOFF, locale, today=KICKOFF) == short
    assert format_weekday(KICKOFF, locale, today=KICKOFF) == short_weekday


@pytest.mark.parametrize(
    ("today", "written"),
    [
        (date(2017, 12, 31), "May 10, 2019"),
        (date(2018, 5, 10), "May 10, 2019"),
        (date(2018, 5, 11), "May 10"),
        (date(2019, 1, 1), "May 10"),
        (date(2019, 12, 31), "May 10"),
        (date(2020, 1, 1), "May 10, 2019"),
    ],
)
def test_year_is_left_out_where_no_other_day_can_be_meant(today: date, written: str) -> None:
    assert format_day(KICKOFF, today=today) == written


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en_US", ["9:00 AM", "noon", "12:30 PM", "12:00 AM"]), ("en_GB", ["09:00", "noon", "12:30", "00:00"])],
)
def test_times_have_plain_spaces_and_midday_has_a_name(locale: str, written: list[str]) -> None:
    assert [format_time(at, locale) for at in (time(9), time(12), time(12, 30), time(0))] == written


def test_span_names_both_its_ends() -> None:
    assert format_time_span(time(9), time(12)) == "9:00 AM to noon"


def test_moment_is_written_in_its_zone_with_the_zones_abbreviation_of_that_day() -> None:
    summer, winter = datetime(2019, 5, 10, 14, tzinfo=UTC), datetime(2019, 12, 10, 15, tzinfo=UTC)
    assert format_moment(summer, "America/Chicago") == "May 10, 2019, 9:00 AM CDT"
    assert format_moment(winter, "America/Chicago", "en_GB") == "10 December 2019, 09:00 CST"


def test_month_is_written_with_its_year() -> None:
    assert format_month(KICKOFF) == "May 2019"


def test_lists_end_with_and() -> None:
    assert format_list(["Ada"]) == "Ada"
    assert format_list(["Ada", "Bo"]) == "Ada and Bo"
    assert format_list(["Ada", "Bo", "Cy"]) == "Ada, Bo, and Cy"
