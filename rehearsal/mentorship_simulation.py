"""One mentorship's play: time goes to the next due moment, visit or call, whichever comes first."""

import heapq
import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Protocol

from temporalio.client import WorkflowHandle

from rehearsal.environment import Environment
from rehearsal.http_client import open_page, press_button
from rehearsal.personas import SimulatedParticipant, Visit
from rehearsal.staff_actions import Call, act_on, calls_of
from rehearsal.time_skipping import AFTER_ALL_TIMES, BEFORE_ALL_TIMES
from schemas.enums import MilestoneKind, Side
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.state import Progress

# Visits that lie so close together are made in one go: the workflow's clock is a few minutes ahead of the first.
IN_ONE_GO = timedelta(minutes=4)

# What brings about an email or a new plan at once (domain/mentorship/response_effects.py).
FOLLOWED_AT_ONCE = (MilestoneKind.AGREEMENT, MilestoneKind.MEETING, MilestoneKind.THANKS, MilestoneKind.CHECK_IN)

Deed = Callable[[], Awaitable[None]]


class ProgressObserver(Protocol):
    """Whoever wants to see how far a play is."""

    def expect(self, mentorships: int) -> None:
        """Learn how many mentorships will be played."""
        ...

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Learn that a mentorship got to a moment."""
        ...


class VisitDependency(Enum):
    """What a scene means to the workflow: something follows from it at its moment, it is just told, or it never is."""

    THE_MOMENT = auto()
    THE_ANSWER = auto()
    NOTHING = auto()


@dataclass(frozen=True, order=True)
class SimulationContext:
    """Something people do at a moment, and what hangs on it.

    Where nothing follows from an answer at once, the workflow's clock need not be there for it: what counts is when the
    page took it in.
    """

    at: datetime
    order: int
    deed: Deed = field(compare=False)
    hangs_on: VisitDependency = field(compare=False, default=VisitDependency.THE_MOMENT)


@dataclass
class MentorshipSimulation:
    """Plays one mentorship; ``successors`` are the mentorships that took over from it, as far as it was played.

    Everything that lies before ``lived_until`` has been done.
    """

    stage: Environment
    mentorship: str
    actors: Mapping[Side, SimulatedParticipant]
    time_zone: str
    watch: ProgressObserver
    successors: list[str] = field(default_factory=list)
    lived_until: datetime = BEFORE_ALL_TIMES
    _scenes: list[SimulationContext] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    _where: Progress | None = None

    async def begin(self) -> None:
        """See where the mentorship stands on its first day, and what its people will tell staff from then on."""
        self._where = await self._settled(BEFORE_ALL_TIMES)
        for side, actor in self.actors.items():
            for call in calls_of(side, actor.script, self.time_zone):
                if call.at > self._where.now:
                    self._expect(call.at, partial(self._ring_up, call))

    async def play_until(self, curtain: datetime | None) -> None:
        """Play up to and with a moment; without one, until nothing is due and nobody has anything left to say."""
        await self._open_letters()
        while (moment := self._next_moment()) is not None and (curtain is None or moment <= curtain):
            await self._play(moment)
            await self._open_letters()
            self.lived_until = self._next_moment() or AFTER_ALL_TIMES
            self.watch.reached(self.mentorship, moment)
        self.lived_until = self._next_moment() or AFTER_ALL_TIMES

    @property
    def _handle(self) -> WorkflowHandle[object, object]:
        return self.stage.client.get_workflow_handle(mentorship_workflow_id(self.mentorship))

    @property
    def _due_at(self) -> datetime | None:
        return self._where.next_due_at if self._where else None

    async def _play(self, moment: datetime) -> None:
        due = moment == self._due_at
        scenes = self._scenes_of(moment)
        if due or any(scene.hangs_on is VisitDependency.THE_MOMENT for scene in scenes):
            offset = self._where.clock_offset if self._where else timedelta(0)
            await self.stage.engine.skip_to(self._handle, scenes[-1].at if scenes else moment, offset, due=due)
        for scene in scenes:
            self.stage.clock.set(self.mentorship, scene.at)
            await scene.deed()
        self.stage.clock.set(self.mentorship, scenes[-1].at if scenes else moment)
        if due or any(scene.hangs_on is not VisitDependency.NOTHING for scene in scenes):
            self._where = await self._settled(moment)

    def _scenes_of(self, moment: datetime) -> list[SimulationContext]:
        """Return what is done in one go from a moment on: nothing that lies behind the next due moment."""
        limit = moment + IN_ONE_GO
        scenes: list[SimulationContext] = []
        while (
            self._scenes and self._scenes[0].at <= limit and (self._due_at is None or self._scenes[0].at < self._due_at)
        ):
            scenes.append(heapq.heappop(self._scenes))
        return scenes

    def _next_moment(self) -> datetime | None:
        moments = [self._due_at, self._scenes[0].at if self._scenes else None]
        return min((moment for moment in moments if moment), default=None)

    async def _open_letters(self) -> None:
        for letter in await self.stage.letters.unopened(self.stage.pool, self.stage.settings, self.mentorship):
            for visit in self.actors[letter.to].visits(letter):
                self._expect(visit.at, partial(self._visit, letter.to, visit), _hangs_on(visit))

    def _expect(self, at: datetime, deed: Deed, hangs_on: VisitDependency = VisitDependency.THE_MOMENT) -> None:
        heapq.heappush(self._scenes, SimulationContext(at, next(self._order), deed, hangs_on))

    async def _visit(self, side: Side, visit: Visit) -> None:
        page = await open_page(self.stage.http, visit.url)
        self.stage.seen.keep(self.mentorship, visit.milestone, side, visit.at, page.html)
        filled = self.actors[side].fill(visit, page) if visit.presses else None
        for time in range(visit.presses if filled else 0):
            page = await press_button(self.stage.http, visit.url, filled or {}, again=time > 0)
            self.stage.seen.keep(self.mentorship, visit.milestone, side, visit.at, page.html)

    async def _ring_up(self, call: Call) -> None:
        if self._where and self._where.outcome is None:
            successor = await act_on(call, self.stage, self.mentorship, self._handle)
            self.successors += [successor] if successor else []

    async def _settled(self, reached: datetime) -> Progress:
        return await self.stage.engine.settled(self._handle, Progress, reached)


def _hangs_on(visit: Visit) -> VisitDependency:
    if not visit.presses:
        return VisitDependency.NOTHING
    kind = MilestoneKind(visit.milestone.partition("-")[0])
    return VisitDependency.THE_MOMENT if kind in FOLLOWED_AT_ONCE or visit.asks_for_call else VisitDependency.THE_ANSWER
