"""The program's calendar: months as people count them, and the mornings on which emails leave."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

OFFICE_OPENS = time(9)
OFFICE_CLOSES = time(17)

# An automatic email is due in office hours; one that is late by more than this waits for them again.
LATE_AFTER = timedelta(hours=1)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later, or that month's last day where it is shorter (A6)."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last_of_month = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last_of_month)


@cache
def state_holidays() -> holidays.HolidayBase:
    """Return the holidays of the United States and of Minnesota.

    Loaded at the first call: it takes a tenth of a second, for which most commands need not wait.
    """
    return holidays.country_holidays("US", subdiv="MN")


@lru_cache(maxsize=4096)
def is_business_day(day: date) -> bool:
    """Tell whether offices in Minnesota are open: no weekend, no holiday of the United States or of the state."""
    return day.weekday() < 5 and day not in state_holidays()


def business_day(day: date, *, not_after: date | None = None) -> date:
    """Roll a day forward to a business day; where that passes ``not_after``, roll backward from there instead."""
    forward = day
    while not is_business_day(forward):
        forward += timedelta(days=1)
    if not_after is None or forward <= not_after:
        return forward
    while not is_business_day(not_after):
        not_after -= timedelta(days=1)
    return not_after


# The plans of a class ask for the same moments, each for hundreds of them.
@lru_cache(maxsize=4096)
def local_time(day: date, at: time, zone: str) -> datetime:
    """Return a local wall-clock time as a moment in UTC."""
    # Resolved here, once, and stored: a later time zone table must not move what was promised.
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def morning(day: date, zone: str) -> datetime:
    """Return 9:00 local of a day, in UTC."""
    return local_time(day, OFFICE_OPENS, zone)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the moment a local day is over, in UTC."""
    return local_time(day + timedelta(days=1), time(), zone)


def local_day(moment: datetime, zone: str) -> date:
    """Return the local date of a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def first_business_morning(moment: datetime, zone: str) -> datetime:
    """Return the first 9:00 of a business day that is not before ``moment``."""
    day = business_day(local_day(moment, zone))
    while morning(day, zone) < moment:
        day = business_day(day + timedelta(days=1))
    return morning(day, zone)


def office_day(moment: datetime, zone: str) -> date:
    """Return the local day whose office hours are not over at ``moment``: today, or tomorrow from 17:00 on."""
    wall = moment.astimezone(ZoneInfo(zone))
    return wall.date() if wall.time() < OFFICE_CLOSES else wall.date() + timedelta(days=1)


def office_moment(moment: datetime, zone: str) -> datetime:
    """Return a moment that is in office hours as it is, or else the next 9:00 of a business day."""
    wall = moment.astimezone(ZoneInfo(zone))
    if is_business_day(wall.date()) and OFFICE_OPENS <= wall.time() < OFFICE_CLOSES:
        return moment
    return first_business_morning(moment, zone)


def leaves_at(due_at: datetime, now: datetime, zone: str, *, automatic: bool) -> datetime:
    """Return when an email that was due at a moment leaves if nothing stops it now.

    Automatic ones that are late wait for office hours; what somebody's act brings about leaves at once.
    """
    late = automatic and now - due_at >= LATE_AFTER
    return office_moment(now, zone) if late else max(due_at, now)


def weekly_mornings(after: date, zone: str, *, until: datetime) -> Iterator[datetime]:
    """Yield 9:00 of the first business day of each week after a day, as long as it is before ``until``."""
    monday = after + timedelta(days=7 - after.weekday())
    while (at := morning(business_day(monday), zone)) < until:
        yield at
        monday += timedelta(days=7)


def a_week_later(moment: datetime, zone: str) -> datetime:
    """Return 9:00 of the day a week after a moment's, or of the first business day after that."""
    return morning(business_day(local_day(moment, zone) + timedelta(days=7)), zone)
