"""Emails of mentorships, and to staff: each begins here, as a row in the outbox."""

import asyncpg
from temporalio import activity

from schemas.emails.messages import EnqueueEmails
from storage import outbox


class Reminders:
    """Enqueues emails, at most one for each key; the sender delivers them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def enqueue_emails(self, call: EnqueueEmails) -> None:
        """Enqueue emails, all or none of them. A second run changes nothing."""
        await outbox.enqueue(self._pool, *call.queued())
