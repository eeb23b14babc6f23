"""What staff do before the kickoff of a rehearsed cohort: import mentors, match, publish, confirm, note attendance."""

from datetime import datetime, timedelta

from domain.calendar import first_business_morning, office_moment
from domain.matching.proposals import proposal_deadline
from rehearsal.environment import STAFF, Environment
from schemas.cohort.folder import CohortFolder
from schemas.enums import Commitment, RsvpStatus, Side
from schemas.errors import MileError
from schemas.kickoff.guests import Guest
from schemas.matching.messages import MatchRequest
from schemas.personas import Persona
from services.kickoff.attendance import note_attendance
from services.kickoff.starts import start
from services.matching import match_cohort, publish
from services.proposals import confirm
from storage import cohorts, kickoff
from storage.campaigns import open_proposals

# Staff look at a draft for three days before they publish it, and until the next morning where a match was declined.
MATCHES_AFTER = timedelta(days=3)
REPUBLISHES_AFTER = timedelta(hours=1)
CONFIRMS_AFTER = timedelta(days=1)


class Subcommittee:
    """Does for one cohort what staff do before its kickoff, by the same use cases as the commands."""

    def __init__(self, environment: Environment, folder: CohortFolder) -> None:
        self._environment = environment
        self._folder = folder
        self._settings = folder.settings

    def matching_at(self, now: datetime) -> datetime:
        """Return when staff match the cohort: some days after applications closed, or at once where nobody applies."""
        closes_at, zone = self._settings.applications_close_at, self._settings.time_zone
        return first_business_morning(closes_at + MATCHES_AFTER, zone) if closes_at else office_moment(now, zone)

    def republishing_at(self, now: datetime) -> datetime:
        """Return when staff publish the new draft after a match was declined."""
        return first_business_morning(now + REPUBLISHES_AFTER, self._settings.time_zone)

    async def import_mentors(self) -> None:
        """Save the mentors who applied on paper."""
        await cohorts.save_cohort(self._environment.pool, self._settings, self._folder.mentors, (), self._now)

    async def match(self) -> int:
        """Match the cohort and return the number of the run."""
        drafted = await match_cohort(self._environment.services, STAFF, self._settings.id, MatchRequest())
        if drafted.run is None:
            raise MileError(f"Matching {self._settings.id} came to no run.")
        return drafted.run

    async def publish(self, run: int) -> datetime | None:
        """Publish a run; return when staff confirm what nobody declined, or None where nobody is asked."""
        await publish(self._environment.services, STAFF, self._settings.id, run, None)
        return self._confirms_at()

    def _confirms_at(self) -> datetime | None:
        return proposal_deadline(self._settings, self._now) + CONFIRMS_AFTER if self._settings.proposals else None

    async def confirm(self) -> None:
        """Confirm the matches that nobody declined by the deadline, as staff do after a call."""
        services = self._environment.services
        for proposal in await open_proposals(self._environment.pool, self._settings.id):
            is_overdue = proposal_deadline(self._settings, proposal.proposed_at) <= self._now
            # A side that asked a question first waits for staff's reply, so nothing is confirmed for it.
            if is_overdue and Commitment.ASKED not in (proposal.mentor_answer, proposal.mentee_answer):
                pair = (proposal.mentor_id, proposal.mentee_id)
                await confirm(services, STAFF, self._settings.id, *pair, note="Both said yes on the phone.")

    async def confirm_attendance(self) -> None:
        """Note who attended the last day and start the mentorships.

        All who were invited are there, except mentors who said that they would not come, and whoever is absent by
        their script. Where nothing is published yet, nobody can start.
        """
        if not await kickoff.published_pairs(self._environment.pool, self._settings.id):
            return
        guests = await kickoff.guests(self._environment.pool, self._settings.id)
        attended = {guest.person.id: self._attended(guest) for guest in guests if guest.invited}
        await note_attendance(self._environment.services, STAFF, self._settings.id, attended)
        await start(self._environment.services, STAFF, self._settings.id)

    def _attended(self, guest: Guest) -> bool:
        script = self._folder.personas.get(guest.person.id)
        absent = script is not None and script.on(self._settings.kickoff_day) is Persona.ABSENT
        return not absent and not _declined_session(guest)

    @property
    def _now(self) -> datetime:
        return self._environment.clock.now(self._settings.id)


def _declined_session(guest: Guest) -> bool:
    return guest.person.side is Side.MENTOR and guest.rsvp is not None and guest.rsvp.status is RsvpStatus.NO
