"""Whether a cohort's dates leave enough time between the last day to apply and the kickoff."""

from datetime import date, timedelta

from domain.calendar import business_day
from schemas.cohort.settings import CohortSettings

# Staff look at the applications and match them.
DAYS_TO_MATCH = 3
# Staff confirm what nobody declined, after the last day to answer.
DAYS_TO_CONFIRM = 1
DAY = timedelta(days=1)


def too_little_time(settings: CohortSettings) -> str | None:
    """Say by when applications must close for every pair to start, or None where they do.

    Staff match and confirm on business days, as the emails about it leave (domain/cohort/campaigns.py).
    """
    if settings.applications is None or _ready_on(settings, settings.applications.closes_on) <= settings.kickoff_day:
        return None
    latest = settings.kickoff_day
    while _ready_on(settings, latest) > settings.kickoff_day:
        latest -= DAY
    answer_days = _answer_days(settings)
    steps = f"{DAYS_TO_MATCH} days to match" + (
        f", {answer_days} to answer and {DAYS_TO_CONFIRM} to confirm" if answer_days else ""
    )
    return (
        f"Applications close on {settings.applications.closes_on}, too late for the kickoff: there must be {steps}, "
        f"and staff need business days. Let them close by {latest}."
    )


def _ready_on(settings: CohortSettings, closes_on: date) -> date:
    """Return the day on which every pair can be final if applications close on a day."""
    matched_on = business_day(closes_on + DAYS_TO_MATCH * DAY)
    answer_days = _answer_days(settings)
    return business_day(matched_on + (answer_days + DAYS_TO_CONFIRM) * DAY) if answer_days else matched_on


def _answer_days(settings: CohortSettings) -> int:
    return settings.proposals.answer_days if settings.proposals else 0
