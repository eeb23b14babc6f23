"""What participants do on their own page beside answering: ask for a call, change their details, get a new link."""

from datetime import UTC, date, datetime
from typing import Literal, cast

import structlog

from domain.calendar import end_of_day, local_day
from domain.languages import gettext
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.enums import EndingReason, Outcome
from schemas.errors import Refusal, TemporalUnavailable
from schemas.mentorship.my_mentorship import CallRequest, MyMentorship, ParticipantDetails
from schemas.mentorship.responses import SavedResponse
from services.address_changes import AddressChangeService
from services.calendar_subscriptions import CalendarSubscriptionService
from services.context import ServiceContext
from services.leavings import ask_to_leave, stay
from services.lost_links import own_page_email
from services.reminders import ReminderPage, ReminderService
from services.signals import ResponseSignaler
from storage import audit, call_requests, contacts, links, outbox, readiness, reminders, stay_in_touch
from storage.database import transaction
from storage.lost_links import Place

_log = structlog.get_logger(__name__)


class ParticipantStepService:
    """Takes the steps of a participant who opened their own page; each stores what it does with its audit event.

    ``addresses`` takes those with their address, ``calendars`` those with their calendar.
    """

    def __init__(self, services: ServiceContext, clock: Clock) -> None:
        self._services = services
        self._pool = services.pool
        self._clock = clock
        self._signaler = ResponseSignaler(services.pool, services.client)
        self._reminders = ReminderService(services.pool, clock)
        self.addresses = AddressChangeService(services.pool, clock)
        self.calendars = CalendarSubscriptionService(services)

    async def ask_for_call(self, page: MyMentorship, about: str, words: str) -> None:
        """Ask staff for a call; the partner never learns of it, and the workflow nothing but that it was asked.

        Raises Refusal once the mentorship has ended, or after too many requests.
        """
        if page.outcome is not None:
            raise Refusal(
                gettext("Your mentorship has ended. Please write to us; whom to ask is at the end of this page.")
            )
        request = CallRequest(
            side=page.side,
            about=cast(Literal["call", "not_working"], about),
            words=words,
            received_at=self._clock.now(page.pair.mentorship_id),
        )
        async with transaction(self._pool) as db:
            saved = await call_requests.save_call_request(db, page.pair.mentorship_id, request)
            if saved.changed:
                await audit.save_event(db, self._event(page, "call_requested"))
        if saved.changed:
            await self._signal(saved)

    async def leave(self, page: MyMentorship, reason: EndingReason) -> None:
        """Leave in a week, unless it is taken back; staff hear of it at once. Raises Refusal after the end."""
        saved = await ask_to_leave(self._services, Actor.participant(page.pair.of(page.side).id), page, reason)
        if saved:
            await self._signal(saved)

    async def stay(self, page: MyMentorship) -> None:
        """Take back that one wants to leave; raises Refusal after the end."""
        await stay(self._services, Actor.participant(page.pair.of(page.side).id), page)

    async def change_details(self, page: MyMentorship, details: ParticipantDetails) -> None:
        """Change one's names, pronouns and how to be reached, for every later page and email."""
        person = page.pair.of(page.side)
        if details.model_dump() == person.model_dump(include=set(ParticipantDetails.model_fields)):
            return
        async with transaction(self._pool) as db:
            await contacts.set_details(db, page.cohort.id, person.id, details)
            await audit.save_event(db, self._event(page, "details_changed"))

    async def save_readiness(self, page: MyMentorship, items: str) -> None:
        """Store what somebody checked on their list, joined by commas.

        There is no audit event: staff read the log, and the list is its owner's alone.
        """
        now = self._clock.now(page.pair.mentorship_id)
        checked = [item for item in items.split(",") if item]
        await readiness.save_checked(self._pool, page.pair.mentorship_id, page.side, checked, now)

    async def say_stay_in_touch(self, page: MyMentorship, *, wanted: bool) -> None:
        """Store whether somebody wants to stay in touch; their partner learns of it only where both do.

        There is no audit event, for staff never learn it. Raises Refusal unless the mentorship was completed.
        """
        if page.outcome is not Outcome.COMPLETED:
            raise Refusal(gettext("You can say this once your mentorship is complete."))
        now = self._clock.now(page.pair.mentorship_id)
        await stay_in_touch.save_wish(self._pool, page.pair.mentorship_id, page.side, now, wanted=wanted)

    async def pause_reminders(self, page: MyMentorship, until: date | None) -> None:
        """Pause one's reminders through the day before ``until``, or for good; raises Refusal for a past day."""
        zone = page.cohort.time_zone
        if until is not None and until <= local_day(page.now, zone):
            raise Refusal(gettext("Please choose a day after today, or leave it empty."))
        token_hash, opened = await self._reminder_page(page)
        ends_at = None if until is None else end_of_day(date.fromordinal(until.toordinal() - 1), zone)
        await self._reminders.pause(token_hash, opened, ends_at)

    async def resume_reminders(self, page: MyMentorship) -> None:
        """Send reminders again."""
        await self._reminders.resume(*await self._reminder_page(page))

    async def send_new_link(self, page: MyMentorship) -> None:
        """Revoke all of one's links and email a new one to the address that we know."""
        person, asked_at = page.pair.of(page.side), datetime.now(UTC)
        place = Place(
            cohort_id=page.cohort.id, person_id=person.id, side=page.side, mentorship_id=page.mentorships[-1].id
        )
        async with transaction(self._pool) as db:
            await links.revoke(db, cohort_id=page.cohort.id, person_id=person.id)
            await audit.save_event(db, self._event(page, "links_revoked"))
            await outbox.enqueue(db, own_page_email(place, asked_at, page.now))

    async def _signal(self, saved: SavedResponse) -> None:
        try:
            await self._signaler.signal(saved)
        except TemporalUnavailable:
            _log.warning("call_request_left_to_the_sweeper", request=saved.id, revision=saved.answer.revision)

    async def _reminder_page(self, page: MyMentorship) -> tuple[bytes, ReminderPage]:
        """Return the link by which somebody's reminders are known; the first email about a mentorship makes it."""
        stored = await reminders.link_of(self._pool, page.cohort.id, page.pair.of(page.side).id)
        opened = await self._reminders.open(stored.token_hash) if stored else None
        if stored is None or opened is None:
            raise Refusal(gettext("You have not had an email from us that could be followed by a reminder."))
        return stored.token_hash, opened

    def _event(self, page: MyMentorship, action: str) -> AuditEvent:
        person = page.pair.of(page.side).id
        return AuditEvent(
            happened_at=self._clock.now(page.pair.mentorship_id),
            actor=Actor.participant(person),
            action=action,
            cohort_id=page.cohort.id,
            mentorship_id=page.pair.mentorship_id,
            person_id=person,
            details={},
        )
