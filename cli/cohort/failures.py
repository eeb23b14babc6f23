"""What a cohort's workflow retries, as sentences."""

from zoneinfo import ZoneInfo

from schemas.cohort.messages import FailingActivity

UNKNOWN_FAILURE = "unknown, because no worker answers; start one: mile up, or mile worker"


def failure_sentence(failure: FailingActivity, time_zone: str) -> str:
    """Say which activity fails, and since when in the cohort's time zone."""
    since = failure.since.astimezone(ZoneInfo(time_zone))
    return f"{failure.activity.replace('_', ' ')}, since {since:%Y-%m-%d %H:%M}; retries every ten minutes"
