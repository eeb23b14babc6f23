"""The outbox and the links in its emails: an email is a row before it is a byte."""

import json
from collections.abc import Sequence
from datetime import datetime

import asyncpg

from schemas.emails.messages import SendEmail
from schemas.enums import EmailState
from schemas.mentorship.responses import Link
from storage.database import Db, queries


async def claim(
    pool: asyncpg.Pool, cohort_id: str, order: SendEmail, subject: str, links: Sequence[tuple[bytes, Link]]
) -> None:
    """Claim an email's key and keep the hashes of its links' tokens; what is there already stays as it is."""
    async with pool.acquire() as connection, connection.transaction():
        await queries.claim_email(
            connection,
            key=order.key,
            scope_id=order.scope_id,
            cohort_id=cohort_id,
            kind=order.kind,
            recipient=order.to,
            subject=subject,
            asks=json.dumps([ask.model_dump() for ask in order.asks]),
            automatic=order.automatic,
            due_at=order.at,
        )
        for token_hash, link in links:
            await queries.save_link(
                connection,
                token_hash=token_hash,
                email_key=order.key,
                mentorship_id=link.mentorship_id,
                milestone=link.milestone,
                side=link.side,
            )


async def email_state(db: Db, key: str) -> EmailState | None:
    """Return where an email stands, or None where nobody asked for it yet."""
    state = await queries.email_state(db, key=key)
    return None if state is None else EmailState(state)


async def set_sending(db: Db, key: str) -> None:
    """Say that an email is about to leave."""
    await queries.set_email_sending(db, key=key)


async def set_sent(db: Db, key: str, now: datetime) -> None:
    """Say that the relay took an email, at the program's time ``now``."""
    await queries.set_email_sent(db, key=key, now=now)


async def set_undeliverable(db: Db, key: str) -> None:
    """Say that the relay refused an email's address for good."""
    await queries.set_email_undeliverable(db, key=key)


async def emails_of_scope(db: Db, scope_id: str) -> list[asyncpg.Record]:
    """Return the outbox rows of one mentorship, or of a cohort as a whole, in order of their moments."""
    return [row async for row in queries.emails_of_scope(db, scope_id=scope_id)]


async def emails_of_cohort(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return all outbox rows of a cohort, in order of their moments."""
    return [row async for row in queries.emails_of_cohort(db, cohort_id=cohort_id)]


async def enqueue(db: Db, cohort_id: str, order: SendEmail) -> None:
    """Have a letter written and sent soon, whoever keeps what brings it about in the same transaction.

    A key that was asked for before stays as it is. Nudge the letters' workflow once the transaction is committed.
    """
    await queries.enqueue_email(
        db,
        key=order.key,
        scope_id=order.scope_id,
        cohort_id=cohort_id,
        kind=order.kind,
        recipient=order.to,
        asks=json.dumps([ask.model_dump() for ask in order.asks]),
        automatic=order.automatic,
        due_at=order.at,
        requested_at=order.now,
        reason=order.reason,
        about=order.about,
    )


async def count_emails(db: Db, scope_id: str, kind: str) -> int:
    """Return how many letters of a kind a scope was asked for so far: the occurrence of the next one."""
    return int(await queries.count_emails(db, scope_id=scope_id, kind=kind))


async def waiting(db: Db, cohort_id: str, now: datetime) -> tuple[SendEmail, ...]:
    """Return the letters of a cohort that wait, oldest first; ``now`` is the engine's time, by which some rest."""
    rows = queries.waiting_emails(db, cohort_id=cohort_id, now=now)
    return tuple([_order(row) async for row in rows])


async def next_retry_at(db: Db, cohort_id: str, now: datetime) -> datetime | None:
    """Return when the first of a cohort's resting letters is tried again, or None."""
    moment: datetime | None = await queries.next_retry_at(db, cohort_id=cohort_id, now=now)
    return moment


async def cohorts_with_waiting(db: Db, now: datetime) -> tuple[str, ...]:
    """Return the cohorts in which letters wait, without those whose letters all rest."""
    return tuple([row["cohort_id"] async for row in queries.cohorts_with_waiting_emails(db, now=now)])


async def defer(db: Db, order: SendEmail, until: datetime | None, most_attempts: int) -> EmailState | None:
    """Let a letter wait that could not leave, or give it up where it was tried as often as that; return its state.

    A letter nobody asked for waits from now on as if somebody had.
    """
    state: str | None = await queries.defer_email(
        db, key=order.key, until=until, requested_at=order.now, most_attempts=most_attempts
    )
    return None if state is None else EmailState(state)


async def discard(db: Db, key: str) -> None:
    """Leave out a letter that has nothing to say any more."""
    await queries.discard_email(db, key=key)


def _order(row: asyncpg.Record) -> SendEmail:
    return SendEmail(
        key=row["key"],
        kind=row["kind"],
        scope_id=row["scope_id"],
        to=row["recipient"],
        at=row["due_at"],
        now=row["requested_at"],
        asks=json.loads(row["asks"]),
        automatic=row["automatic"],
        reason=row["reason"],
        about=row["about"],
    )
