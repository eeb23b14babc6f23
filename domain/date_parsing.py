"""Days as people type them: ISO, as the United States write them, or with the month's name."""

import re
from datetime import date

MAX_DAYS = 40

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_AMERICAN = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})", re.ASCII)
_SPELLINGS = (_ISO, _AMERICAN, _MONTH_FIRST, _DAY_FIRST)
# A comma separates two days unless only a year follows it, as in "May 10, 2019".
_BETWEEN = re.compile(r"[\n;]|,(?!\s*\d{4}\s*(?:[,;\n]|$))", re.ASCII)


def parse_day(typed: str) -> date:
    """Return the day that was typed, such as 2019-05-10, 5/10/2019, May 10, 2019 or 10 May 2019.

    Raises ValueError with a sentence that says how to write it.
    """
    tidy = " ".join(typed.split())
    for spelling in _SPELLINGS:
        if match := spelling.fullmatch(tidy.lower()):
            return _day(tidy, match["year"], match["month"], match["day"])
    raise ValueError(f"“{_short(tidy)}” is not a date. Please write it like 5/10/2019 or 2019-05-10.")


def parse_days(typed: str) -> tuple[date, ...]:
    """Return the days that were typed, one on each line or separated by commas, in order and each once.

    Raises ValueError with a sentence that says what to correct.
    """
    days = {parse_day(part) for part in _BETWEEN.split(typed) if part.strip()}
    if len(days) > MAX_DAYS:
        raise ValueError(f"These are {len(days)} days. Name {MAX_DAYS} or fewer.")
    return tuple(sorted(days))


def _day(typed: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), _month(month), int(day))
    except ValueError:
        raise ValueError(f"There is no day “{_short(typed)}”. Please check it.") from None


def _month(written: str) -> int:
    if written.isdigit():
        return int(written)
    named = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(written)]
    return named[0] if named else 0


def _short(typed: str) -> str:
    return typed if len(typed) <= 40 else f"{typed[:40]}…"
