"""Messages of staff to people of a class: drafts, what was sent, and whom it goes to."""

import json
from datetime import datetime

import asyncpg

from schemas.emails.staff_messages import MessageRecipient, MessageToPerson, MessageWords, StaffMessage
from storage.database import Db, queries


async def save(db: Db, cohort_id: str, words: MessageWords, written_by: str, now: datetime) -> int:
    """Store a new draft and return its number."""
    return int(await queries.save_staff_message(db, **_columns(cohort_id, words, written_by, now)))


async def change(db: Db, cohort_id: str, number: int, words: MessageWords, written_by: str, now: datetime) -> bool:  # noqa: PLR0917 - the columns of a message
    """Change a draft; return False where it was sent, or is not there."""
    columns = _columns(cohort_id, words, written_by, now)
    return await queries.change_staff_message(db, id=number, **columns) is not None


async def set_sent(db: Db, cohort_id: str, number: int, now: datetime) -> bool:
    """Record that a message is sent; return False where it was before."""
    return await queries.set_staff_message_sent(db, cohort_id=cohort_id, id=number, now=now) is not None


async def delete(db: Db, cohort_id: str, number: int) -> bool:
    """Delete a draft; return False where it was sent, or is not there."""
    return await queries.delete_staff_message(db, cohort_id=cohort_id, id=number) is not None


async def message(db: Db, cohort_id: str, number: int) -> StaffMessage | None:
    """Return one message of a class, or None where it has none of this number."""
    row = await queries.staff_message(db, cohort_id=cohort_id, id=number)
    return None if row is None else _message(row)


async def messages(db: Db, cohort_id: str) -> tuple[StaffMessage, ...]:
    """Return the messages of a class, the newest first."""
    return tuple([_message(row) async for row in queries.staff_messages(db, cohort_id=cohort_id)])


async def audience(db: Db, words: MessageWords, cohort_id: str, now: datetime) -> tuple[MessageRecipient, ...]:
    """Return whom a message would go to at a moment of the program, in order of their names."""
    rows = queries.message_audience(db, cohort_id=cohort_id, now=now, **words.audience.model_dump())
    return tuple([MessageRecipient(**row) async for row in rows])


async def message_to(db: Db, cohort_id: str, number: int, person_id: str) -> MessageToPerson | None:
    """Return a message as it is to one person, or None where the one or the other is gone."""
    row = await queries.message_to(db, cohort_id=cohort_id, id=number, person_id=person_id)
    return None if row is None else MessageToPerson(**row)


def _columns(cohort_id: str, words: MessageWords, written_by: str, now: datetime) -> dict[str, object]:
    return {
        "cohort_id": cohort_id,
        "subject": words.subject,
        "body": words.body,
        "audience": words.audience.model_dump_json(),
        "written_by": written_by,
        "now": now,
    }


def _message(row: asyncpg.Record) -> StaffMessage:
    return StaffMessage(**{**row, "audience": json.loads(row["audience"])})
