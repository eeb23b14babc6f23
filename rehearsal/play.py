"""The play: a cohort from its files to its report and beyond, every clock driven from due moment to due moment."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from temporalio.client import WorkflowHandle

from domain.calendar import morning
from rehearsal.acting import Actor
from rehearsal.engine import BEFORE_ALL_TIMES
from rehearsal.scenes import MentorshipPlay, Watcher
from rehearsal.stage import Stage
from schemas.folders import CohortFolder
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from schemas.messages import CohortOverview, CohortState, MatchRunSummary
from schemas.words import Side
from storage import cohorts, mentorships

BEGINS_BEFORE_KICKOFF = timedelta(days=30)
PLAYED_AT_ONCE = 12


class CohortPlay:
    """Plays one cohort: staff's part here, each mentorship in a play of its own."""

    def __init__(self, stage: Stage, folder: CohortFolder, *, seed: int, watch: Watcher) -> None:
        self._stage = stage
        self._folder = folder
        self._seed = seed
        self._watch = watch
        self._plays: dict[str, MentorshipPlay] = {}

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
        """Play all mentorships side by side from one of the cohort's own moments to the next.

        The cohort looks at all of them when it writes to staff: so they live up to that moment before it does, and go
        on when it has.
        """
        rows = await mentorships.mentorships(self._stage.pool, self._folder.settings.id)
        await self._begin_plays([row["id"] for row in rows])
        self._watch.expect(len(self._plays))
        while True:
            await self._play_until(where.next_due_at)
            if where.next_due_at is None:
                return
            where = await self._pass_time(handle, where)

    async def _play_until(self, curtain: datetime | None) -> None:
        """Play all mentorships up to a moment, and then those that took over from one of them meanwhile."""
        played = list(self._plays.values())
        while played:
            await self._side_by_side(played, curtain)
            taken_over = [one for play in played for one in play.successors if one not in self._plays]
            played = await self._begin_plays(taken_over)

    async def _side_by_side(self, plays: Sequence[MentorshipPlay], curtain: datetime | None) -> None:
        room = asyncio.Semaphore(PLAYED_AT_ONCE)

        async def one(play: MentorshipPlay) -> None:
            async with room:
                await play.play_until(curtain)

        async with asyncio.TaskGroup() as group:
            for play in plays:
                group.create_task(one(play))

    async def _begin_plays(self, mentorship_ids: Sequence[str]) -> list[MentorshipPlay]:
        plays = [await self._begin_play(each) for each in mentorship_ids]
        self._plays |= {play.mentorship: play for play in plays}
        return plays

    async def _begin_play(self, mentorship: str) -> MentorshipPlay:
        pair = await mentorships.partners(self._stage.pool, mentorship)
        actors = {side: self._actor(pair.of(side).id) for side in Side}
        play = MentorshipPlay(self._stage, mentorship, actors, self._folder.settings.time_zone, self._watch)
        await play.begin()
        return play

    def _actor(self, person: str) -> Actor:
        settings = self._folder.settings
        script = self._folder.personas[person]
        return Actor(person, script, settings.timeline, settings.time_zone, self._seed)
