"""The office of the pages for applicants: PostgreSQL for what they write, Temporal for the letters that follow."""

from collections.abc import Mapping
from datetime import datetime

import asyncpg
from temporalio.client import Client

from activities.applicant_emails import ApplicantEmailsTrigger
from domain.applications.window import window_state
from runtime.clock import Clock
from schemas.applications.applicant import Applicant, Inquiry, MentorPlaces, SubmissionResult
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import WindowState
from schemas.errors import UnknownCohort
from storage import applicants, applying, cohorts, inquiries, personal_links, roles


class Opening(FrozenModel):
    """What the public page of a cohort says: its settings, whether one may apply now, and who is still needed."""

    cohort: CohortSettings
    state: WindowState
    places: MentorPlaces


class Admissions:
    """Keeps what applicants write, and has letters follow; where Temporal is away, they wait for the sweeper."""

    def __init__(self, pool: asyncpg.Pool, client: Client, clock: Clock, task_queue: str = "mile") -> None:
        self._pool = pool
        self._nudge = ApplicantEmailsTrigger(client, task_queue)
        self._clock = clock

    def now(self, cohort_id: str) -> datetime:
        """Return the program's time for a cohort."""
        return self._clock.now(cohort_id)

    async def opening(self, cohort_id: str) -> Opening | None:
        """Return what the public page says now, or None where there is no such cohort."""
        now = self.now(cohort_id)
        try:
            settings = await cohorts.cohort_settings(self._pool, cohort_id)
        except UnknownCohort:
            return None
        cohort = await roles.settings_at(self._pool, settings, now)
        places = await applicants.places(self._pool, cohort_id)
        return Opening(cohort=cohort, state=window_state(settings, now), places=places)

    async def begin(self, cohort_id: str, email: str) -> None:
        """Have an address sent the link to its owner's page; see storage.applying.begin."""
        await applying.begin(self._pool, cohort_id, email, self.now(cohort_id))
        await self._nudge.send_soon(cohort_id)

    async def ask(self, asked: Inquiry) -> None:
        """Have a question brought to staff."""
        await inquiries.save_inquiry(self._pool, asked, self.now(asked.cohort_id))
        await self._nudge.send_soon(asked.cohort_id)

    async def open(self, token_hash: bytes) -> Applicant | None:
        """Return whose page a link opens, or None where it is unknown or revoked; changes nothing."""
        owner = await personal_links.owner(self._pool, token_hash)
        if owner is None:
            return None
        opened = await applicants.applicant(self._pool, *owner)
        cohort = await roles.settings_at(self._pool, opened.cohort, self.now(opened.cohort.id))
        return opened.model_copy(update={"cohort": cohort})

    async def save_page(self, one: Applicant, page: Mapping[str, str]) -> None:
        """Keep what was typed on one page; raises Refusal where nothing can be changed any more."""
        await applying.save_page(self._pool, one.cohort.id, one.person_id, page, self.now(one.cohort.id))

    async def hand_in(self, one: Applicant) -> SubmissionResult:
        """Hand in what somebody typed; see storage.applying.hand_in."""
        cohort_id = one.cohort.id
        handed_in = await applying.hand_in(self._pool, cohort_id, one.person_id, lambda: self.now(cohort_id))
        if handed_in.standing:
            await self._nudge.send_soon(cohort_id)
        return handed_in

    async def withdraw(self, one: Applicant) -> None:
        """Take somebody's application back; raises Refusal where others count on them already."""
        await applying.withdraw(self._pool, one.cohort.id, one.person_id, self.now(one.cohort.id))
        await self._nudge.send_soon(one.cohort.id)
