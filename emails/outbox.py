"""The way of an email: a row in the outbox, then SMTP, then marked as sent. Never two for one key, and none lost.

SMTP itself cannot promise exactly once: an attempt that died between the relay's yes and our mark is sent again, byte
for byte the same and under the same Message-ID, by which mailboxes know it for the same message.
"""

from email.headerregistry import Address
from email.message import EmailMessage

import asyncpg
import structlog

from domain.calendar import local_day
from domain.cohort.roles import coordinators_on
from emails.applicant_reading import read_inquiry, read_letter
from emails.applicants import KickoffEmail
from emails.calendar_file import calendar_file
from emails.kinds import APPLICANT_EMAILS
from emails.letters import answerable, participant_email
from emails.links import MilestoneLinks, PersonalLinks
from emails.message import address, compose
from emails.reading import facts_of
from emails.rendering import Rendered, render
from emails.smtp import Relay, TemporarilyRefused, Undeliverable
from emails.staff import staff_digest, staff_note
from emails.staff_reading import count_of
from runtime.settings import Settings
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import EmailResult, SendEmail
from schemas.enums import EmailKind, Recipient, Side, StaffReason
from schemas.errors import UnknownMentorship
from schemas.mentorship.responses import Link
from storage import applicants, cohorts, digests, kickoff, mentorships, outbox, roles

_log = structlog.get_logger()


class OutgoingEmail:
    """An email ready to go: its words, whom it goes to, the links it carries, and who reads along.

    Answers go to the cohort's contact unless it says otherwise; ``calendar`` is a calendar file that comes with it.
    """

    def __init__(
        self,
        rendered: Rendered,
        cohort: CohortSettings,
        recipient: Address,
        links: list[tuple[bytes, Link]],
        copies: tuple[Address, ...] = (),
        *,
        reply_to: Address | None = None,
        calendar: bytes | None = None,
    ) -> None:
        self.rendered = rendered
        self.cohort = cohort
        self.recipient = recipient
        self.links = links
        self.copies = copies
        self.reply_to = reply_to or address(cohort.contact.role, cohort.contact.email)
        self.calendar = calendar


