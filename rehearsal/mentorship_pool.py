"""All mentorships of a cohort, played side by side; whoever looks at all of them waits until none lags behind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from rehearsal.environment import Environment
from rehearsal.mentorship_simulation import MentorshipSimulation, ProgressObserver
from rehearsal.personas import SimulatedParticipant
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from storage import mentorships

PLAYED_AT_ONCE = 12


class MentorshipPool:
    """Plays the mentorships of one cohort, also those that take over from another one on the way."""

    def __init__(
        self,
        stage: Environment,
        settings: CohortSettings,
        actor_of: Callable[[str], SimulatedParticipant],
        watch: ProgressObserver,
    ) -> None:
        self._stage = stage
        self._settings = settings
        self._actor_of = actor_of
        self._watch = watch
        self._plays: dict[str, MentorshipSimulation] = {}
        self._moved = asyncio.Event()
        self._resting = True

    async def begin(self) -> None:
        """See where every mentorship of the cohort stands on its first day."""
        rows = await mentorships.mentorships(self._stage.pool, self._settings.id)
        await self._begin([row["id"] for row in rows])
        self._watch.expect(len(self._plays))

    @contextlib.asynccontextmanager
    async def playing_until(self, curtain: datetime | None) -> AsyncIterator[None]:
        """Play all up to and with a moment beside the block, and leave when all are there.

        Without a moment they play until nobody has anything left to do or say.
        """
        self._resting = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._play_all(curtain))
            yield

    async def _play_all(self, curtain: datetime | None) -> None:
        room = asyncio.Semaphore(PLAYED_AT_ONCE)

        async def one(play: MentorshipSimulation) -> None:
            async with room:
                await play.play_until(curtain)
            for successor in await self._begin(self._unplayed(play)):
                await one(successor)

        async with asyncio.TaskGroup() as group:
            for play in list(self._plays.values()):
                group.create_task(one(play))
        self._resting = True
        self._moved.set()

    async def past(self, moment: datetime) -> None:
        """Wait until every mentorship has lived past a moment, or all are at rest."""
        while not self._resting and not all(
            play.lived_until > moment and not self._unplayed(play) for play in self._plays.values()
        ):
            self._moved.clear()
            await self._moved.wait()

    def expect(self, mentorships: int) -> None:
        """Pass on how many mentorships are played."""
        self._watch.expect(mentorships)

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Learn, and pass on, that a mentorship got to a moment."""
        self._moved.set()
        self._watch.reached(mentorship, moment)

    def _unplayed(self, play: MentorshipSimulation) -> list[str]:
        return [one for one in play.successors if one not in self._plays]

    async def _begin(self, mentorship_ids: Sequence[str]) -> list[MentorshipSimulation]:
        plays = [await self._begin_one(each) for each in mentorship_ids]
        self._plays |= {play.mentorship: play for play in plays}
        return plays

    async def _begin_one(self, mentorship: str) -> MentorshipSimulation:
        pair = await mentorships.partners(self._stage.pool, mentorship)
        actors = {side: self._actor_of(pair.of(side).id) for side in Side}
        play = MentorshipSimulation(self._stage, mentorship, actors, self._settings.time_zone, self)
        await play.begin()
        return play
