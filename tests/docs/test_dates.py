"""Dates and times for people are written by domain/formatting.py alone, so that a cohort's locale reaches them all."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = (
    "activities",
    "cli",
    "domain",
    "emails",
    "rehearsal",
    "runtime",
    "schemas",
    "services",
    "storage",
    "web",
    "workflows",
)
# Names of days and months, twelve-hour clocks, days without leading zeros, and Babel itself.
OTHER_WAYS = re.compile(
    r"%[AaBbpI]\b|%-d|\.day\} ?\{|%d/%m|%m/%d|from babel(?:\.dates|\.lists)? import (?!localedata)|import babel"
)
ALLOWED = {
    "domain/formatting.py": "the one place that knows how",
    "domain/languages.py": "finds the locale of a language, and reads catalogs",
    "rehearsal/checks/own_calendar.py": "finds them in emails, by words of its own",
}


def test_nothing_else_writes_dates_for_people() -> None:
    files = (
        file for room in ROOMS for file in (ROOT / room).rglob("*") if file.suffix in {".py", ".html", ".txt", ".typ"}
    )
    found = {str(file.relative_to(ROOT)) for file in files if OTHER_WAYS.search(file.read_text(encoding="utf-8"))}
    assert found == set(ALLOWED)
