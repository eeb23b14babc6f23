"""Days, times and lists as people read them, in their cohort's locale and their language (Unicode CLDR, by Babel)."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists

from domain.languages import gettext, local_locale
from schemas.enums import Language

DEFAULT_LOCALE = "en_US"
MIDDAY = time(12)


def format_day(day: date, locale: str = DEFAULT_LOCALE, *, today: date | None = None) -> str:
    """Return a day such as ``May 10, 2019``; without the year where ``today`` makes it clear: ``May 10``."""
    return _format_date(day, "long", local_locale(locale), today)


def format_weekday(day: date, locale: str = DEFAULT_LOCALE, *, today: date | None = None) -> str:
    """Return a day with its weekday, such as ``Friday, May 10, 2019`` or, where the year is clear, ``Friday, May 10``.

    It is clear in ``today``'s year, and of the days to come within a year; without ``today`` the year is always there.
    """
    return _format_date(day, "full", local_locale(locale), today)


def format_month(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Return a day's month, such as ``May 2019``."""
    return dates.format_skeleton("yMMMM", day, locale=local_locale(locale))


def format_time(at: time, locale: str = DEFAULT_LOCALE) -> str:
    """Return a time of day, such as ``9:00 AM`` or ``noon``."""
    if at == MIDDAY and local_locale(locale).language == "en":
        return str(local_locale(locale).day_periods["format"]["wide"]["noon"])
    return _with_plain_spaces(dates.format_time(at, "short", locale=local_locale(locale)))


def format_time_span(begins: time, ends: time, locale: str = DEFAULT_LOCALE) -> str:
    """Return a span of time, such as ``9:00 AM to noon``."""
    return gettext("%(begins)s to %(ends)s", begins=format_time(begins, locale), ends=format_time(ends, locale))


def format_moment(moment: datetime, zone: str, locale: str = DEFAULT_LOCALE) -> str:
    """Return a moment in a time zone, such as ``May 10, 2019, 9:00 AM CDT``. ``moment`` is aware."""
    wall = moment.astimezone(ZoneInfo(zone))
    # CLDR names America's zones only for American readers; the zone's own abbreviation says the same to everybody.
    return f"{format_day(wall.date(), locale)}, {format_time(wall.time(), locale)} {wall:%Z}"


def format_list(items: Sequence[str], locale: str = DEFAULT_LOCALE) -> str:
    """Return items as a sentence lists them, such as ``Ada, Bo, and Cy``."""
    return lists.format_list(items, locale=local_locale(locale))


def month_names() -> dict[str, int]:
    """Return the numbers of the months by their names in every language, in small letters."""
    return dict(_names("months"))


def weekday_names() -> dict[str, int]:
    """Return the numbers of the weekdays (Monday is 0) by their names in every language, in small letters.

    People leave out accents, so each name is there without them, too.
    """
    names = list(_names("days"))
    return {plain: number for name, number in names for plain in (name, _without_accents(name))}


def _names(which: str) -> Iterator[tuple[str, int]]:
    for language in Language:
        for number, name in getattr(Locale(language), which)["format"]["wide"].items():
            yield name.lower(), number


def _without_accents(name: str) -> str:
    return "".join(char for char in normalize("NFD", name) if not combining(char))


# A mailing says the same few days in each of its emails.
@lru_cache(maxsize=1024)
def _format_date(day: date, length: Literal["long", "full"], locale: Locale, today: date | None) -> str:
    pattern = locale.date_formats[length].pattern
    if locale.language == Language.SPANISH:
        # CLDR's comma is for a day that stands alone; within a sentence it is "el viernes 10 de mayo" (RAE).
        pattern = pattern.replace("EEEE,", "EEEE")
    if today is not None and _year_is_clear(day, today):
        # Babel finds no pattern of CLDR's for a whole weekday without a year, so the year is cut from the one with it.
        pattern = re.sub(r",?( 'de')? y+", "", pattern)
    return dates.format_date(day, pattern, locale)


def _year_is_clear(day: date, today: date) -> bool:
    # In May, "November 10" is this year's: an end 18 months away needs its year.
    if day.year == today.year + 1:
        return (day.month, day.day) < (today.month, today.day)
    return day.year == today.year


def _with_plain_spaces(text: str) -> str:
    # CLDR separates "AM" from its hour by U+202F, which fonts of PDFs and some terminals cannot draw.
    return text.replace("\u202f", " ")
