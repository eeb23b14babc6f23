"""When the pairs of a cohort can no longer change (A23)."""

from datetime import datetime


def why_pairs_are_final(
    published_run: int | None, *, asks_first: bool, started: bool, kickoff_at: datetime | None, now: datetime
) -> str | None:
    """Return why nothing can be matched or published any more, or None while it can.

    Where both sides are asked first, another run may be published until the mentorships start (``kickoff_at``, UTC).
    """
    begins = kickoff_at is not None and kickoff_at <= now
    if published_run is None or (asks_first and not started and not begins):
        return None
    return f"Match run {published_run} is published; the pairs stand."
