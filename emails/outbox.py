"""The way of an email: a row in the outbox, then SMTP, then marked as sent. Never two for one key, and none lost.

SMTP itself cannot promise exactly once: an attempt that died between the relay's yes and our mark is sent again, byte
for byte the same and under the same Message-ID, by which mailboxes know it for the same message.
"""

from email.headerregistry import Address
from email.message import EmailMessage

import asyncpg

from emails.letters import Pages, answerable, participant_email
from emails.message import address, compose
from emails.reading import facts_of
from emails.rendering import Rendered, render
from emails.smtp import PutOff, Relay, Undeliverable
from emails.staff import staff_digest, staff_note
from runtime.settings import Settings
from schemas.cohort import CohortSettings
from schemas.errors import UnknownMentorship
from schemas.messages import EmailResult, SendEmail
from schemas.pages import Link
from schemas.words import EmailKind, Recipient, Side
from storage import cohorts, correspondence, digests, mentorships


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
        """Send one email unless its key was sent before; afterwards its row says sent or undeliverable.

        A digest that has nothing to tell is not written at all.
        """
        state = await correspondence.email_state(self._pool, order.key)
        if state in ("sent", "undeliverable"):
            return EmailResult(state="already_sent" if state == "sent" else state)
        letter = await self._write(order)
        if letter is None:
            return EmailResult(state="nothing_to_tell")
        await correspondence.put_in_outbox(self._pool, letter.cohort.id, order, letter.rendered.subject, letter.links)
        return await self._hand_over(order, letter)

    async def _hand_over(self, order: SendEmail, letter: Letter) -> EmailResult:
        await correspondence.set_sending(self._pool, order.key)
        try:
            await self._relay.deliver(self._message(order, letter), letter.recipient.addr_spec)
        except Undeliverable:
            await correspondence.set_undeliverable(self._pool, order.key)
            return EmailResult(state="undeliverable")
        except PutOff:
            return EmailResult(state="put_off")
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

    async def _write(self, order: SendEmail) -> Letter | None:
        if order.kind is EmailKind.STAFF_DIGEST:
            return await self._write_digest(order)
        if order.to is Recipient.STAFF:
            return await self._write_note(order)
        facts = await facts_of(self._pool, order)
        person = facts.pair.of(Side(order.to))
        return Letter(
            render(order.kind, participant_email(order, facts, self._pages)),
            facts.pair.cohort,
            address(person.name, person.email),
            self._pages.known(order, answerable(order, facts)),
        )

    async def _write_note(self, order: SendEmail) -> Letter:
        try:
            pair = await mentorships.partners(self._pool, order.scope_id)
        except UnknownMentorship:
            cohort = await cohorts.cohort_settings(self._pool, order.scope_id)
            return _to_staff(render(order.kind, staff_note(order, cohort, None)), cohort)
        return _to_staff(render(order.kind, staff_note(order, pair.cohort, pair)), pair.cohort)

    async def _write_digest(self, order: SendEmail) -> Letter | None:
        cohort = await cohorts.cohort_settings(self._pool, order.scope_id)
        digest = await digests.weekly_digest(self._pool, cohort)
        if digest.nothing_to_tell:
            return None
        return _to_staff(render(order.kind, staff_digest(order, cohort, digest)), cohort)


def _to_staff(rendered: Rendered, cohort: CohortSettings) -> Letter:
    return Letter(rendered, cohort, address(cohort.contact.role, cohort.contact.email), [])
