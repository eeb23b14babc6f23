"""Emails that an outage held back: which of them still say something, and until when they wait."""

from datetime import datetime, timedelta
from functools import partial

import asyncpg

from domain.calendar import LATE_AFTER, leaves_at
from emails.batcher import Batcher
from schemas.emails.messages import ClaimedEmail, QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.ids import occurrence_of
from storage import cohorts, outbox

# Plans keep three days between two emails to a person; a reminder that comes sooner is of an opening that left late.
REPEATED_AFTER = timedelta(days=2)


class LateEmails:
    """Tells of emails whether they are too late to leave now, or at all."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._repeats_recent = Batcher(partial(outbox.repeat_recent, pool))

    async def delay_until_office_hours(self, email: ClaimedEmail) -> timedelta:
        """Return how long an automatic email that is late has to wait; others leave whenever they are due."""
        if not email.automatic or email.now - email.at < LATE_AFTER:
            return timedelta(0)
        cohort = await cohorts.cohort_settings(self._pool, email.cohort_id)
        return leaves_at(email.at, email.now, cohort.time_zone, automatic=True) - email.now

    async def says_nothing_new(self, email: QueuedEmail, moment: datetime) -> bool:
        """Tell whether another email says all that this one would say at a moment of the program's time.

        A digest says what those before it would have said; a reminder repeats the opening or the reminder before it.
        """
        if email.kind is EmailKind.STAFF_DIGEST:
            return await outbox.later_one_is_queued(self._pool, email)
        return _reminds(email) and await self._repeats_recent((email, moment - REPEATED_AFTER))


def only_reminds(email: QueuedEmail) -> bool:
    """Tell whether an automatic email asks for nothing that was not asked for before."""
    return email.automatic and bool(email.asks) and all(ask.occurrence > 0 for ask in email.asks)


def _reminds(email: QueuedEmail) -> bool:
    if not email.automatic or email.to is Recipient.STAFF:
        return False
    return occurrence_of(email.key) > 0 or only_reminds(email)
