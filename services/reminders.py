"""Pausing reminders by a link of an email's headers, and taking that back."""

from datetime import datetime

import asyncpg
from pydantic import AwareDatetime

from emails.links import LinkKeys, ReminderLinks, token_hash
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Language, Recipient, Side, StaffReason
from schemas.ids import email_key
from schemas.mentorship.responses import MentorshipPair, ReminderLink
from schemas.preview import Preview
from services.context import ServiceContext
from storage import audit, campaigns, mentorships, outbox, reminders, roles
from storage.database import transaction


class ReminderPage(FrozenModel):
    """What the page of a reminder link shows."""

    link: ReminderLink
    cohort: CohortSettings
    now: AwareDatetime
    language: Language

    @property
    def paused(self) -> bool:
        """Tell whether reminders are paused now."""
        return self.link.is_paused(self.now)


class ReminderService:
    """Pauses one participant's reminders; the first emails about each milestone still come."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    async def open(self, token_hash: bytes) -> ReminderPage | None:
        """Return what a link's page shows, or None where the link is unknown."""
        link = await reminders.link(self._pool, token_hash)
        if link is None:
            return None
        pair = await mentorships.partners(self._pool, link.mentorship_id)
        now = self._clock.now(link.mentorship_id)
        return ReminderPage(
            link=link,
            cohort=await roles.settings_at(self._pool, pair.cohort, now),
            now=now,
            language=pair.language_of(link.side),
        )

    async def pause(self, token_hash: bytes, page: ReminderPage, until: datetime | None = None) -> None:
        """Pause reminders until a moment or for good, and confirm it and tell staff once for each mentorship and side.

        A mail program may have done it by itself: the confirmation has the way back. A repetition changes nothing.
        """
        now = self._clock.now(page.link.mentorship_id)
        async with transaction(self._pool) as connection:
            if not await reminders.pause(connection, token_hash, now, until):
                return
            await audit.save_event(connection, _event(page, "reminders_paused", now))
            await outbox.enqueue(connection, _note(page.link, now), _confirmation(page.link, now))

    async def is_uninvited(self, page: ReminderPage) -> bool | None:
        """Tell whether somebody asked not to be invited to mentor, or return None where their application is gone."""
        return await campaigns.is_uninvited(self._pool, page.cohort.id, page.link.person_id)

    async def set_invited(self, page: ReminderPage, *, invited: bool) -> None:
        """Invite somebody no more to mentor, or take that back; a repetition changes nothing."""
        now = self._clock.now(page.cohort.id)
        async with transaction(self._pool) as connection:
            changed = await campaigns.set_uninvited(
                connection, page.cohort.id, page.link.person_id, None if invited else now
            )
            if changed:
                await audit.save_event(connection, _event(page, "invited_again" if invited else "uninvited", now))

    async def resume(self, token_hash: bytes, page: ReminderPage) -> None:
        """Send reminders again; a repetition changes nothing."""
        now = self._clock.now(page.link.mentorship_id)
        async with transaction(self._pool) as connection:
            if await reminders.resume(connection, token_hash, now):
                await audit.save_event(connection, _event(page, "reminders_resumed", now))


def preview_staff_reminders(pair: MentorshipPair, side: Side, *, paused: bool) -> Preview:
    """Return what pausing one side's reminders for them, or taking that back, would change."""
    person = pair.of(side).id
    if paused:
        return Preview(changes=(f"{person} would get no more reminders, only the first email about each step.",))
    return Preview(changes=(f"{person} would get reminders again.",))


async def set_reminders(
    context: ServiceContext, actor: Actor, pair: MentorshipPair, side: Side, *, paused: bool, note: str | None = None
) -> bool:
    """Pause one side's reminders for them, or send them again; return whether that changed anything."""
    keys = LinkKeys(context.settings)
    # Their own link takes it back; it is known from the first periodic email on.
    url = await ReminderLinks(context.pool, context.settings.public_url, keys).url(pair, side)
    link, now = token_hash(url.rpartition("/")[2]), context.now(pair.mentorship_id)
    async with transaction(context.pool) as db:
        changed = await (reminders.pause if paused else reminders.resume)(db, link, now)
        if changed:
            action, person = "reminders_paused" if paused else "reminders_resumed", pair.of(side).id
            await context.audit_in(db, actor, action, pair.cohort.id, pair.mentorship_id, person, note=note)
    return changed


def _event(page: ReminderPage, action: str, now: datetime) -> AuditEvent:
    return AuditEvent(
        happened_at=now,
        actor=Actor.participant(page.link.person_id),
        action=action,
        cohort_id=page.cohort.id,
        mentorship_id=page.link.mentorship_id,
        person_id=page.link.person_id,
        details={},
    )


def _confirmation(link: ReminderLink, now: datetime) -> QueuedEmail:
    to = Recipient(link.side)
    return QueuedEmail(
        key=email_key(link.mentorship_id, EmailKind.REMINDERS_PAUSED, "reminders", to),
        kind=EmailKind.REMINDERS_PAUSED,
        scope_id=link.mentorship_id,
        to=to,
        at=now,
        now=now,
        automatic=False,
    )


def _note(link: ReminderLink, now: datetime) -> QueuedEmail:
    reason = StaffReason.REMINDERS_PAUSED
    return QueuedEmail(
        key=email_key(link.mentorship_id, EmailKind.STAFF_NOTE, f"{reason}:{link.side}", Recipient.STAFF),
        kind=EmailKind.STAFF_NOTE,
        scope_id=link.mentorship_id,
        to=Recipient.STAFF,
        at=now,
        now=now,
        reason=reason,
        about=link.side,
        automatic=False,
    )
