"""Days as people type them: ISO, as the United States write them, or with the month's name in their language."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time

from domain.formatting import format_weekday, month_names, weekday_names
from domain.input_files.spelling import simplified
from domain.languages import gettext
from schemas.days import YEARS

MAX_DAYS = 40
# Far more than the longest way to write a day. Some characters stand for eighteen, and the time to look for a weekday
# grows with the cube of the length.
_LONGEST = 200

# Of every language that participants read: none of them means another month or weekday in another one.
_MONTHS, _WEEKDAYS = month_names(), weekday_names()
_NAME_OF_A_DAY = rf"(?:{'|'.join(sorted({name[:3] for name in _WEEKDAYS}))})[a-z]{{0,6}}"
_WEEKDAY = rf"(?:(?:on |el )?(?P<weekday>{_NAME_OF_A_DAY})[.,]* )?(?:the |el )?"
_ISO = r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
_AMERICAN = r"(?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/](?P<year>\d{4}|\d{2})"
_MONTH_FIRST = r"(?P<month>[a-z]{3,10})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})"
_DAY_FIRST = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[- ](?:of |de )?(?P<month>[a-z]{3,10})\.?,?[- ](?:del? )?(?P<year>\d{4})"
_SPELLINGS = tuple(
    re.compile(rf"{_WEEKDAY}{spelling}(?=[ ,&]|$)", re.ASCII | re.IGNORECASE)
    for spelling in (_ISO, _AMERICAN, _MONTH_FIRST, _DAY_FIRST)
)
_WEEKDAY_BEHIND = re.compile(rf"(.*\d),? \(?({_NAME_OF_A_DAY})\)?", re.IGNORECASE)
_TIME = re.compile(r"(?P<hour>\d{1,2})(:(?P<minute>\d{2}))?(?P<half>am|pm)?", re.ASCII)
_BULLET = re.compile(r"^(?:[•·*‣▪◦●]|-(?= )|\d{1,2}[.)](?= )) *")
_BETWEEN = re.compile(r"^(?:[ ,&]|(?:and|y)\b)+", re.IGNORECASE)


def parse_day(typed: str) -> date:
    """Return the day that was typed, such as 2019-05-10, 5/10/2019, May 10, 2019 or Friday, May 10, 2019.

    Raises ValueError with a sentence that says how to write it, or that the day has another weekday or a year that
    nobody means.
    """
    tidy = simplified(typed[:_LONGEST])
    if len(typed) > _LONGEST or len(tidy) > _LONGEST:
        raise _no_date(tidy)
    tidy = _WEEKDAY_BEHIND.sub(r"\2 \1", tidy)
    found = _day_at_start(tidy)
    if not found or found[0] != tidy:
        raise _no_date(tidy)
    return _day(found)


def parse_time(typed: str) -> time:
    """Return the time of day that was typed, such as 15:30, 3:30 PM, 3 p.m. or noon.

    Raises ValueError with a sentence that says how to write it.
    """
    tidy = simplified(typed[:_LONGEST]).lower().replace(".", "").replace(" ", "")
    found = _TIME.fullmatch("12pm" if tidy == "noon" else tidy)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"] == "pm" else 0) if 1 <= hour <= 12 else 24
    if hour > 23 or minute > 59:
        raise ValueError(gettext("Please enter a time, such as 3:30 PM."))
    return time(hour, minute)


def parse_days(typed: str) -> tuple[date, ...]:
    """Return the days that were typed, in order and each once: one on each line, or between commas, blanks or "and".

    Raises ValueError with a sentence that says what to correct.
    """
    days = {parse_day(part) for line in re.split(r"[\n;]", typed) for part in _parts(simplified(line))}
    if len(days) > MAX_DAYS:
        raise ValueError(gettext("These are %(count)s days. Name %(most)s or fewer.", count=len(days), most=MAX_DAYS))
    return tuple(sorted(days))


def _parts(line: str) -> Iterator[str]:
    """Cut a line where a day ends; what is no day goes up to the next comma."""
    rest = _BULLET.sub("", line)
    while rest := _BETWEEN.sub("", rest):
        found = _day_at_start(rest)
        part = found[0] if found else rest.partition(",")[0]
        yield part.strip()
        rest = rest[len(part) :]


def _day_at_start(tidy: str) -> re.Match[str] | None:
    return next((found for spelling in _SPELLINGS if (found := spelling.match(tidy))), None)


def _day(found: re.Match[str]) -> date:
    try:
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        day = date(year, _month(found["month"].lower()), int(found["day"]))
    except ValueError:
        raise ValueError(gettext("There is no day “%(day)s”. Please check it.", day=_short(found[0]))) from None
    if year not in YEARS:
        raise ValueError(gettext("“%(day)s” has the year %(year)s. Please check it.", day=_short(found[0]), year=year))
    if found["weekday"] and day.weekday() not in _numbers(_WEEKDAYS, found["weekday"][:3]):
        raise ValueError(
            gettext(
                "“%(typed)s” has the wrong weekday: it is %(day)s. Please check it.",
                typed=_short(found[0]),
                day=format_weekday(day),
            )
        )
    return day


def _no_date(typed: str) -> ValueError:
    return ValueError(
        gettext("“%(typed)s” is not a date. Please write it like 5/10/2019 or 2019-05-10.", typed=_short(typed))
    )


def _month(written: str) -> int:
    if written.isdigit():
        return int(written)
    return min(_numbers(_MONTHS, written), default=0)


def _numbers(names: Mapping[str, int], beginning: str) -> set[int]:
    return {number for name, number in names.items() if name.startswith(beginning.lower())}


def _short(typed: str) -> str:
    return typed if len(typed) <= 40 else f"{typed[:40]}…"
