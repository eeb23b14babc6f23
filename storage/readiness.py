"""What each side checked on its own list of what to do before they begin."""

from collections.abc import Iterable
from datetime import datetime

from schemas.enums import Side
from storage.database import Db, queries


async def checked(db: Db, mentorship_id: str, side: Side) -> tuple[str, ...]:
    """Return what one side has checked; nothing where they never opened the list."""
    return tuple(await queries.checked_items(db, mentorship_id=mentorship_id, side=side) or ())


async def save_checked(db: Db, mentorship_id: str, side: Side, items: Iterable[str], now: datetime) -> None:
    """Store what one side has checked; the last list counts."""
    await queries.save_checked_items(db, mentorship_id=mentorship_id, side=side, items=list(items), now=now)
