"""Personal links: one per person and cohort, stored as a hash; it opens all that the person can do now."""

from datetime import datetime

from schemas.errors import LinkRevoked
from storage.database import Connection, Db, queries


async def ensure(db: Db, cohort_id: str, person_id: str, token_hash: bytes, *, key_id: str | None = None) -> None:
    """Store somebody's link; a second run changes nothing, and a revoked link stays revoked."""
    await queries.ensure_personal_link(
        db, cohort_id=cohort_id, person_id=person_id, token_hash=token_hash, key_id=key_id
    )


async def owner(db: Db, token_hash: bytes) -> tuple[str, str] | None:
    """Return the cohort and the person a link belongs to, or None where it is unknown or revoked."""
    row = await queries.personal_link_owner(db, token_hash=token_hash)
    return None if row is None else (row["cohort_id"], row["person_id"])


async def hold(db: Connection, token_hash: bytes) -> None:
    """Let whoever revokes a link wait until the caller's transaction ends; raises LinkRevoked where they were first.

    What outlives a link, as a calendar does, ends with it: so it must not come into being a moment after.
    """
    if not await queries.hold_personal_link(db, token_hash=token_hash):
        raise LinkRevoked


async def count_revoked(db: Db, cohort_id: str, person_id: str) -> int:
    """Return how often somebody's link was revoked; after each time the next email has a new one."""
    return int(await queries.revoked_personal_links(db, cohort_id=cohort_id, person_id=person_id))


async def revoke(db: Db, cohort_id: str, person_id: str, now: datetime) -> None:
    """Revoke somebody's links, because the mailbox they were sent to is no longer theirs."""
    await queries.revoke_personal_links(db, cohort_id=cohort_id, person_id=person_id, now=now)
