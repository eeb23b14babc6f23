"""What a publication changes, and when the pairs of a cohort can no longer change (A23)."""

from datetime import datetime

from schemas.cohort.state import CohortState


def with_publication(state: CohortState, run: int, now: datetime) -> CohortState:
    """Return a cohort's state after a match run was published; the workflow and the preview take it in here."""
    return state.model_copy(
        update={
            "published_run": run,
            "published_at": (*state.published_at, now),
            # Matches that are final from now on are invited like the others.
            "answers_received": state.answers_received + int(state.are_invited),
        }
    )


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
