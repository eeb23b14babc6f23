"""All mentorships of a cohort, run concurrently; the cohort waits until none of them lags behind it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime

from rehearsal.environment import Environment
from rehearsal.mentorship_simulation import MentorshipSimulation, ProgressObserver, StaffStep
from rehearsal.personas import SimulatedParticipant
from schemas.cohort.settings import CohortSettings
from schemas.enums import Side
from storage import mentorships

# The server is the limit: with more at once each jump takes longer.
MAX_CONCURRENT = 12


class MentorshipPool:
    """Runs the mentorships of one cohort, also those that take over from another one."""

    def __init__(
        self,
        environment: Environment,
        settings: CohortSettings,
        participant_of: Callable[[str], SimulatedParticipant],
        observer: ProgressObserver,
    ) -> None:
        self._environment = environment
        self._settings = settings
        self._participant_of = participant_of
        self._observer = observer
        self._simulations: dict[str, MentorshipSimulation] = {}
        self._progressed = asyncio.Event()
        self._idle = True

    async def start(self) -> None:
        """Read the progress of every mentorship on its first day."""
        rows = await mentorships.mentorships(self._environment.pool, self._settings.id)
        await self._start([row["id"] for row in rows])
        self._observer.expect(len(self._simulations))

    @contextlib.asynccontextmanager
    async def running_until(self, until: datetime | None) -> AsyncIterator[None]:
        """Run all mentorships up to and including a moment while the block runs, and leave when all have got there.

        Without a moment they run until nothing is due and nobody has anything left to do.
        """
        self._idle = False
        async with asyncio.TaskGroup() as group:
            group.create_task(self._run_all(until))
            yield

    async def _run_all(self, until: datetime | None) -> None:
        slots = asyncio.Semaphore(MAX_CONCURRENT)

        async def run_with_successors(simulation: MentorshipSimulation) -> None:
            async with slots:
                await simulation.run_until(until)
            # Outside the slot: a successor needs one of its own.
            for successor in await self._start(self._unstarted(simulation)):
                await run_with_successors(successor)

        async with asyncio.TaskGroup() as group:
            for simulation in list(self._simulations.values()):
                group.create_task(run_with_successors(simulation))
        self._idle = True
        self._progressed.set()

    def schedule(self, mentorship: str, at: datetime, step: StaffStep) -> None:
        """Have staff do something about a mentorship at a moment that has not come yet."""
        self._simulations[mentorship].schedule_staff_step(at, step)

    async def resume(self, mentorships: Collection[str]) -> None:
        """Read again what mentorships wait for; those that are not known are taken up."""
        for mentorship in mentorships:
            if mentorship in self._simulations:
                await self._simulations[mentorship].resume()
            else:
                await self._start([mentorship])

    async def wait_until_past(self, moment: datetime) -> None:
        """Wait until every mentorship is past a moment, or all are idle."""
        # A successor that has not started yet may have something due before the moment, too.
        while not self._idle and not all(
            simulation.simulated_until > moment and not self._unstarted(simulation)
            for simulation in self._simulations.values()
        ):
            self._progressed.clear()
            await self._progressed.wait()

    def expect(self, mentorships: int) -> None:
        """Pass on how many mentorships will run."""
        self._observer.expect(mentorships)

    def reached(self, mentorship: str, moment: datetime) -> None:
        """Learn, and pass on, that a mentorship got to a moment."""
        self._progressed.set()
        self._observer.reached(mentorship, moment)

    def _unstarted(self, simulation: MentorshipSimulation) -> list[str]:
        return [successor for successor in simulation.successors if successor not in self._simulations]

    async def _start(self, mentorship_ids: Sequence[str]) -> list[MentorshipSimulation]:
        simulations = [await self._start_simulation(mentorship) for mentorship in mentorship_ids]
        self._simulations |= {simulation.mentorship: simulation for simulation in simulations}
        return simulations

    async def _start_simulation(self, mentorship: str) -> MentorshipSimulation:
        pair = await mentorships.partners(self._environment.pool, mentorship)
        participants = {side: self._participant_of(pair.of(side).id) for side in Side}
        simulation = MentorshipSimulation(self._environment, mentorship, participants, self._settings.time_zone, self)
        await simulation.start()
        return simulation
