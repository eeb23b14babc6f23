"""A cohort's locale changes the dates and times of its emails, and nothing else."""

import re
from datetime import datetime

import pytest
from babel.dates import format_date, format_time

from emails.kinds._base.email import EmailContext
from emails.rendering import render
from emails.samples import SAMPLE_COHORT, all_samples

BRITISH = all_samples(SAMPLE_COHORT.model_copy(update={"locale": "en_GB"}))
AMERICAN = all_samples(SAMPLE_COHORT)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
AMERICAN_DATE = re.compile(rf"({MONTHS}) (\d{{1,2}})(, 20\d\d)?")
AMERICAN_TIME = re.compile(r"\d{1,2}:\d\d [AP]M")


def in_british(text: str) -> str:
    """Return American words with every date and time as Babel writes it for British readers."""
    return AMERICAN_TIME.sub(_time_in_british, AMERICAN_DATE.sub(_date_in_british, text))


def _date_in_british(found: re.Match[str]) -> str:
    year = found[3] or ", 2020"
    day = datetime.strptime(f"{found[1]} {found[2]}{year}", "%B %d, %Y").date()  # noqa: DTZ007 - a date has no zone
    return format_date(day, "d MMMM y" if found[3] else "d MMMM", "en_GB")


def _time_in_british(found: re.Match[str]) -> str:
    at = datetime.strptime(found[0], "%I:%M %p").time()  # noqa: DTZ007 - a time of day has no zone
    return format_time(at, "short", locale="en_GB")


@pytest.mark.parametrize("name", list(AMERICAN))
def test_british_emails_differ_in_dates_and_times_only(name: str) -> None:
    def words(context: EmailContext) -> str:
        email = render(context)
        return " ".join(f"{email.subject}\n{email.text}".split())

    assert words(BRITISH[name]) == in_british(words(AMERICAN[name]))


def test_some_emails_do_differ() -> None:
    differ = [name for name in AMERICAN if render(AMERICAN[name]).text != render(BRITISH[name]).text]
    assert len(differ) > len(AMERICAN) / 2
