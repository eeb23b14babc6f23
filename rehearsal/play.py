"""The play: a cohort from its files to its report and beyond, every clock driven from due moment to due moment."""

from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowHandle

from domain.calendar import morning
from domain.cohort_dates import cohort_dates
from rehearsal.engine import BEFORE_ALL_TIMES
from rehearsal.ensemble import Ensemble
from rehearsal.scenes import Watcher
from rehearsal.stage import Stage
from schemas.folders import CohortFolder
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.messages import CohortOverview, CohortState, MatchRunSummary
from storage import cohorts

BEGINS_BEFORE_KICKOFF = timedelta(days=30)


class CohortPlay:
    """Plays one cohort: staff's part here, each mentorship in a play of its own."""

    def __init__(self, stage: Stage, folder: CohortFolder, *, seed: int, watch: Watcher) -> None:
        self._stage = stage
        self._folder = folder
        self._ensemble = Ensemble(stage, folder, seed=seed, watch=watch)

    async def play(self) -> MatchRunSummary:
        """Play the cohort from its applications to its report; return what its matching came to."""
        handle = await self._begin()
        matched: MatchRunSummary = await handle.execute_update("match", result_type=MatchRunSummary)
        await handle.execute_update("publish", matched.run, result_type=int)
        where = await self._settled(handle, BEFORE_ALL_TIMES)
        where = await self._pass_time(handle, where)
        await self._play_mentorships(handle, where)
        await handle.result()
        return matched

    async def _begin(self) -> WorkflowHandle[object, object]:
        folder, settings = self._folder, self._folder.settings
        starts_at = morning(settings.kickoff - BEGINS_BEFORE_KICKOFF, settings.time_zone)
        await cohorts.save_cohort(self._stage.pool, settings, folder.mentors, folder.participants, starts_at)
        state = CohortState(cohort_id=settings.id, clock_offset=starts_at - datetime.now(UTC))
        handle: WorkflowHandle[object, object] = await self._stage.client.start_workflow(
            COHORT_WORKFLOW, state, id=cohort_workflow_id(settings.id), task_queue=self._stage.settings.task_queue
        )
        return handle

    async def _settled(self, handle: WorkflowHandle[object, object], reached: datetime) -> CohortOverview:
        return await self._stage.engine.settled(handle, CohortOverview, reached)

    async def _pass_time(self, handle: WorkflowHandle[object, object], where: CohortOverview) -> CohortOverview:
        if where.next_due_at is None:
            return where
        await self._stage.engine.skip_to(handle, where.next_due_at, where.clock_offset, due=True)
        return await self._settled(handle, where.next_due_at)

    async def _play_mentorships(self, handle: WorkflowHandle[object, object], where: CohortOverview) -> None:
        """Play all mentorships to the report and then to their ends, and the cohort behind them.

        The cohort looks at all of them when it writes to staff, so none may lag behind it; they may well be ahead, for
        a digest tells what was so at its moment. Only the report is written from the rows as they are.
        """
        await self._ensemble.begin()
        for curtain in (cohort_dates(self._folder.settings).reports_at, None):
            async with self._ensemble.playing_until(curtain):
                where = await self._follow(handle, where, curtain)

    async def _follow(
        self, handle: WorkflowHandle[object, object], where: CohortOverview, curtain: datetime | None
    ) -> CohortOverview:
        while where.next_due_at is not None and (curtain is None or where.next_due_at <= curtain):
            await self._ensemble.past(where.next_due_at)
            where = await self._pass_time(handle, where)
        return where
