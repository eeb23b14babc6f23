"""Who wants to leave their mentorship, and when it ends unless they take it back."""

from datetime import datetime

from schemas.enums import Side
from schemas.mentorship.my_mentorship import Leaving
from storage.database import Db, queries


async def save_leaving(db: Db, leaving: Leaving) -> bool:
    """Store that somebody wants to leave; return False where they said so already."""
    return bool(await queries.save_leaving(db, **leaving.model_dump()))


async def undo_leaving(db: Db, mentorship: str, side: Side, now: datetime) -> bool:
    """Store that somebody stays after all; return False where they are not leaving, or it is too late."""
    return bool(await queries.undo_leaving(db, mentorship_id=mentorship, side=side, now=now))


async def open_leaving(db: Db, mentorship: str, side: Side) -> Leaving | None:
    """Return that one side of a mentorship is leaving, or None."""
    row = await queries.open_leaving(db, mentorship_id=mentorship, side=side)
    return None if row is None else Leaving(**row)


async def open_leavings(db: Db) -> tuple[Leaving, ...]:
    """Return everybody who is leaving, whether or not it is time."""
    return tuple([Leaving(**row) async for row in queries.open_leavings(db)])


async def set_done(db: Db, leaving: Leaving, now: datetime) -> None:
    """Record that the mentorship has ended."""
    key = leaving.model_dump(include={"mentorship_id", "side", "asked_at"})
    await queries.set_leaving_done(db, **key, now=now)
