"""Changing the address that somebody's emails go to: confirmed at the new mailbox, and told to the old one."""

from datetime import UTC, datetime, timedelta

import asyncpg

from domain.applications.mailboxes import is_same_address
from domain.languages import gettext
from emails.kinds.address_change.context import AddressNews
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Language, Recipient
from schemas.errors import Refusal
from schemas.ids import applicant_scope, email_key
from schemas.mentorship.contact import AddressChange, NewAddressChange, ParticipantContact
from schemas.mentorship.my_mentorship import MyMentorship
from schemas.translatable import gettext_noop
from services.lost_links import own_page_email
from storage import address_changes, audit, contacts, links, lost_links, mentorships, outbox, roles, typed_addresses
from storage.database import Connection, transaction
from storage.typed_addresses import EmailLimit

MOST_CHANGES_A_DAY = 4
# Counted by mailbox, whoever types its address.
_LIMIT = EmailLimit("/m/address")
TOO_OFTEN = gettext_noop(
    "You asked for another address several times today. Please try again tomorrow, or write to us."
)
TAKEN = gettext_noop(
    "We cannot use this address in your class. Please write to us; whom to ask is at the end of this page."
)


class OpenedChange(FrozenModel):
    """The change that a link is about, and whether the link confirms it or keeps the old address."""

    cohort: CohortSettings
    change: AddressChange
    confirms: bool
    now: datetime
    language: Language

    @property
    def works(self) -> bool:
        """Tell whether the link's button still does something."""
        change = self.change
        if change.closed_at or change.kept_at:
            return False
        if self.confirms:
            return change.confirmed_at is None and self.now < change.confirmed_by
        return self.now < change.kept_by

    @property
    def is_done(self) -> bool:
        """Tell whether the button was pressed before, and nothing has changed since."""
        done = self.change.confirmed_at if self.confirms else self.change.kept_at
        return done is not None and not self.change.closed_at and not (self.confirms and self.change.kept_at)


