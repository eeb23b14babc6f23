"""Letters that were asked for: they wait in the outbox until somebody writes and sends them."""

import json
from datetime import datetime

import asyncpg

from schemas.emails.messages import SendEmail
from storage.database import Db, queries


async def enqueue_for_later(db: Db, cohort_id: str, order: SendEmail) -> None:
    """Have a letter written and sent soon, whoever keeps what brings it about in the same transaction.

    A key that was asked for before stays as it is. Nudge the letters' workflow once the transaction is committed.
    """
    await queries.ask_for_letter(
        db,
        key=order.key,
        scope_id=order.scope_id,
        cohort_id=cohort_id,
        kind=order.kind,
        recipient=order.to,
        asks=json.dumps([ask.model_dump() for ask in order.asks]),
        automatic=order.automatic,
        due_at=order.at,
        asked_at=order.now,
        reason=order.reason,
        about=order.about,
    )


async def letters_before(db: Db, scope_id: str, kind: str) -> int:
    """Return how many letters of a kind a scope was asked for so far: the occurrence of the next one."""
    return int(await queries.letters_before(db, scope_id=scope_id, kind=kind))


async def waiting(db: Db, cohort_id: str, now: datetime) -> tuple[SendEmail, ...]:
    """Return the letters of a cohort that wait, oldest first; ``now`` is the engine's time, by which some rest."""
    rows = queries.letters_waiting(db, cohort_id=cohort_id, now=now)
    return tuple([_order(row) async for row in rows])


async def next_at(db: Db, cohort_id: str, now: datetime) -> datetime | None:
    """Return when the first of a cohort's resting letters is tried again, or None."""
    moment: datetime | None = await queries.next_letter_at(db, cohort_id=cohort_id, now=now)
    return moment


async def cohorts_waiting(db: Db, now: datetime) -> tuple[str, ...]:
    """Return the cohorts in which letters wait, without those whose letters all rest."""
    return tuple([row["cohort_id"] async for row in queries.cohorts_with_letters(db, now=now)])


async def defer(db: Db, order: SendEmail, until: datetime | None, most_attempts: int) -> str | None:
    """Let a letter wait that could not leave, or give it up where it was tried as often as that; return its state.

    A letter nobody asked for waits from now on as if somebody had.
    """
    state: str | None = await queries.rest_letter(
        db, key=order.key, until=until, asked_at=order.now, most_attempts=most_attempts
    )
    return state


async def drop(db: Db, key: str) -> None:
    """Leave out a letter that has nothing to say any more."""
    await queries.drop_letter(db, key=key)


def _order(row: asyncpg.Record) -> SendEmail:
    return SendEmail(
        key=row["key"],
        kind=row["kind"],
        scope_id=row["scope_id"],
        to=row["recipient"],
        at=row["due_at"],
        now=row["asked_at"],
        asks=json.loads(row["asks"]),
        automatic=row["automatic"],
        reason=row["reason"],
        about=row["about"],
    )
