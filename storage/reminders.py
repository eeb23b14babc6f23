"""Who has paused their reminders, and the links to do so, stored as hashes."""

from datetime import datetime

from schemas.enums import Side
from schemas.mentorship.responses import ReminderLink
from storage.database import Db, queries


async def ensure_link(
    db: Db, cohort_id: str, person_id: str, token_hash: bytes, *, key_id: str, mentorship_id: str, side: Side
) -> None:
    """Store a participant's link; it replaces the one of another address."""
    await queries.ensure_reminder_link(
        db,
        cohort_id=cohort_id,
        person_id=person_id,
        token_hash=token_hash,
        key_id=key_id,
        mentorship_id=mentorship_id,
        side=side,
    )


async def derivation_of_link(db: Db, cohort_id: str, person_id: str) -> tuple[str | None, int]:
    """Return the id of the key of a participant's link, None where they have none, and how many were revoked."""
    row = await queries.derivation_of_reminder_link(db, cohort_id=cohort_id, person_id=person_id)
    return (row["key_id"], row["revocations"]) if row else (None, 0)


async def link(db: Db, token_hash: bytes) -> ReminderLink | None:
    """Return what a link stands for, or None where it is unknown."""
    row = await queries.reminder_link(db, token_hash=token_hash)
    return None if row is None else ReminderLink(**row)


async def are_paused(db: Db, cohort_id: str, person_id: str) -> bool:
    """Tell whether a participant has paused their reminders."""
    return bool(await queries.reminders_paused(db, cohort_id=cohort_id, person_id=person_id))


async def pause(db: Db, token_hash: bytes, now: datetime) -> bool:
    """Pause reminders; return whether that changed anything."""
    return bool(await queries.pause_reminders(db, token_hash=token_hash, now=now))


async def resume(db: Db, token_hash: bytes, now: datetime) -> bool:
    """Send reminders again; return whether that changed anything."""
    return bool(await queries.resume_reminders(db, token_hash=token_hash, now=now))
