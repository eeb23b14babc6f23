"""The simulation of a cohort from its files to its last survey: clocks advance from one due moment to the next."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from domain.calendar import morning
from domain.cohort.dates import cohort_dates
from rehearsal.delivery import wait_for_delivery_to_cohort
from rehearsal.earlier_class import save_earlier_class
from rehearsal.environment import Environment
from rehearsal.mentorship_pool import MentorshipPool
from rehearsal.mentorship_simulation import ProgressObserver, StaffStep
from rehearsal.personas import SimulatedParticipant
from rehearsal.pre_kickoff_simulation import Newcomer, PreKickoffSimulation
from rehearsal.program_events import announce, program_events
from rehearsal.subcommittee import Subcommittee
from rehearsal.time_skipping import EARLIEST_TIME, wait_for_end
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.state import CohortState
from schemas.errors import MileError
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.personas import Persona, PersonaScript
from services.workflow_calls import Handle
from storage import cohorts, mentorships

# What pauses and extensions of a rehearsal may add to the plan of its class.
MOST_PUT_OFF = timedelta(days=365)
STARTS_BEFORE_KICKOFF = timedelta(days=30)
SET_UP_BEFORE = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
# personas.toml cannot name who gets an id only when they apply. A window of a few days needs somebody quick.
NEWCOMER_SCRIPT = PersonaScript(persona=Persona.KEEN)


async def start_cohort(environment: Environment, folder: CohortFolder) -> Handle:
    """Create a cohort with its applications on its first day, and return its workflow.

    Where people apply on the pages, that is the day before they may; mentors who apply on paper are brought in later.
    """
    settings = folder.settings
    window, a_month_before = settings.applications, settings.kickoff_day - STARTS_BEFORE_KICKOFF
    starts_at = morning(window.opens_on - ONE_DAY if window else a_month_before, settings.time_zone) - SET_UP_BEFORE
    mentors = () if window else folder.mentors
    await save_earlier_class(environment, program_events(settings).earlier)
    await cohorts.save_cohort(environment.pool, settings, mentors, folder.mentees, starts_at)
    state = CohortState(cohort_id=settings.id, clock_offset=starts_at - datetime.now(UTC))
    handle: Handle = await environment.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id(settings.id), task_queue=environment.settings.task_queue
    )
    return handle


class CohortSimulation:
    """Runs one cohort: what comes before its kickoff, then its mentorships concurrently, and the cohort after them.

    ``newcomers`` apply through the pages; everybody else is in the folder. ``staff`` take staff's steps before the
    kickoff.
    """

    def __init__(
        self,
        environment: Environment,
        folder: CohortFolder,
        *,
        seed: int,
        observer: ProgressObserver,
        newcomers: Sequence[Newcomer] = (),
        staff: Subcommittee | None = None,
    ) -> None:
        self._environment = environment
        self._folder = folder
        self._seed = seed
        self._newcomers = newcomers
        self._staff = staff or Subcommittee(environment, folder)
        self._mentorships = MentorshipPool(environment, folder.settings, self._participant, observer)

    async def run(self) -> None:
        """Run the cohort from its applications to the last survey after its report."""
        await self.run_mentorships(*await self.run_until_kickoff())

    async def run_until_kickoff(self) -> tuple[Handle, CohortOverview]:
        """Run up to the start of the mentorships; return the cohort's workflow and its overview then."""
        handle = await start_cohort(self._environment, self._folder)
        return handle, await self.run_from_creation(handle)

    async def run_from_creation(self, handle: Handle) -> CohortOverview:
        """Run a cohort that was created up to the start of the mentorships; return its overview then."""
        pre_kickoff = PreKickoffSimulation(self._environment, self._folder, self._participant, handle, self._staff)
        return await pre_kickoff.run(self._newcomers)

    async def run_mentorships(self, handle: Handle, overview: CohortOverview) -> None:
        """Run all mentorships to the report and then to their ends, and the cohort after them."""
        await self.start_mentorships()
        await self.finish(handle, overview)

    async def start_mentorships(self) -> None:
        """Take up the mentorships that have started."""
        await announce(self._environment, self._folder.settings)
        await self._mentorships.start()

    async def run_until(self, handle: Handle, overview: CohortOverview, until: datetime | None) -> CohortOverview:
        """Run the mentorships that were taken up to a moment, or to their ends, and the cohort with them.

        The cohort looks at all of them when it writes to staff, so none may lag behind it; they may well be ahead, for
        a digest tells what was so at its moment. Only the report is written from the rows as they are.
        """
        async with self._mentorships.running_until(until):
            return await self._advance_until(handle, overview, until)

    async def finish(self, handle: Handle, overview: CohortOverview) -> None:
        """Run to the report, then to the ends of the mentorships and of the cohort."""
        for until in (cohort_dates(self._folder.settings).reports_at, None):
            overview = await self.run_until(handle, overview, until)
        await wait_for_end(handle, self._running)
        await wait_for_delivery_to_cohort(self._environment.pool, self._folder.settings.id)
        # Pages that are served later say what is to come from here on.
        self._environment.clock.set(self._folder.settings.id, overview.now)

    def schedule(self, mentorship: str, at: datetime, step: StaffStep) -> None:
        """Have staff do something about a mentorship at a moment that has not come yet."""
        self._mentorships.schedule(mentorship, at, step)

    async def resume(self, handle: Handle, mentorships: Collection[str]) -> CohortOverview:
        """Read again what these mentorships and the cohort wait for, where a database was restored.

        Those that took over are taken up where they were not known. Returns the cohort's overview.
        """
        await self._mentorships.resume(mentorships)
        return await self._wait_until_idle(handle, EARLIEST_TIME)

    async def _running(self) -> str:
        """Say which mentorships a cohort that does not end may wait for."""
        rows = await mentorships.mentorships(self._environment.pool, self._folder.settings.id)
        running = [row["id"] for row in rows if row["outcome"] is None]
        if not running:
            return "every mentorship has ended, so look for a survey that is not closed in the UI."
        return f"it waits for {', '.join(running)}."

    def _participant(self, person: str) -> SimulatedParticipant:
        settings = self._folder.settings
        script = self._folder.personas.get(person, NEWCOMER_SCRIPT)
        return SimulatedParticipant(person, script, settings.timeline, settings.time_zone, self._seed)

    async def _wait_until_idle(self, handle: Handle, reached: datetime) -> CohortOverview:
        return await self._environment.workflow_clocks.progress(handle, CohortOverview, reached)

    async def _advance(self, handle: Handle, overview: CohortOverview) -> CohortOverview:
        if overview.next_due_at is None:
            return overview
        clocks, at = self._environment.workflow_clocks, overview.next_due_at
        await clocks.advance_to(handle, at, overview.clock_offset, due=True)
        # The server knows it, as of a mentorship: nobody acts on the cohort any more, and what is due keeps it busy.
        next_due_at = await clocks.wait_until_idle(handle, at)
        return overview.model_copy(update={"now": at, "next_due_at": next_due_at})

    async def _advance_until(self, handle: Handle, overview: CohortOverview, until: datetime | None) -> CohortOverview:
        # A cohort puts its report off, week by week, for a survey that is open: for ever, if a fault keeps it open.
        latest = cohort_dates(self._folder.settings).followed_up_at + MOST_PUT_OFF
        while overview.next_due_at is not None and (until is None or overview.next_due_at <= until):
            if overview.next_due_at > latest:
                raise MileError(
                    f"{handle.id} still puts its report off at {overview.next_due_at:%Y-%m-%d}: {await self._running()}"
                )
            await self._mentorships.wait_until_past(overview.next_due_at)
            overview = await self._advance(handle, overview)
        return overview
