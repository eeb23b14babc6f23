"""American words as British readers get them: every date, time and list in their form, and nothing else changed."""

import re
from datetime import datetime

from babel.dates import format_date, format_time

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"(?P<month>{_MONTHS}) (?P<day>\d{{1,2}})(?P<year>, 20\d\d)?\b")
_TIME = re.compile(r"\b\d{1,2}:\d\d [AP]M\b")
# The lists that pages make, of who may read an answer: British readers put no comma before the last "and".
_READERS = re.compile(r"((?:Who can see (?:this|your answers?):|below, also) [^.]*), and ")


def in_british(text: str) -> str:
    """Return American words with every date, time and list as Babel's data has it for British readers."""
    return _READERS.sub(r"\1 and ", _TIME.sub(_time, _DATE.sub(_date, text)))


def _date(found: re.Match[str]) -> str:
    # The year is read for the day alone, so a leap year will do for a date that has none.
    year = found["year"] or ", 2020"
    day = datetime.strptime(f"{found['month']} {found['day']}{year}", "%B %d, %Y").date()  # noqa: DTZ007 - a date has no zone
    return format_date(day, "d MMMM y" if found["year"] else "d MMMM", "en_GB")


def _time(found: re.Match[str]) -> str:
    at = datetime.strptime(found[0], "%I:%M %p").time()  # noqa: DTZ007 - a time of day has no zone
    return format_time(at, "short", locale="en_GB")
