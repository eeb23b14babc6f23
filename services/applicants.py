"""Applicants: the public page of a cohort, an application from its first page to its withdrawal, and questions."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg
from pydantic import JsonValue

from domain.applications.window import window_state
from domain.calendar import local_day
from domain.links import personal_links_end_on
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.applications.applicant import Applicant, Inquiry, MentorPlaces, SubmissionResult
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Language, WindowState
from schemas.errors import UnknownCohort
from storage import applicants, applying, audit, cohorts, inquiries, personal_links, roles, typed_addresses
from storage.database import Db, transaction


class PublicWindow(FrozenModel):
    """What the public page of a cohort says: its settings, whether one may apply now, and who is still needed.

    No email about an ``archived`` cohort leaves, so neither a link can be asked for nor a question be sent.
    """

    cohort: CohortSettings
    state: WindowState
    places: MentorPlaces
    archived: bool = False


class FrontPage(FrozenModel):
    """What the front page says: the classes that have not begun, the next one first.

    ``leading`` is the class whose program, contact and rhythm the page shows: the next one, or the last that began.
    """

    leading: CohortSettings | None = None
    classes: tuple[PublicWindow, ...] = ()


class ApplicantService:
    """Stores what applicants write, and enqueues the emails about it in the same transaction."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def now(self, cohort_id: str) -> datetime:
        """Return the program's time for a cohort (aware)."""
        return self._clock.now(cohort_id)

    async def window(self, cohort_id: str) -> PublicWindow | None:
        """Return what the public page says now, or None where there is no such cohort."""
        try:
            settings = await cohorts.cohort_settings(self._pool, cohort_id)
        except UnknownCohort:
            return None
        archived = cohort_id in await cohorts.archived(self._pool)
        return (await self._window(settings)).model_copy(update={"archived": archived})

    async def front_page(self) -> FrontPage:
        """Return what the front page of the program says now; archived cohorts are not on it (A44)."""
        current = sorted(await cohorts.current_settings(self._pool), key=lambda each: (each.kickoff_day, each.id))
        coming = [each for each in current if local_day(self.now(each.id), each.time_zone) < each.kickoff_day]
        classes = tuple([await self._window(each) for each in coming])
        if classes or not current:
            return FrontPage(leading=classes[0].cohort if classes else None, classes=classes)
        last = current[-1]
        return FrontPage(leading=await roles.settings_at(self._pool, last, self.now(last.id)))

    async def begin(self, cohort_id: str, email: str, language: Language | None = None) -> None:
        """Send the owner of an address the link to their page; somebody new begins an application, in a language.

        There is no actor: nobody knows whose address it is before the link in the email is opened.
        """
        # The email is a row of that transaction; the workflow only sends what waits (decision 12).
        await applying.begin(self._pool, cohort_id, email, self.now(cohort_id), language)

    async def send_inquiry(self, inquiry: Inquiry) -> None:
        """Send a question to staff (A42); whoever asks needs no application, so there is no actor.

        Raises Refusal where the cohort is archived.
        """
        await inquiries.save_inquiry(self._pool, inquiry, self.now(inquiry.cohort_id))

    async def open(self, token_hash: bytes) -> Applicant | None:
        """Return whose page a link opens, with whoever answers questions now; None where it is unknown or too old."""
        owner = await personal_links.owner(self._pool, token_hash)
        if owner is None:
            return None
        applicant = await applicants.applicant(self._pool, *owner)
        now = self.now(applicant.cohort.id)
        if local_day(now, applicant.cohort.time_zone) > personal_links_end_on(applicant.cohort):
            return None
        cohort = await roles.settings_at(self._pool, applicant.cohort, now)
        return applicant.model_copy(update={"cohort": cohort})

    async def save_page(self, actor: Actor, applicant: Applicant, answers: Mapping[str, str]) -> None:
        """Store what was typed on one page, valid or not; raises Refusal where nothing can be changed any more."""
        cohort_id, person_id = applicant.cohort.id, applicant.person_id
        now = self.now(cohort_id)
        async with transaction(self._pool) as connection:
            if await applying.save_page(connection, cohort_id, person_id, answers, now):
                await _record(connection, actor, "application_page_saved", applicant, now)

    async def submit(self, actor: Actor, applicant: Applicant) -> SubmissionResult:
        """Submit what was typed, if it is complete and in time, and confirm it by email; see storage.applying."""
        cohort_id = applicant.cohort.id
        async with transaction(self._pool) as connection:
            # The clock is read once the cohort's settings are locked, so a close that comes first is seen.
            result = await applying.submit(connection, cohort_id, applicant.person_id, lambda: self.now(cohort_id))
            if result.status:
                now = self.now(cohort_id)
                await _record(connection, actor, "application_submitted", applicant, now, status=result.status)
        return result

    async def withdraw(self, actor: Actor, applicant: Applicant) -> None:
        """Withdraw an application and confirm it by email; raises Refusal where a published match needs it."""
        cohort_id = applicant.cohort.id
        now = self.now(cohort_id)
        async with transaction(self._pool) as connection:
            if await applying.withdraw(connection, cohort_id, applicant.person_id, now):
                await _record(connection, actor, "application_withdrawn", applicant, now)

    async def are_emails_stopped(self, applicant: Applicant) -> bool:
        """Tell whether the owner of an address wants no more emails from the public pages of this cohort."""
        return await typed_addresses.is_stopped(self._pool, applicant.cohort.id, applicant.email)

    async def stop_emails(self, actor: Actor, applicant: Applicant) -> None:
        """Send nothing more to an address that is typed on the public pages; what was begun and left empty is deleted.

        An application that was continued stays, with all emails about it.
        """
        cohort_id = applicant.cohort.id
        now = self.now(cohort_id)
        async with transaction(self._pool) as connection:
            if await typed_addresses.stop(connection, cohort_id, applicant.person_id, applicant.email, now):
                await _record(connection, actor, "public_emails_stopped", applicant, now)

    async def resume_emails(self, actor: Actor, applicant: Applicant) -> None:
        """Send links to an address again when it is typed on the public pages."""
        cohort_id = applicant.cohort.id
        async with transaction(self._pool) as connection:
            if await typed_addresses.resume(connection, cohort_id, applicant.email):
                await _record(connection, actor, "public_emails_resumed", applicant, self.now(cohort_id))

    async def _window(self, settings: CohortSettings) -> PublicWindow:
        now = self.now(settings.id)
        cohort = await roles.settings_at(self._pool, settings, now)
        places = await applicants.mentor_places(self._pool, settings.id)
        return PublicWindow(cohort=cohort, state=window_state(settings, now), places=places)


async def _record(db: Db, actor: Actor, action: str, applicant: Applicant, now: datetime, **details: JsonValue) -> None:
    event = AuditEvent(
        happened_at=now,
        actor=actor,
        action=action,
        cohort_id=applicant.cohort.id,
        person_id=applicant.person_id,
        details=details,
    )
    await audit.save_event(db, event)
