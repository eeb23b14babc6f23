"""What addresses did not take, at the relay or later."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg

from schemas.emails.incoming import SoftBounced
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailState, IncomingKind
from storage.database import Db, queries
from storage.outbox import queued_email

SOFT_BOUNCES_WITHIN = timedelta(days=7)


@asynccontextmanager
async def reading_alone(pool: asyncpg.Pool) -> AsyncIterator[bool]:
    """Yield whether no other worker reads the mailbox for bounces while the block lasts."""
    # The lock belongs to the connection: it ends with a worker that dies.
    async with pool.acquire() as connection:
        alone: bool = await queries.lock_mailbox(connection)
        try:
            yield alone
        finally:
            if alone:
                await queries.unlock_mailbox(connection)


async def bounced_email(db: Db, token_hash: bytes) -> QueuedEmail | None:
    """Return the email whose envelope sender has a token, or None."""
    row = await queries.bounced_email(db, token_hash=token_hash)
    return None if row is None else queued_email(row)


async def save_bounce(
    db: Db, email_key: str, source: str, code: str, *, plain_kind: IncomingKind | None = None
) -> bool:
    """Keep that an address did not take an email; return False where this bounce was kept before.

    ``plain_kind`` is what a bounce says that is no report.
    """
    kept = await queries.save_bounce(db, email_key=email_key, source=source, code=code, plain_kind=plain_kind)
    return kept is not None


async def other_plain_bounces(
    db: Db, email_key: str, plain_kind: IncomingKind, since: datetime
) -> dict[str, bytes | None]:
    """Return by key the tokens' hashes of other emails of a cohort that came back by plain words of the same kind."""
    rows = queries.other_plain_bounces(db, email_key=email_key, plain_kind=plain_kind, since=since)
    return {row["key"]: row["bounce_hash"] async for row in rows}


async def set_email_bounced(db: Db, key: str, state: EmailState, failure: str) -> None:
    """Record that an email came back which the relay had taken."""
    await queries.set_email_bounced(db, key=key, state=state, failure=failure)


async def soft_bounced(db: Db, cohort_id: str | None = None) -> tuple[SoftBounced, ...]:
    """Return whose address failed within a week, twice or for good by plain words, and is not undeliverable.

    Of one cohort, or of all.
    """
    since = datetime.now(UTC) - SOFT_BOUNCES_WITHIN
    return tuple([SoftBounced(**row) async for row in queries.soft_bounced(db, since=since, cohort_id=cohort_id)])
