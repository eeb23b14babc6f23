"""Days as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.date_parsing import MAX_DAYS, parse_day, parse_days
from domain.formatting import format_day, format_weekday

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "typed",
    [
        *("2019-05-03", "2019-5-3", " 2019-05-03 ", "5/3/2019", "05/03/2019", "5/3/19"),
        *("May 3, 2019", "may 3 2019", "May 3rd, 2019", "3 May 2019", "3rd May, 2019"),
        *("Friday, May 3, 2019", "Friday, 3 May 2019", "Fri. 5/3/2019", "fri May 3 2019", "3-May-2019", "5-3-2019"),
        *("2019/05/03", "２０１９-05-03", "\u200e5/3/2019\u200e", "3rd of May 2019", "Friday 2019–05–03"),
        *("May 3, 2019 (Friday)", "5/3/2019 Fri", "on Friday, the 3rd of May 2019"),
    ],
)
def test_one_day_is_read_however_it_is_written(typed: str) -> None:
    assert parse_day(typed) == date(2019, 5, 3)


@pytest.mark.parametrize("typed", ["Sep 1, 2019", "Sept. 1, 2019", "September 1 2019"])
def test_months_may_be_shortened(typed: str) -> None:
    assert parse_day(typed) == date(2019, 9, 1)


@pytest.mark.parametrize("typed", ["2019-02-29", "13/1/2019", "Foo 3 2019", "0/1/2019", "Mayor 3 2019", "0000-01-01"])
def test_day_that_does_not_exist_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=f"There is no day “{typed}”"):
        parse_day(typed)


@pytest.mark.parametrize("typed", ["0026-05-10", "1999-12-31", "May 10, 2101", "12/31/9999"])
def test_year_that_nobody_means_is_named(typed: str) -> None:
    with pytest.raises(ValueError, match=rf"^“{typed}” has the year (26|1999|2101|9999)\. Please check it\.$"):
        parse_day(typed)


def test_weekday_that_is_another_day_is_named() -> None:
    with pytest.raises(ValueError, match="“Thursday, May 3, 2019” has the wrong weekday: it is Friday, May 3, 2019"):
        parse_days("Monday, June 3, 2019; Thursday, May 3, 2019")


@pytest.mark.parametrize("locale", ["en_US"])
@given(day=DAYS)
def test_what_our_pages_write_is_read_again(locale: str, day: date) -> None:
    assert parse_days(format_weekday(day, locale)) == (day,)
    assert parse_day(format_day(day, locale)) == day


@pytest.mark.parametrize(
    "typed", ["soon", "10.5.2019", "5-10", "٢٠١٩-٠٥-١٠", "2019-05-10T09:00", "x" * 5000, "1 " * 200_000, "ﷺ" * 200_000]
)
def test_anything_else_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValueError, match="is not a date") as error:
        parse_day(typed)
    assert len(str(error.value)) < 120


@pytest.mark.parametrize(
    "typed",
    [
        *("2019-06-01\n2019-09-02", "9/2/2019, 6/1/2019,", "June 1, 2019, Sep 2, 2019; 6/1/19"),
        *("6/1/2019 9/2/2019", "June 1, 2019 and September 2, 2019", "Saturday, June 1, 2019, Monday, Sep 2, 2019"),
        *("• 6/1/2019\n• 9/2/2019", "- June 1, 2019\n- Sep 2, 2019", "1. 6/1/2019\n2. 9/2/2019", "6/1/2019 & 9/2/2019"),
    ],
)
def test_several_days_come_in_order_and_once(typed: str) -> None:
    assert parse_days(typed) == (date(2019, 6, 1), date(2019, 9, 2))


def test_more_days_than_a_mentorship_has_meetings_are_refused() -> None:
    days = [date(2019, 6, 1) + timedelta(days=count) for count in range(MAX_DAYS + 1)]
    assert len(parse_days("\n".join(map(str, days[1:])))) == MAX_DAYS
    with pytest.raises(ValueError, match="These are 41 days"):
        parse_days("\n".join(map(str, days)))


@given(st.lists(DAYS, max_size=MAX_DAYS))
def test_what_was_read_is_read_again(days: list[date]) -> None:
    assert parse_days(",".join(day.isoformat() for day in days)) == tuple(sorted(set(days)))


@given(st.text(max_size=40))
def test_nothing_typed_is_worse_than_refused(typed: str) -> None:
    try:
        parse_days(typed)
    except ValueError as error:
        assert str(error).endswith(".")  # noqa: PT017 - either way is right
