"""What participants answer before the kickoff: to the match proposed to them, and to the half-day session (RSVP)."""

from datetime import datetime

import asyncpg
import structlog
from pydantic import JsonValue
from temporalio.client import Client

from domain.calendar import local_day
from domain.links import personal_links_end_on
from emails.calendar_file import CalendarFile, calendar_file
from runtime.clock import Clock
from schemas.actor import Actor
from schemas.applications.applicant import ProposalAnswer, Rsvp
from schemas.audit_event import AuditEvent
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Language
from schemas.errors import TemporalUnavailable
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import OpenedProposal
from services.circuit_breaker import CircuitBreaker
from services.signals import signal_proposal_answered
from storage import audit, cohorts, contacts, kickoff, personal_links, proposal_answers, proposals, roles
from storage.database import Db, transaction

_log = structlog.get_logger(__name__)


class Invitation(FrozenModel):
    """Whose link was opened: their cohort with whoever answers questions now, and their place at its kickoff.

    ``guest`` is None while they have only begun an application. A cohort is ``called_off`` by archiving it.
    """

    cohort: CohortSettings
    person_id: str
    guest: Guest | None
    language: Language
    called_off: bool


class InvitationService:
    """Stores answers to proposals and to the half-day session, then signals them.

    What cannot be signaled now, the sweeper signals later.
    """

    def __init__(self, pool: asyncpg.Pool, client: Client, clock: Clock) -> None:
        self._pool = pool
        self._client = client
        self._clock = clock
        self._breaker = CircuitBreaker()

    def now(self, cohort_id: str) -> datetime:
        """Return the program's time for a cohort (aware)."""
        return self._clock.now(cohort_id)

    async def open(self, token_hash: bytes) -> Invitation | None:
        """Return whose link this is, or None where it is unknown, revoked or too old."""
        owner = await personal_links.owner(self._pool, token_hash)
        if owner is None:
            return None
        cohort_id, person_id = owner
        settings, now = await cohorts.cohort_settings(self._pool, cohort_id), self.now(cohort_id)
        if local_day(now, settings.time_zone) > personal_links_end_on(settings):
            return None
        return Invitation(
            cohort=await roles.settings_at(self._pool, settings, now),
            person_id=person_id,
            guest=await kickoff.guest(self._pool, cohort_id, person_id),
            language=await contacts.language_of(self._pool, cohort_id, person_id),
            called_off=cohort_id in await cohorts.archived(self._pool),
        )

    async def proposals(self, invitation: Invitation) -> tuple[OpenedProposal, ...]:
        """Return what was proposed to somebody, what is still proposed first."""
        return await proposals.proposals_to(self._pool, invitation.cohort.id, invitation.person_id)

    async def answer_proposal(
        self, actor: Actor, invitation: Invitation, partner_id: str, answer: ProposalAnswer
    ) -> None:
        """Store an answer to a proposal, then signal it to the cohort; the same answer twice is one.

        Raises ProposalClosed where it comes too late, Refusal where there is no such proposal.
        """
        cohort_id = invitation.cohort.id
        now = self.now(cohort_id)
        async with transaction(self._pool) as connection:
            saved = await proposal_answers.answer(
                connection, cohort_id, invitation.person_id, partner_id, answer=answer, now=now
            )
            if saved.changed:
                details = {"partner": partner_id, "commitment": answer.commitment.value}
                await _record(connection, actor, "proposal_answered", invitation, now, **details)
        if not saved.changed:
            return
        try:
            # After the commit: the workflow reads the answer from PostgreSQL when the signal comes.
            with self._breaker.guard():
                await signal_proposal_answered(self._pool, self._client, cohort_id)
        except TemporalUnavailable:
            _log.warning("proposal_answer_left_to_the_sweeper", cohort=cohort_id)

    async def save_rsvp(self, actor: Actor, invitation: Invitation, rsvp: Rsvp) -> None:
        """Store whether somebody comes to the half-day session; raises Refusal where it comes too late."""
        now = self.now(invitation.cohort.id)
        async with transaction(self._pool) as connection:
            if await kickoff.save_rsvp(connection, invitation.cohort.id, invitation.person_id, rsvp, now):
                await _record(connection, actor, "rsvp_answered", invitation, now, status=rsvp.status.value)

    async def calendar_file(self, invitation: Invitation, guest: Guest) -> CalendarFile:
        """Return somebody's calendar file of the kickoff as things are now."""
        sequence = await kickoff.sequence_of(self._pool, invitation.cohort.id, invitation.person_id)
        return calendar_file(invitation.cohort, guest.person, guest.rsvp, sequence=sequence)


async def _record(
    db: Db, actor: Actor, action: str, invitation: Invitation, now: datetime, **details: JsonValue
) -> None:
    event = AuditEvent(
        happened_at=now,
        actor=actor,
        action=action,
        cohort_id=invitation.cohort.id,
        person_id=invitation.person_id,
        details=details,
    )
    await audit.save_event(db, event)
