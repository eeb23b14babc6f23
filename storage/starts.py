"""Starting a cohort's mentorships: which are not started yet, and how far the start has come."""

from collections.abc import Sequence
from datetime import datetime

from schemas.kickoff.start import PendingStart, StartProgress
from storage.database import Db, queries
from storage.kickoff import published_pairs


async def pending_starts(db: Db, cohort_id: str) -> tuple[PendingStart, ...]:
    """Return the mentorships of a cohort that are stored and not started."""
    rows = queries.pending_starts(db, cohort_id=cohort_id)
    return tuple([PendingStart(id=row["id"], goals=row["goals"]) async for row in rows])


async def set_started(db: Db, mentorships: Sequence[str], now: datetime) -> None:
    """Record that mentorships have their workflows; the first moment stands."""
    await queries.set_started(db, ids=list(mentorships), now=now)


async def start_progress(db: Db, cohort_id: str) -> StartProgress:
    """Return how far the start of a cohort's mentorships has come, with the published pairs that are not stored yet.

    A mentee who is in a mentorship, even one that another mentor took over, waits for no other.
    """
    row = await queries.start_progress(db, cohort_id=cohort_id)
    mentees = set(row["mentees"])
    unstored = [pair for pair in await published_pairs(db, cohort_id) if pair.mentee_id not in mentees]
    may_start = sum(pair.can_start for pair in unstored)
    return StartProgress(
        started=row["started"], waiting=row["unstarted"] + may_start, held_back=len(unstored) - may_start
    )
