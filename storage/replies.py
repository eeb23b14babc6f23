"""Replies to emails: that they came, when and from whom, never their words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.emails.incoming import NotedReply, RepliesInDigest
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.ids import email_key
from storage.database import Db, queries, transaction
from storage.outbox import cohort_of, enqueue, queued_email

MOST_REPLIES = 10
# More than a class writes in the hour after an email to all; whoever has a token can send as many as they like.
MOST_AN_HOUR = 60
MOST_AN_HOUR_OF_PERSON = 6
# To one email. Whoever has its token could fill the table; nobody has so much to say.
MOST_TO_EMAIL = 200
DIGEST_AFTER = timedelta(hours=1)


async def answered_email(db: Db, answered: Sequence[str]) -> QueuedEmail | None:
    """Return the newest email that a message answers, by Message-IDs, or None."""
    row = await queries.answered_email(db, answered=list(answered))
    return None if row is None else queued_email(row)


async def subject(db: Db, key: str) -> str:
    """Return the subject that an email was sent with; there must be one of this key."""
    words: str = await queries.subject_of_email(db, key=key)
    return words


async def filed_in_digest(db: Db, fingerprint: str) -> bool | None:
    """Tell whether a message that was noted before waits in a digest; None where it was not noted."""
    row = await queries.noted_reply(db, fingerprint=fingerprint)
    return None if row is None else bool(row["in_digest"])


async def may_note(db: Db, email: QueuedEmail) -> bool:
    """Tell whether one more reply to an email can be noted."""
    return bool(await queries.count_replies_to(db, email_key=email.key) < MOST_TO_EMAIL)


async def may_pass_on(db: Db, email: QueuedEmail, side: Side | None, now: datetime) -> bool:
    """Tell whether a reply can be passed on by itself: its writer and its cohort are below their limits of an hour."""
    cohort_id = await cohort_of(db, email.key)
    passed_on = await queries.count_passed_on(
        db, cohort_id=cohort_id, scope_id=email.scope_id, side=side, since=now - timedelta(hours=1)
    )
    return bool(passed_on["of_cohort"] < MOST_AN_HOUR and passed_on["of_person"] < MOST_AN_HOUR_OF_PERSON)


async def save_reply(
    db: Db, fingerprint: str, email: QueuedEmail, reply: NotedReply, *, passed_on: bool, digest_key: str | None = None
) -> None:
    """Note that somebody replied to an email, and whether it was passed on; a second time changes nothing."""
    await queries.save_reply(
        db,
        fingerprint=fingerprint,
        email_key=email.key,
        scope_id=email.scope_id,
        passed_on=passed_on,
        digest_key=digest_key,
        **reply.model_dump(),
    )


async def save_in_digest(db: Db, fingerprint: str, email: QueuedEmail, reply: NotedReply) -> None:
    """Note a reply in the digest that waits, or in a new one that leaves in an hour."""
    async with transaction(db) as connection:
        cohort_id = await cohort_of(connection, email.key)
        key = await queries.open_reply_digest(connection, cohort_id=cohort_id)
        if key is None:
            # Named after its first reply, so that no two have the same key.
            digest = _digest(cohort_id, fingerprint[:16], reply.received_at)
            await enqueue(connection, digest, delay=DIGEST_AFTER)
            key = digest.key
        await save_reply(connection, fingerprint, email, reply, passed_on=False, digest_key=key)


async def in_digest(db: Db, key: str) -> tuple[RepliesInDigest, ...]:
    """Return how many replies of a digest came from whom, most first."""
    return tuple([RepliesInDigest(**row) async for row in queries.replies_in_digest(db, digest_key=key)])


def _digest(cohort_id: str, name: str, now: datetime) -> QueuedEmail:
    kind, to = EmailKind.REPLY_DIGEST, Recipient.STAFF
    key = email_key(cohort_id, kind, name, to)
    return QueuedEmail(key=key, kind=kind, scope_id=cohort_id, to=to, at=now, now=now, automatic=False)


async def replies(db: Db, scope_id: str) -> tuple[NotedReply, ...]:
    """Return the newest replies to emails of a mentorship or of a person's place in a cohort, newest first."""
    return tuple(
        [NotedReply(**row) async for row in queries.replies_of_scope(db, scope_id=scope_id, most=MOST_REPLIES)]
    )
