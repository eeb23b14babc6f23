"""The play: a cohort from its files to its report, every clock driven from due moment to due moment."""

import asyncio
import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from temporalio.client import WorkflowHandle

from domain.calendar import morning
from rehearsal.acting import Actor, Visit
from rehearsal.engine import BEFORE_ALL_TIMES
from rehearsal.stage import Stage
from rehearsal.visiting import open_page, press_button
from schemas.folders import CohortFolder
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id, mentorship_workflow_id
from schemas.mentorship import Progress
from schemas.messages import CohortOverview, CohortState, MatchRunSummary
from schemas.words import Side
from storage import cohorts, mentorships

BEGINS_BEFORE_KICKOFF = timedelta(days=30)
PLAYED_AT_ONCE = 12


class Watcher(Protocol):
    """Whoever wants to see how far a play is."""

    def expect(self, mentorships: int) -> None:
        """Learn how many mentorships will be played."""
        ...

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Learn that a mentorship got to a moment."""
        ...


class CohortPlay:
    """Plays one cohort: staff's part here, each mentorship in a play of its own."""

    def __init__(self, stage: Stage, folder: CohortFolder, *, seed: int, watch: Watcher) -> None:
        self._stage = stage
        self._folder = folder
        self._seed = seed
        self._watch = watch

    async def play(self) -> MatchRunSummary:
        """Play the cohort from its applications to its report; return what its matching came to."""
        settings = self._folder.settings
        handle = await self._begin()
        matched: MatchRunSummary = await handle.execute_update("match", result_type=MatchRunSummary)
        await handle.execute_update("publish", matched.run, result_type=int)
        where = await self._settled(handle, BEFORE_ALL_TIMES)
        where = await self._pass_time(handle, where)
        rows = await mentorships.mentorships(self._stage.pool, settings.id)
        self._watch.expect(len(rows))
        await self._play_mentorships([(row["id"], row["mentor_id"], row["mentee_id"]) for row in rows])
        await self._pass_time(handle, where)
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

    async def _play_mentorships(self, pairs: list[tuple[str, str, str]]) -> None:
        room = asyncio.Semaphore(PLAYED_AT_ONCE)

        async def one(mentorship: str, mentor: str, mentee: str) -> None:
            async with room:
                actors = {Side.MENTOR: self._actor(mentor), Side.MENTEE: self._actor(mentee)}
                await MentorshipPlay(self._stage, mentorship, actors, self._watch).play()

        async with asyncio.TaskGroup() as group:
            for pair in pairs:
                group.create_task(one(*pair))

    def _actor(self, person: str) -> Actor:
        settings = self._folder.settings
        script = self._folder.personas[person]
        return Actor(person, script, settings.timeline, settings.time_zone, self._seed)


@dataclass
class MentorshipPlay:
    """Plays one mentorship: time goes to the next due moment or the next visit, whichever comes first."""

    stage: Stage
    mentorship: str
    actors: dict[Side, Actor]
    watch: Watcher
    visits: list[tuple[datetime, int, Side, Visit]] = field(default_factory=list)
    counter: Iterator[int] = field(default_factory=itertools.count)

    async def play(self) -> None:
        """Play until nothing is due any more and nobody has anything left to say."""
        handle: WorkflowHandle[object, object] = self.stage.client.get_workflow_handle(
            mentorship_workflow_id(self.mentorship)
        )
        where = await self.stage.engine.settled(handle, Progress, BEFORE_ALL_TIMES)
        while (moment := await self._next_moment(where)) is not None:
            due = moment == where.next_due_at
            await self.stage.engine.skip_to(handle, moment, where.clock_offset, due=due)
            self.stage.clock.set(self.mentorship, moment)
            await self._make_visits(moment)
            self.watch.reached(self.mentorship, moment)
            where = await self.stage.engine.settled(handle, Progress, moment)

    async def _next_moment(self, where: Progress) -> datetime | None:
        for letter in await self.stage.letters.unopened(self.stage.pool, self.stage.settings, self.mentorship):
            for visit in self.actors[letter.to].visits(letter.key, letter.at, letter.links):
                heapq.heappush(self.visits, (visit.at, next(self.counter), letter.to, visit))
        moments = [where.next_due_at, self.visits[0][0] if self.visits else None]
        return min((moment for moment in moments if moment), default=None)

    async def _make_visits(self, moment: datetime) -> None:
        while self.visits and self.visits[0][0] <= moment:
            _, _, side, visit = heapq.heappop(self.visits)
            fields = await open_page(self.stage.http, visit.url)
            if fields is None or not visit.presses:
                continue
            answers = self.actors[side].answers(visit, fields)
            for _ in range(visit.presses):
                await press_button(self.stage.http, visit.url, answers)
