"""Questions before applying, for the role's mailbox; whoever asks needs no account (A42)."""

from datetime import datetime, timedelta

from domain.applications.mailboxes import mailbox_for_limits
from domain.languages import gettext
from schemas.applications.applicant import Inquiry
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.errors import Refusal
from schemas.ids import email_key
from schemas.translatable import gettext_noop
from storage.cohorts import is_archived
from storage.database import Connection, Db, queries, transaction
from storage.outbox import enqueue

# Whoever answers reads a question every three minutes at most; a class gets fewer than this in its busiest week.
MOST_EMAILS_AN_HOUR = 20
# One person who asks again and again, or whose address somebody else types, does not use up what others have.
MOST_EMAILS_A_DAY_FROM_MAILBOX = 5
DIGEST_AFTER = timedelta(hours=1)
OVER = gettext_noop("This class is over, and takes no more questions here. Please email us.")
# Text and HTML together stay below Postfix's limit of 10,240,000 bytes, even where each character takes four.
MOST_CHARACTERS_IN_DIGEST = 500_000


async def save_inquiry(db: Db, inquiry: Inquiry, now: datetime) -> int:
    """Store a question, enqueue an email to staff that brings it, and return its number.

    Above the limits a question comes in a digest, whole and with all others of the hour. Raises Refusal where the
    cohort is archived: no email about it would leave, not even this one.
    """
    async with transaction(db) as connection:
        if await is_archived(connection, inquiry.cohort_id):
            raise Refusal(gettext(OVER))
        # Whoever asks at the same moment waits, so that each counts the other's question.
        await queries.lock_inquiries(connection, cohort_id=inquiry.cohort_id)
        own_email = await _may_have_own_email(connection, inquiry, now)
        number = int(
            await queries.save_inquiry(
                connection,
                cohort_id=inquiry.cohort_id,
                name=inquiry.name,
                email=inquiry.email,
                mailbox=mailbox_for_limits(inquiry.email),
                text=inquiry.text,
                now=now,
            )
        )
        if own_email:
            await enqueue(connection, _email(EmailKind.INQUIRY, inquiry.cohort_id, number, now))
        else:
            await _put_in_digest(connection, inquiry.cohort_id, number, now)
        return number


async def inquiry(db: Db, number: int) -> Inquiry:
    """Return one question, or refuse where there is none of this number."""
    row = await queries.inquiry(db, id=number)
    if row is None:
        raise Refusal(f"There is no inquiry {number}.")
    return Inquiry(**dict(row))


async def in_digest(db: Db, key: str) -> tuple[Inquiry, ...]:
    """Return the questions of a digest in the order in which they came."""
    return tuple([Inquiry(**dict(row)) async for row in queries.inquiries_in_digest(db, digest_key=key)])


async def _may_have_own_email(db: Connection, inquiry: Inquiry, now: datetime) -> bool:
    had = await queries.count_inquiry_emails(
        db,
        cohort_id=inquiry.cohort_id,
        mailbox=mailbox_for_limits(inquiry.email),
        hour_ago=now - timedelta(hours=1),
        day_ago=now - timedelta(days=1),
    )
    return bool(had["of_cohort"] < MOST_EMAILS_AN_HOUR and had["of_mailbox"] < MOST_EMAILS_A_DAY_FROM_MAILBOX)


async def _put_in_digest(db: Connection, cohort_id: str, number: int, now: datetime) -> None:
    """Put a question in the digest that waits, or in a new one that leaves in an hour."""
    key = await queries.open_inquiry_digest(db, cohort_id=cohort_id, most_characters=MOST_CHARACTERS_IN_DIGEST)
    if key is None:
        # Named after its first question, so that no two have the same key.
        digest = _email(EmailKind.INQUIRY_DIGEST, cohort_id, number, now)
        await enqueue(db, digest, delay=DIGEST_AFTER)
        key = digest.key
    await queries.put_in_inquiry_digest(db, id=number, digest_key=key)


def _email(kind: EmailKind, cohort_id: str, number: int, now: datetime) -> QueuedEmail:
    key = email_key(cohort_id, kind, str(number), Recipient.STAFF)
    return QueuedEmail(key=key, kind=kind, scope_id=cohort_id, to=Recipient.STAFF, at=now, now=now, automatic=False)
