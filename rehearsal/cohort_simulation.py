"""The play: a cohort from its files to its report and beyond, every clock driven from due moment to due moment."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.calendar import morning
from domain.cohort.dates import cohort_dates
from rehearsal.environment import Environment
from rehearsal.mentorship_pool import MentorshipPool
from rehearsal.mentorship_simulation import ProgressObserver
from rehearsal.personas import SimulatedParticipant
from rehearsal.pre_kickoff_simulation import Newcomer, PreKickoffSimulation
from rehearsal.subcommittee import Handle
from schemas.cohort.folder import CohortFolder
from schemas.cohort.messages import CohortOverview
from schemas.cohort.state import CohortState
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.personas import Persona, PersonaScript
from storage import cohorts

BEGINS_BEFORE_KICKOFF = timedelta(days=30)
SETS_UP_BEFORE = timedelta(hours=1)
ONE_DAY = timedelta(days=1)
# personas.toml cannot name who gets an id only when they apply.
WHO_WALKED_IN = PersonaScript(persona=Persona.STEADY)


async def begin_cohort(stage: Environment, folder: CohortFolder) -> Handle:
    """Have staff set up a cohort with its applications on its first day, and return its workflow.

    Where people apply on the pages, that is the day before they may; mentors who apply on paper are brought in later.
    """
    settings = folder.settings
    window, a_month_before = settings.applications, settings.kickoff - BEGINS_BEFORE_KICKOFF
    starts_at = morning(window.opens_on - ONE_DAY if window else a_month_before, settings.time_zone) - SETS_UP_BEFORE
    mentors = () if window else folder.mentors
    await cohorts.save_cohort(stage.pool, settings, mentors, folder.participants, starts_at)
    state = CohortState(cohort_id=settings.id, clock_offset=starts_at - datetime.now(UTC))
    handle: Handle = await stage.client.start_workflow(
        COHORT_WORKFLOW, state, id=cohort_workflow_id(settings.id), task_queue=stage.settings.task_queue
    )
    return handle


class CohortSimulation:
    """Plays one cohort: what comes before its kickoff, then its mentorships beside each other and the cohort behind.

    ``walk_ins`` apply through the pages; everybody else of the folder is imported.
    """

    def __init__(
        self,
        stage: Environment,
        folder: CohortFolder,
        *,
        seed: int,
        watch: ProgressObserver,
        walk_ins: Sequence[Newcomer] = (),
    ) -> None:
        self._stage = stage
        self._folder = folder
        self._seed = seed
        self._walk_ins = walk_ins
        self._ensemble = MentorshipPool(stage, folder.settings, self._actor, watch)

    async def play(self) -> None:
        """Play the cohort from its applications to its report and beyond."""
        await self.accompany(*await self.gather())

    async def gather(self) -> tuple[Handle, CohortOverview]:
        """Play up to the start of the mentorships; return the cohort's workflow and where it stands then."""
        handle = await begin_cohort(self._stage, self._folder)
        gathering = PreKickoffSimulation(self._stage, self._folder, self._actor, handle)
        return handle, await gathering.play(self._walk_ins)

    async def accompany(self, handle: Handle, where: CohortOverview) -> None:
        """Play all mentorships to the report and then to their ends, and the cohort behind them.

        The cohort looks at all of them when it writes to staff, so none may lag behind it; they may well be ahead, for
        a digest tells what was so at its moment. Only the report is written from the rows as they are.
        """
        await self._ensemble.begin()
        for curtain in (cohort_dates(self._folder.settings).reports_at, None):
            async with self._ensemble.playing_until(curtain):
                where = await self._follow(handle, where, curtain)
        await handle.result()

    def _actor(self, person: str) -> SimulatedParticipant:
        settings = self._folder.settings
        script = self._folder.personas.get(person, WHO_WALKED_IN)
        return SimulatedParticipant(person, script, settings.timeline, settings.time_zone, self._seed)

    async def _settled(self, handle: Handle, reached: datetime) -> CohortOverview:
        return await self._stage.engine.settled(handle, CohortOverview, reached)

    async def _pass_time(self, handle: Handle, where: CohortOverview) -> CohortOverview:
        if where.next_due_at is None:
            return where
        await self._stage.engine.skip_to(handle, where.next_due_at, where.clock_offset, due=True)
        return await self._settled(handle, where.next_due_at)

    async def _follow(self, handle: Handle, where: CohortOverview, curtain: datetime | None) -> CohortOverview:
        while where.next_due_at is not None and (curtain is None or where.next_due_at <= curtain):
            await self._ensemble.past(where.next_due_at)
            where = await self._pass_time(handle, where)
        return where
