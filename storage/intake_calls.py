"""What staff know of mentees whose intake has gaps: their last reminder, and the note of the last call."""

from typing import Any

from schemas.actor import Actor
from storage.database import Db, queries


async def contacts(db: Db, cohort_id: str) -> dict[str, dict[str, Any]]:
    """Return ``reminded_at``, ``called_at``, ``called_by`` and ``note`` of the mentees who have any, by id."""
    return {
        row["person_id"]: {
            "reminded_at": row["reminded_at"],
            "called_at": row["called_at"],
            "called_by": Actor.parse(row["actor"]).name if row["actor"] else "",
            "note": row["note"] or "",
        }
        async for row in queries.intake_contacts(db, cohort_id=cohort_id)
    }
