"""Replies to emails: that they came, when and from whom, never their words."""

from collections.abc import Sequence

from schemas.emails.incoming import NotedReply
from schemas.emails.messages import QueuedEmail
from storage.database import Db, queries
from storage.outbox import queued_email

MOST_REPLIES = 10


async def answered_email(db: Db, answered: Sequence[str]) -> QueuedEmail | None:
    """Return the newest email that a message answers, by Message-IDs, or None."""
    row = await queries.answered_email(db, answered=list(answered))
    return None if row is None else queued_email(row)


async def subject(db: Db, key: str) -> str:
    """Return the subject that an email was sent with; there must be one of this key."""
    words: str = await queries.subject_of_email(db, key=key)
    return words


async def is_noted(db: Db, fingerprint: str) -> bool:
    """Tell whether a message was noted before."""
    return bool(await queries.is_reply_noted(db, fingerprint=fingerprint))


async def save_reply(db: Db, fingerprint: str, email: QueuedEmail, reply: NotedReply) -> None:
    """Note that somebody replied to an email; a second time changes nothing."""
    await queries.save_reply(
        db, fingerprint=fingerprint, email_key=email.key, scope_id=email.scope_id, **reply.model_dump()
    )


async def replies(db: Db, scope_id: str) -> tuple[NotedReply, ...]:
    """Return the newest replies to emails of a mentorship or of a person's place in a cohort, newest first."""
    return tuple(
        [NotedReply(**row) async for row in queries.replies_of_scope(db, scope_id=scope_id, most=MOST_REPLIES)]
    )
