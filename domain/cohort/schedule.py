"""Whether a cohort's dates leave enough time between the last day to apply and the kickoff."""

from datetime import timedelta

from schemas.cohort.settings import CohortSettings

# Staff look at the applications and match them.
DAYS_TO_MATCH = 3
# Staff confirm what nobody declined, after the last day to answer.
DAYS_TO_CONFIRM = 1


def too_little_time(settings: CohortSettings) -> str | None:
    """Say how many days there must be between close and kickoff for every pair to start, or None where there are."""
    if settings.applications is None:
        return None
    answer_days = settings.proposals.answer_days if settings.proposals else 0
    needed = DAYS_TO_MATCH + (answer_days + DAYS_TO_CONFIRM if answer_days else 0)
    days = settings.kickoff_day - settings.applications.closes_on
    if days >= timedelta(days=needed):
        return None
    parts = f"{DAYS_TO_MATCH} to match" + (
        f", {answer_days} to answer, {DAYS_TO_CONFIRM} to confirm" if answer_days else ""
    )
    return f"Between close and kickoff there must be {needed} days ({parts}), and there are {days.days}."
