"""The subcommittee's part in the play before the kickoff: mentors brought in, matches published, people looked for."""

from datetime import datetime, timedelta
from typing import TypeAlias

from temporalio.client import WorkflowHandle

from domain.calendar import first_business_morning
from domain.matching.proposals import proposal_deadline
from rehearsal.environment import Environment
from schemas.cohort.folder import CohortFolder
from schemas.enums import Commitment, RsvpStatus, Side
from schemas.kickoff.guests import Guest
from schemas.matching.messages import MatchRunSummary
from services.signals import ApplicantEmailsTrigger
from storage import cohorts, kickoff
from storage.campaigns import open_proposals
from storage.proposal_answers import confirm

Handle: TypeAlias = WorkflowHandle[object, object]

# Staff look at a draft for three days before they publish it, and until the next morning where a match was declined.
MATCHES_AFTER = timedelta(days=3)
REPUBLISHES_AFTER = timedelta(hours=1)
CONFIRMS_AFTER = timedelta(days=1)


class Subcommittee:
    """Does for one cohort what staff do while it gathers."""

    def __init__(self, environment: Environment, folder: CohortFolder, handle: Handle) -> None:
        self._environment = environment
        self._folder = folder
        self._settings = folder.settings
        self._handle = handle

    def matching_at(self, now: datetime) -> datetime:
        """Return when the matches are drawn up: some days after applications closed, or now where nobody applies."""
        closes_at = self._settings.applications_close_at
        return first_business_morning(closes_at + MATCHES_AFTER, self._settings.time_zone) if closes_at else now

    def republishing_at(self, now: datetime) -> datetime:
        """Return when a draft is published that was drawn up because a match was declined."""
        return first_business_morning(now + REPUBLISHES_AFTER, self._settings.time_zone)

    async def import_mentors(self) -> None:
        """Bring in the mentors who applied on paper."""
        await cohorts.save_cohort(self._environment.pool, self._settings, self._folder.mentors, (), self._now)

    async def match(self) -> int:
        """Have the matches drawn up; return the number of the run."""
        summary: MatchRunSummary = await self._handle.execute_update("match", result_type=MatchRunSummary)
        return summary.run

    async def publish(self, run: int) -> datetime | None:
        """Publish a run; return when what nobody spoke against is confirmed, or None where nobody is asked."""
        await self._handle.execute_update("publish", run, result_type=int)
        return proposal_deadline(self._settings, self._now) + CONFIRMS_AFTER if self._settings.proposals else None

    async def confirm(self) -> None:
        """Confirm the matches nobody spoke against in the time they had, as after a call."""
        for proposal in await open_proposals(self._environment.pool, self._settings.id):
            over = proposal_deadline(self._settings, proposal.proposed_at) <= self._now
            if over and Commitment.ASKED not in (proposal.mentor_answer, proposal.mentee_answer):
                await confirm(
                    self._environment.pool, self._settings.id, proposal.mentor_id, proposal.mentee_id, self._now
                )
        await ApplicantEmailsTrigger(self._environment.client, self._environment.settings.task_queue).send_soon(
            self._settings.id
        )

    async def note_attendance(self) -> None:
        """Note who is there on the last day; of those invited only mentors who said so stay away."""
        people = await kickoff.guests(self._environment.pool, self._settings.id)
        attended = {guest.person.id: not _stays_away(guest) for guest in people if guest.invited}
        await kickoff.record_attendance(self._environment.pool, self._settings.id, attended, self._now)

    @property
    def _now(self) -> datetime:
        return self._environment.clock.now(self._settings.id)


def _stays_away(guest: Guest) -> bool:
    return guest.person.side is Side.MENTOR and guest.rsvp is not None and guest.rsvp.coming is RsvpStatus.NO
