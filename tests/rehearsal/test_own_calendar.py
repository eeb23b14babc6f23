"""The checks' own calendar: it agrees with the program's on every day, and reads days as both locales write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import months_after
from domain.formatting import format_weekday
from rehearsal.checks.own_calendar import months_later, names_day, names_day_and_year

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(day=DAYS, months=st.integers(0, 60))
def test_both_calendars_come_to_the_same_day(day: date, months: int) -> None:
    assert months_later(day, months) == months_after(day, months)


@pytest.mark.parametrize("locale", ["en_US", "en_GB"])
@given(day=DAYS)
def test_day_is_read_as_it_is_written_with_and_without_its_year(locale: str, day: date) -> None:
    assert names_day_and_year(f"It ends on {format_weekday(day, locale)}.", day)
    assert names_day(f"It ends on {format_weekday(day, locale, today=day)}.", day)


@pytest.mark.parametrize(
    "text",
    ["Tuesday, November 1, 2020", "Tuesday, November 10, 2021", "Monday, November 10", "November 10", "10 November"],
)
def test_another_day_or_one_without_its_weekday_is_not_taken_for_it(text: str) -> None:
    assert not names_day(text, date(2020, 11, 10))
