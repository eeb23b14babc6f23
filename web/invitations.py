"""The office of the pages about matches and the kickoff: PostgreSQL for the answers, Temporal to hear of them."""

from datetime import datetime

import asyncpg
import structlog
from temporalio.client import Client

from activities.applicant_emails import ApplicantEmailsTrigger
from activities.proposals import tell_cohort
from emails.calendar_file import calendar_file
from runtime.clock import Clock
from schemas.applications.applicant import ProposalAnswer, Rsvp
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import TemporalUnavailable
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import OpenedProposal
from storage import cohorts, kickoff, personal_links, proposal_answers, proposals, roles

_log = structlog.get_logger()


class Invitation(FrozenModel):
    """Whose link was opened: their cohort with whoever answers questions now, and their place at its kickoff.

    ``guest`` is None while they have only begun an application.
    """

    cohort: CohortSettings
    person_id: str
    guest: Guest | None


class Invitations:
    """Keeps answers to proposals and to the half-day session; where Temporal is away, the workflow finds them later."""

    def __init__(self, pool: asyncpg.Pool, client: Client, clock: Clock, task_queue: str = "mile") -> None:
        self._pool = pool
        self._client = client
        self._nudge = ApplicantEmailsTrigger(client, task_queue)
        self._clock = clock

    def now(self, cohort_id: str) -> datetime:
        """Return the program's time for a cohort."""
        return self._clock.now(cohort_id)

    async def open(self, token_hash: bytes) -> Invitation | None:
        """Return whose link this is, or None where it is unknown or revoked; changes nothing."""
        owner = await personal_links.owner(self._pool, token_hash)
        if owner is None:
            return None
        cohort_id, person_id = owner
        settings = await cohorts.cohort_settings(self._pool, cohort_id)
        return Invitation(
            cohort=await roles.settings_at(self._pool, settings, self.now(cohort_id)),
            person_id=person_id,
            guest=await kickoff.guest(self._pool, cohort_id, person_id),
        )

    async def proposals(self, of: Invitation) -> tuple[OpenedProposal, ...]:
        """Return what was proposed to somebody, what still stands first."""
        return await proposals.proposals_to(self._pool, of.cohort.id, of.person_id)

    async def answer(self, of: Invitation, partner_id: str, given: ProposalAnswer) -> None:
        """Keep what somebody says to a match, then let the cohort know; the same twice is one answer.

        Raises ProposalClosed where it comes too late, Refusal where there is no such proposal.
        """
        cohort_id = of.cohort.id
        saved = await proposal_answers.answer(
            self._pool, cohort_id, of.person_id, partner_id, given=given, now=self.now(cohort_id)
        )
        if not saved.changed:
            return
        if saved.final:
            await self._nudge.send_soon(cohort_id)
        try:
            await tell_cohort(self._client, cohort_id, given.commitment)
        except TemporalUnavailable:
            _log.warning("proposal_answer_waits_for_cohort", cohort=cohort_id)

    async def save_rsvp(self, of: Invitation, rsvp: Rsvp) -> None:
        """Keep what somebody says about the half-day session; raises Refusal where it comes too late."""
        await kickoff.save_rsvp(self._pool, of.cohort.id, of.person_id, rsvp, self.now(of.cohort.id))

    async def calendar_file(self, of: Invitation, guest: Guest) -> bytes:
        """Return somebody's calendar file as things stand now."""
        sequence = await kickoff.sequence(self._pool, of.cohort.id, of.person_id)
        return calendar_file(of.cohort, guest.person, guest.rsvp, sequence=sequence)
