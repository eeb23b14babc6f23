"""What emails tell beyond what they ask: how a mentorship ended, and what is still to come."""

from datetime import date

from schemas.enums import Outcome
from schemas.mentorship.responses import DueMilestone
from storage.database import Db, queries


async def outcome_of(db: Db, mentorship: str) -> Outcome | None:
    """Return how a mentorship ended, or None while it is recorded as running."""
    outcome = await queries.outcome_of(db, mentorship_id=mentorship)
    return None if outcome is None else Outcome(outcome)


async def milestones_after(db: Db, mentorship: str, day: date) -> tuple[DueMilestone, ...]:
    """Return what opens after a day and is still part of a mentorship's plan, in order."""
    rows = queries.milestones_after(db, mentorship_id=mentorship, day=day)
    return tuple([DueMilestone(**{name: row[name] for name in DueMilestone.model_fields}) async for row in rows])
