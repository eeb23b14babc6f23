"""Who wants to stay in touch with their partner after the end."""

from datetime import datetime

from schemas.enums import Side
from storage.database import Db, queries


async def wishes(db: Db, mentorship_id: str) -> dict[Side, bool]:
    """Return whether each side wants to stay in touch; who has not said so is left out."""
    rows = queries.wishes_to_stay_in_touch(db, mentorship_id=mentorship_id)
    return {Side(row["side"]): row["wanted"] async for row in rows}


async def save_wish(db: Db, mentorship_id: str, side: Side, now: datetime, *, wanted: bool) -> None:
    """Store whether one side wants to stay in touch; the last answer counts."""
    await queries.save_wish_to_stay_in_touch(db, mentorship_id=mentorship_id, side=side, wanted=wanted, now=now)
