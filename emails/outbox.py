"""The way of an email: a row in the outbox, then SMTP, then marked as sent. Never two for one key, and none lost.

SMTP itself cannot promise exactly once: an attempt that died between the relay's yes and our mark is sent again, byte
for byte the same and under the same Message-ID, by which mailboxes know it for the same message.
"""

from email.headerregistry import Address
from email.message import EmailMessage

import asyncpg

from emails.letters import Pages, answerable, participant_email, staff_note
from emails.message import address, compose
from emails.rendering import Rendered, render
from emails.smtp import Relay, Undeliverable
from runtime.settings import Settings
from schemas.cohort import CohortSettings
from schemas.messages import EmailResult, SendEmail
from schemas.pages import Link
from schemas.words import EmailKind, Recipient, Side
from storage import cohorts, correspondence, mentorships


class Letter:
    """An email ready to go: its words, whom it goes to, and the links it carries."""

    def __init__(
        self, rendered: Rendered, cohort: CohortSettings, recipient: Address, links: list[tuple[bytes, Link]]
    ) -> None:
        self.rendered = rendered
        self.cohort = cohort
        self.recipient = recipient
        self.links = links


class Outbox:
    """Writes and sends emails for the activities."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings
        self._relay = Relay(settings)
        self._pages = Pages(
            public_url=settings.public_url, secret=settings.link_secret.get_secret_value().encode("utf-8")
        )

    async def send(self, order: SendEmail) -> EmailResult:
        """Send one email unless its key was sent before; afterwards its row says sent or undeliverable."""
        state = await correspondence.email_state(self._pool, order.key)
        if state in ("sent", "undeliverable"):
            return EmailResult(state="already_sent" if state == "sent" else state)
        letter = await self._write(order)
        await correspondence.put_in_outbox(self._pool, letter.cohort.id, order, letter.rendered.subject, letter.links)
        return await self._hand_over(order, letter)

    async def _hand_over(self, order: SendEmail, letter: Letter) -> EmailResult:
        await correspondence.set_sending(self._pool, order.key)
        try:
            await self._relay.deliver(self._message(order, letter), letter.recipient.addr_spec)
        except Undeliverable:
            await correspondence.set_undeliverable(self._pool, order.key)
            return EmailResult(state="undeliverable")
        await correspondence.set_sent(self._pool, order.key, order.now)
        return EmailResult(state="sent")

    def _message(self, order: SendEmail, letter: Letter) -> EmailMessage:
        cohort = letter.cohort
        return compose(
            letter.rendered,
            sender=address(f"{cohort.programme.short_name} mentorship", self._settings.sender),
            recipient=letter.recipient,
            reply_to=address(cohort.contact.role, cohort.contact.email),
            key=order.key,
            at=order.at,
            list_id=f"{cohort.id}.{self._settings.list_id}",
            mentorship_root=order.scope_id,
        )

    async def _write(self, order: SendEmail) -> Letter:
        if order.to is Recipient.STAFF:
            return await self._write_to_staff(order)
        pair = await mentorships.partners(self._pool, order.scope_id)
        due = await mentorships.due_milestones(self._pool, order.scope_id)
        _, stuck = await correspondence.stuck_goals(self._pool, order.scope_id)
        person = pair.of(Side(order.to))
        return Letter(
            render(order.kind, participant_email(order, pair, due, self._pages, stuck)),
            pair.cohort,
            address(person.name, person.email),
            self._pages.known(order, answerable(order, due)),
        )

    async def _write_to_staff(self, order: SendEmail) -> Letter:
        if order.asks:
            pair = await mentorships.partners(self._pool, order.scope_id)
            due = await mentorships.due_milestones(self._pool, order.scope_id)
            context = staff_note(order, pair.cohort, pair, due[order.asks[0].milestone])
        else:
            context = staff_note(order, await cohorts.cohort_settings(self._pool, order.scope_id), None, None)
        contact = context.cohort.contact
        return Letter(render(EmailKind.STAFF_NOTE, context), context.cohort, address(contact.role, contact.email), [])
