"""Months as people count them, business days, and 9:00 local whatever the clocks do (A6)."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import (
    a_week_later,
    business_day,
    end_of_day,
    first_business_morning,
    is_business_day,
    local_day,
    months_after,
    morning,
    office_day,
)

DAYS = st.dates(date(2000, 1, 1), date(2106, 12, 31))
CHICAGO = "America/Chicago"


@given(day=DAYS, months=st.integers(0, 60))
def test_month_later_is_the_same_day_or_that_months_last(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2019-05-10", 18, "2020-11-10"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2019-01-31", 1, "2019-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2019-10-31", 18, "2021-04-30"),
        ("2019-12-31", 0, "2019-12-31"),
        ("2099-08-31", 18, "2101-02-28"),
    ],
)
def test_month_ends_fall_as_people_count_them(day: str, months: int, expected: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2019-05-11", "Saturday"),
        ("2019-05-12", "Sunday"),
        ("2019-11-11", "Veterans Day"),
        ("2020-01-20", "Martin Luther King Day"),
        ("2020-07-03", "Independence Day, observed"),
        ("2019-11-28", "Thanksgiving"),
        ("2021-12-31", "New Year's Day, observed"),
        ("2021-06-18", "Juneteenth, observed"),
    ],
)
def test_nobody_is_written_to_on_a_day_off(day: str, why: str) -> None:
    assert not is_business_day(date.fromisoformat(day)), why


def test_ordinary_friday_is_a_business_day() -> None:
    assert is_business_day(date(2019, 5, 10))


@given(day=DAYS)
def test_day_off_rolls_to_the_next_business_day_and_no_further(day: date) -> None:
    rolled = business_day(day)
    assert is_business_day(rolled)
    skipped = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(is_business_day(day) for day in skipped)


@given(day=DAYS, room=st.integers(0, 10))
def test_day_off_rolls_back_where_the_next_business_day_is_too_late(day: date, room: int) -> None:
    limit = day + timedelta(days=room)
    rolled = business_day(day, not_after=limit)
    assert is_business_day(rolled)
    assert rolled <= limit
    if business_day(day) <= limit:
        assert rolled == business_day(day)
    else:
        assert not any(is_business_day(rolled + timedelta(days=n)) for n in range(1, (limit - rolled).days + 1))


def test_saturday_before_the_close_rolls_back_to_friday() -> None:
    assert business_day(date(2019, 11, 9), not_after=date(2019, 11, 11)) == date(2019, 11, 8)


@given(day=DAYS)
def test_morning_is_nine_local_in_winter_and_summer(day: date) -> None:
    wall = morning(day, CHICAGO).astimezone(ZoneInfo(CHICAGO))
    assert (wall.date(), wall.time()) == (day, time(9))


@pytest.mark.parametrize(("day", "hours"), [("2019-03-10", 23), ("2019-11-03", 25), ("2019-05-10", 24)])
def test_day_is_as_long_as_the_clocks_make_it(day: str, hours: int) -> None:
    today = date.fromisoformat(day)
    assert end_of_day(today, CHICAGO) - end_of_day(today - timedelta(days=1), CHICAGO) == timedelta(hours=hours)


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2106, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_first_morning_is_the_earliest_there_is(moment: datetime) -> None:
    morning_found = first_business_morning(moment, CHICAGO)
    earlier = [local_day(morning_found, CHICAGO) - timedelta(days=n) for n in range(1, 8)]
    assert morning_found >= moment
    assert is_business_day(local_day(morning_found, CHICAGO))
    assert all(morning(day, CHICAGO) < moment for day in earlier if is_business_day(day))


@pytest.mark.parametrize(("hour", "day"), [(13, 10), (21, 10), (22, 11), (23, 11)])
def test_office_day_turns_at_five_in_the_afternoon(hour: int, day: int) -> None:
    assert office_day(datetime(2019, 5, 10, hour, tzinfo=UTC), CHICAGO) == date(2019, 5, day)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-12-04", "2018-12-11T09:00-06:00"),
        ("2018-12-18", "2018-12-26T09:00-06:00"),
        ("2019-03-05", "2019-03-12T09:00-05:00"),
        ("2019-10-29", "2019-11-05T09:00-06:00"),
    ],
)
def test_week_later_is_nine_local_of_a_business_day_over_holidays_and_changed_clocks(day: str, expected: str) -> None:
    moment = morning(date.fromisoformat(day), CHICAGO)
    assert a_week_later(moment, CHICAGO) == datetime.fromisoformat(expected)
