"""Questions before applying, for the role's mailbox; whoever asks needs no account (A42)."""

from datetime import datetime

import asyncpg

from schemas.applications.applicant import Inquiry
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.errors import Refusal
from schemas.ids import email_key
from storage.database import Db, queries
from storage.outbox import enqueue


async def save_inquiry(pool: asyncpg.Pool, inquiry: Inquiry, now: datetime) -> int:
    """Store a question, request an email to staff about it, and return its number."""
    async with pool.acquire() as db, db.transaction():
        number = int(
            await queries.save_inquiry(
                db, cohort_id=inquiry.cohort_id, name=inquiry.name, email=inquiry.email, text=inquiry.text, now=now
            )
        )
        await enqueue(db, _email(inquiry.cohort_id, number, now))
        return number


async def inquiry(db: Db, number: int) -> Inquiry:
    """Return one question, or refuse where there is none of this number."""
    row = await queries.inquiry(db, id=number)
    if row is None:
        raise Refusal(f"There is no inquiry {number}.")
    return Inquiry(**dict(row))


def _email(cohort_id: str, number: int, now: datetime) -> QueuedEmail:
    key = email_key(cohort_id, EmailKind.INQUIRY, str(number), Recipient.STAFF)
    return QueuedEmail(
        key=key, kind=EmailKind.INQUIRY, scope_id=cohort_id, to=Recipient.STAFF, at=now, now=now, automatic=False
    )
