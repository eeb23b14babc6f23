"""Private calendar addresses: one per person and cohort, stored as a hash of its token."""

from datetime import datetime

from schemas.ids import applicant_scope
from storage.database import Db, queries, transaction


async def replace(db: Db, cohort_id: str, person_id: str, token_hash: bytes, now: datetime) -> None:
    """Store a new calendar address; the one before opens nothing any more."""
    async with transaction(db) as connection:
        # Two at once would each find no address to revoke.
        await queries.lock_applicant(connection, scope_id=applicant_scope(cohort_id, person_id))
        await revoke(connection, cohort_id, person_id, now)
        await queries.save_calendar_feed(
            connection, token_hash=token_hash, cohort_id=cohort_id, person_id=person_id, now=now
        )


async def revoke(db: Db, cohort_id: str, person_id: str, now: datetime) -> None:
    """Revoke somebody's calendar address, if they have one."""
    await queries.revoke_calendar_feed(db, cohort_id=cohort_id, person_id=person_id, now=now)


async def owner(db: Db, token_hash: bytes) -> tuple[str, str] | None:
    """Return the cohort and the person of a calendar address, or None where it is unknown or revoked."""
    row = await queries.calendar_feed_owner(db, token_hash=token_hash)
    return None if row is None else (row["cohort_id"], row["person_id"])


async def has_feed(db: Db, cohort_id: str, person_id: str) -> bool:
    """Tell whether somebody has a calendar address."""
    return bool(await queries.has_calendar_feed(db, cohort_id=cohort_id, person_id=person_id))
