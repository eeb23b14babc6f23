"""The way of an email: a row in the outbox, then SMTP, then marked as sent. Never two for one key, and none lost.

SMTP itself cannot promise exactly once: an attempt that died between the relay's yes and our mark is sent again, byte
for byte the same and under the same Message-ID, by which mailboxes know it for the same message.
"""

import asyncpg

from emails.sender import Sender
from emails.smtp import TemporarilyRefused, Undeliverable
from emails.writer import EmailWriter
from runtime.settings import Settings
from schemas.emails.messages import EmailResult, SendEmail
from schemas.enums import EmailOutcome, EmailState
from storage import outbox


class Outbox:
    """Writes and sends emails for the activities."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._writer = EmailWriter(pool, settings)
        self._sender = Sender(settings)

    async def send(self, order: SendEmail) -> EmailResult:
        """Send one email unless its key was sent before; afterwards its row says sent or undeliverable.

        An email that has nothing left to say is not written at all.
        """
        state = await outbox.email_state(self._pool, order.key)
        if state is EmailState.SENT:
            return EmailResult(state=EmailOutcome.ALREADY_SENT)
        if state is EmailState.UNDELIVERABLE:
            return EmailResult(state=EmailOutcome.UNDELIVERABLE)
        email = await self._writer.write(order)
        if email is None:
            return EmailResult(state=EmailOutcome.NOTHING_TO_TELL)
        await outbox.claim(self._pool, email.cohort.id, order, email.rendered.subject, email.links)
        await outbox.set_sending(self._pool, order.key)
        try:
            await self._sender.deliver(order, email)
        except Undeliverable:
            await outbox.set_undeliverable(self._pool, order.key)
            return EmailResult(state=EmailOutcome.UNDELIVERABLE)
        except TemporarilyRefused:
            return EmailResult(state=EmailOutcome.DEFERRED)
        await outbox.set_sent(self._pool, order.key, order.now)
        await self._sender.deliver_copies(order, email)
        return EmailResult(state=EmailOutcome.SENT)
