"""Days and their words as the checks compute them: plain calendar arithmetic, apart from the program's own."""

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

# An automatic email waits for a business day, and for three days after the last one.
EMAILED_WITHIN = timedelta(days=10)


def months_later(day: date, months: int) -> date:
    """Return the day with the same number some months later, or the last day of a month that has none of it."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def local_date(moment: datetime, zone: str) -> date:
    """Return the day of a moment where the cohort is."""
    return moment.astimezone(ZoneInfo(zone)).date()


def names_day(text: str, day: date) -> bool:
    """Tell whether a text names a day with its weekday, in American or British order; the year may be left out."""
    weekday, month = calendar.day_name[day.weekday()], calendar.month_name[day.month]
    american = rf"{weekday}, {month} {day.day}\b(?:, {day.year}\b|(?!, \d{{4}}))"
    british = rf"{weekday},? {day.day} {month}\b(?: {day.year}\b|(?! \d{{4}}))"
    return re.search(f"{american}|{british}", text) is not None


def names_day_and_year(text: str, day: date) -> bool:
    """Tell whether a text names a day with its weekday and its year."""
    return names_day(text, day) and str(day.year) in text


def soon_after(day: date, first: date) -> bool:
    """Tell whether a day is the first possible one for an email, or one on which it may still leave."""
    return first <= day <= first + EMAILED_WITHIN