class AddressChangeService:
    """Asks for another address, confirms it, and takes it back; each step is stored with its audit event."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def ask(self, page: MyMentorship, address: str) -> None:
        """Ask the owner of another mailbox whether somebody's emails should come there, and tell the old one.

        Whether the address is somebody else's shows nowhere. Raises Refusal for the same address, and after too many.
        """
        person = page.pair.of(page.side)
        if is_same_address(address, person.email):
            raise Refusal(gettext("We email you at this address already."))
        cohort, now, asked_at = page.cohort.id, self._clock.now(page.pair.mentorship_id), datetime.now(UTC)
        async with transaction(self._pool) as db:
            await address_changes.lock(db, cohort, person.id)
            await typed_addresses.lock(db, address)
            if await address_changes.count_asked(db, cohort, person.id, now - timedelta(days=1)) >= MOST_CHANGES_A_DAY:
                raise Refusal(gettext(TOO_OFTEN))
            await address_changes.close(db, cohort, person.id, now, confirmed_too=False)
            asked = NewAddressChange(
                mentorship_id=page.pair.mentorship_id,
                side=page.side,
                cohort_id=cohort,
                person_id=person.id,
                old_email=person.email,
                new_email=address,
                asked_at=now,
            )
            number = await address_changes.save(db, asked)
            stopped = await typed_addresses.is_stopped(db, cohort, address)
            may_email = await typed_addresses.may_email(db, _LIMIT, address, asked_at) and not stopped
            await typed_addresses.count_email(db, _LIMIT, address, asked_at, sent=may_email)
            if may_email:
                await outbox.enqueue(db, _email(asked, EmailKind.ADDRESS_CONFIRMATION, str(number), now))
            await outbox.enqueue(db, _news(asked, number, "asked", now))
            await self._save_event(db, asked, "address_asked", now)

    async def open(self, token_hash: bytes) -> OpenedChange | None:
        """Return what a link is about, or None where it is unknown, or too old to do or show anything."""
        found = await address_changes.behind(self._pool, token_hash)
        if found is None:
            return None
        change, confirms = found
        now = self._clock.now(change.mentorship_id)
        pair = await mentorships.partners(self._pool, change.mentorship_id)
        cohort = await roles.settings_at(self._pool, pair.cohort, now)
        language = pair.language_of(change.side)
        opened = OpenedChange(cohort=cohort, change=change, confirms=confirms, now=now, language=language)
        return opened if opened.works or opened.is_done else None

    async def confirm(self, opened: OpenedChange) -> None:
        """Send somebody's emails to the new mailbox from now on, and tell the old one; a second time changes nothing.

        Links in older emails stop working, and the new mailbox gets the one to their page. Raises Refusal where
        somebody else in the cohort has the address.
        """
        change, now = opened.change, opened.now
        async with transaction(self._pool) as db:
            if await self._changed_since(db, opened):
                return
            await self._write_to(db, change, change.new_email)
            await address_changes.set_confirmed(db, change, now)
            await outbox.enqueue(db, _news(change, change.id, "changed", now))
            await self._send_page(db, change, now)
            await self._save_event(db, change, "address_confirmed", now)

    async def keep(self, opened: OpenedChange) -> None:
        """Keep or bring back the old address; a second time changes nothing.

        Somebody else may have the links: all stop working, and the old mailbox gets the one to their page. Raises
        Refusal where somebody else in the cohort has the old address by now.
        """
        change, now = opened.change, opened.now
        async with transaction(self._pool) as db:
            if await self._changed_since(db, opened):
                return
            if change.confirmed_at:
                await self._write_to(db, change, change.old_email)
                await outbox.enqueue(db, _news(change, change.id, "kept", now))
            await links.revoke(db, cohort_id=change.cohort_id, person_id=change.person_id)
            await address_changes.set_kept(db, change, now)
            await self._send_page(db, change, now)
            await self._save_event(db, change, "address_kept", now)

    async def _changed_since(self, db: Connection, opened: OpenedChange) -> bool:
        """Tell whether the button was pressed in between; whoever presses it at the same moment waits here."""
        await address_changes.lock(db, opened.change.cohort_id, opened.change.person_id)
        return await address_changes.find(db, opened.change.id) != opened.change

    @staticmethod
    async def _write_to(db: Connection, change: AddressChange, address: str) -> None:
        known = await contacts.contact(db, change.mentorship_id, change.side)
        try:
            await contacts.change_contact(db, known, email=address)
        # Its sentence is for staff.
        except Refusal:
            raise Refusal(gettext(TAKEN)) from None

    @staticmethod
    async def _send_page(db: Connection, change: AddressChange, now: datetime) -> None:
        place = lost_links.Place(
            cohort_id=change.cohort_id,
            person_id=change.person_id,
            side=change.side,
            mentorship_id=change.mentorship_id,
        )
        await outbox.enqueue(db, own_page_email(place, datetime.now(UTC), now))

    @staticmethod
    async def _save_event(db: Connection, change: NewAddressChange, action: str, now: datetime) -> None:
        event = AuditEvent(
            happened_at=now,
            actor=Actor.participant(change.person_id),
            action=action,
            cohort_id=change.cohort_id,
            mentorship_id=change.mentorship_id,
            person_id=change.person_id,
            details={},
        )
        await audit.save_event(db, event)


async def tell_old_mailbox(
    db: Connection, mentorship_id: str, before: ParticipantContact, after: ParticipantContact, now: datetime
) -> None:
    """Tell a mailbox that staff send its owner's emails elsewhere, or nobody would notice if it were not their wish.

    It cannot take that back by itself: staff also correct what was typed wrong, and the mailbox may be a stranger's.
    What participants asked for before has no more effect. The caller holds the lock of the address.
    """
    change = NewAddressChange(
        mentorship_id=mentorship_id,
        side=before.side,
        cohort_id=before.cohort_id,
        person_id=before.person_id,
        old_email=before.email,
        new_email=after.email,
        by_staff=True,
        asked_at=now,
    )
    await address_changes.close(db, before.cohort_id, before.person_id, now, confirmed_too=True)
    number = await address_changes.save(db, change)
    await outbox.enqueue(db, _news(change, number, "by_staff", now))


def _news(change: NewAddressChange, number: int, news: AddressNews, now: datetime) -> QueuedEmail:
    return _email(change, EmailKind.ADDRESS_CHANGE, f"{number}-{news}", now)


def _email(change: NewAddressChange, kind: EmailKind, subject: str, now: datetime) -> QueuedEmail:
    scope, to = applicant_scope(change.cohort_id, change.person_id), Recipient(change.side)
    return QueuedEmail(
        key=email_key(scope, kind, subject, to), kind=kind, scope_id=scope, to=to, at=now, now=now, automatic=False
    )