class Outbox:
    """Writes and sends emails for the activities."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._settings = settings
        self._relay = Relay(settings)
        secret = settings.link_secret.get_secret_value().encode("utf-8")
        self._pages = MilestoneLinks(public_url=settings.public_url, secret=secret)
        self._personal_links = PersonalLinks(pool, settings.public_url, secret)

    async def send(self, order: SendEmail) -> EmailResult:
        """Send one email unless its key was sent before; afterwards its row says sent or undeliverable.

        A digest that has nothing to tell is not written at all.
        """
        state = await outbox.email_state(self._pool, order.key)
        if state in ("sent", "undeliverable"):
            return EmailResult(state="already_sent" if state == "sent" else state)
        letter = await self._write(order)
        if letter is None:
            return EmailResult(state="nothing_to_tell")
        await outbox.claim(self._pool, letter.cohort.id, order, letter.rendered.subject, letter.links)
        return await self._hand_over(order, letter)

    async def _hand_over(self, order: SendEmail, letter: OutgoingEmail) -> EmailResult:
        await outbox.set_sending(self._pool, order.key)
        try:
            await self._relay.deliver(self._message(order, letter), letter.recipient.addr_spec)
        except Undeliverable:
            await outbox.set_undeliverable(self._pool, order.key)
            return EmailResult(state="undeliverable")
        except TemporarilyRefused:
            return EmailResult(state="put_off")
        await outbox.set_sent(self._pool, order.key, order.now)
        for copy in letter.copies:
            await self._hand_over_copy(order, letter, copy)
        return EmailResult(state="sent")

    async def _hand_over_copy(self, order: SendEmail, letter: OutgoingEmail, copy: Address) -> None:
        """Let somebody read along; their mailbox holds nothing up, for next week's digest tells it all again."""
        try:
            await self._relay.deliver(self._message(order, letter, copy), copy.addr_spec)
        except (Undeliverable, TemporarilyRefused) as refused:
            _log.warning("copy_refused", key=order.key, code=refused.code)

    def _message(self, order: SendEmail, letter: OutgoingEmail, recipient: Address | None = None) -> EmailMessage:
        cohort = letter.cohort
        return compose(
            letter.rendered,
            sender=address(f"{cohort.program.short_name} mentorship", self._settings.sender),
            recipient=recipient or letter.recipient,
            reply_to=letter.reply_to,
            key=order.key,
            at=order.at,
            list_id=f"{cohort.id}.{self._settings.list_id}",
            mentorship_root=order.scope_id,
            calendar=letter.calendar,
        )

    async def _write(self, order: SendEmail) -> OutgoingEmail | None:
        if order.kind is EmailKind.STAFF_DIGEST:
            return await self._write_digest(order)
        if order.kind is EmailKind.INQUIRY:
            return await self._write_inquiry(order)
        if order.to is Recipient.STAFF:
            return await self._write_note(order)
        if order.kind in APPLICANT_EMAILS:
            return await self._write_to_applicant(order)
        facts = await facts_of(self._pool, order)
        person = facts.pair.of(Side(order.to))
        return OutgoingEmail(
            render(order.kind, participant_email(order, facts, self._pages)),
            facts.pair.cohort,
            address(person.name, person.email),
            self._pages.known(order, answerable(order, facts)),
        )

    async def _write_to_applicant(self, order: SendEmail) -> OutgoingEmail | None:
        context = await read_letter(self._pool, order, self._personal_links)
        if context is None:
            return None
        recipient = address(context.recipient.name, context.recipient.email)
        calendar = await self._calendar(context) if isinstance(context, KickoffEmail) else None
        return OutgoingEmail(render(order.kind, context), context.cohort, recipient, [], calendar=calendar)

    async def _write_inquiry(self, order: SendEmail) -> OutgoingEmail:
        """Whoever asked is answered by a plain reply (A42)."""
        asked = await read_inquiry(self._pool, order)
        letter = _to_staff(render(order.kind, asked), asked.cohort)
        letter.reply_to = address(asked.name, asked.email)
        return letter

    async def _calendar(self, letter: KickoffEmail) -> bytes | None:
        """Return the calendar file of the half-day session, with what its guest said so far."""
        guest = await kickoff.guest(self._pool, letter.cohort.id, letter.recipient.id)
        if guest is None:
            return None
        sequence = await kickoff.sequence_of(self._pool, letter.cohort.id, guest.person.id)
        return calendar_file(letter.cohort, guest.person, guest.rsvp, sequence=sequence)

    async def _write_note(self, order: SendEmail) -> OutgoingEmail:
        try:
            pair = await mentorships.partners(self._pool, order.scope_id)
        except UnknownMentorship:
            return await self._write_note_of_cohort(order)
        cohort = await roles.settings_at(self._pool, pair.cohort, order.now)
        return _to_staff(render(order.kind, staff_note(order, cohort, pair)), cohort)

    async def _write_note_of_cohort(self, order: SendEmail) -> OutgoingEmail:
        cohort = await self._cohort(order)
        closed = order.reason is StaffReason.APPLICATIONS_CLOSED
        places = await applicants.mentor_places(self._pool, cohort.id) if closed else None
        note = staff_note(order, cohort, None, count=await count_of(self._pool, order), places=places)
        return _to_staff(render(order.kind, note), cohort)

    async def _write_digest(self, order: SendEmail) -> OutgoingEmail | None:
        cohort = await self._cohort(order)
        digest = await digests.weekly_digest(self._pool, cohort, order.at)
        if digest.nothing_to_tell:
            return None
        letter = _to_staff(render(order.kind, staff_digest(order, cohort, digest)), cohort)
        letter.copies = await self._coordinators(order, cohort)
        return letter

    async def _coordinators(self, order: SendEmail, cohort: CohortSettings) -> tuple[Address, ...]:
        day = local_day(order.now, cohort.time_zone)
        found = coordinators_on(await roles.role_holders(self._pool, cohort.id), day)
        return tuple(address(one.role, one.email) for one in found if one.email != cohort.contact.email)

    async def _cohort(self, order: SendEmail) -> CohortSettings:
        """Return the settings of the cohort an email is about, with whoever answers for it at the time (A41)."""
        cohort = await cohorts.cohort_settings(self._pool, order.scope_id.partition("/")[0])
        return await roles.settings_at(self._pool, cohort, order.now)


def _to_staff(rendered: Rendered, cohort: CohortSettings) -> OutgoingEmail:
    return OutgoingEmail(rendered, cohort, address(cohort.contact.role, cohort.contact.email), [])
