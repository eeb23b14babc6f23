"""Who has paused their reminders, and the links to do so, stored as hashes."""

from datetime import datetime

from schemas.mentorship.responses import ReminderLink, StoredReminderLink
from storage.database import Db, queries


async def ensure_link(db: Db, cohort_id: str, person_id: str, link: StoredReminderLink) -> None:
    """Store a participant's link; it replaces the one of another address."""
    values = link.model_dump(include={"token_hash", "key_id", "mentorship_id", "side"})
    await queries.ensure_reminder_link(db, cohort_id=cohort_id, person_id=person_id, **values)


async def link_of(db: Db, cohort_id: str, person_id: str) -> StoredReminderLink | None:
    """Return a participant's link, or None before their first one."""
    row = await queries.reminder_link_of(db, cohort_id=cohort_id, person_id=person_id)
    return None if row is None else StoredReminderLink(**row)


async def link(db: Db, token_hash: bytes) -> ReminderLink | None:
    """Return what a link stands for, or None where it is unknown."""
    row = await queries.reminder_link(db, token_hash=token_hash)
    return None if row is None else ReminderLink(**row)


async def pause(db: Db, token_hash: bytes, now: datetime, until: datetime | None = None) -> bool:
    """Pause reminders, until a moment or until they are resumed; return whether that changed anything."""
    return bool(await queries.pause_reminders(db, token_hash=token_hash, now=now, until=until))


async def resume(db: Db, token_hash: bytes, now: datetime) -> bool:
    """Send reminders again; return whether that changed anything."""
    return bool(await queries.resume_reminders(db, token_hash=token_hash, now=now))
