"""A power cut: the worker is killed in the middle of a rehearsal, twice, and everything comes out the same."""

import asyncio
from datetime import datetime
from email.message import EmailMessage

from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment
from rehearsal.record import read_record
from runtime.local_stack.stack import LocalStack
from schemas.cohort.folder import CohortFolder
from schemas.rehearsal import RehearsalRecord
from tests.own_stack import own_stack

KILLED_AFTER_STEPS = (30, 80)


class PowerCut:
    """Kills the worker when the simulation has come so far, and starts another."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._steps = 0
        self._cuts: list[asyncio.Task[None]] = []

    def expect(self, mentorships: int) -> None:
        """Nothing to prepare."""

    def reached(self, mentorship: str, moment: datetime) -> None:
        self._steps += 1
        if self._steps in KILLED_AFTER_STEPS:
            self._cuts.append(asyncio.create_task(self._cut()))

    async def _cut(self) -> None:
        await self._stack.kill_worker()
        await self._stack.start_worker()

    async def finished(self) -> int:
        """Return how many cuts there were, all of them over."""
        await asyncio.gather(*self._cuts)
        return len(self._cuts)


def outcome(record: RehearsalRecord) -> dict[str, object]:
    """Return all that must be the same; how long the histories are may differ by the retries."""
    ledger = {"promises": True, "promises_not_shown": True}
    return record.model_dump(
        exclude={"seconds": True, **ledger, "mentorships": {"__all__": {"events", "actions", "runs"}}}, mode="json"
    )


def _ids(messages: list[EmailMessage]) -> set[str]:
    return {str(message["Message-ID"]) for message in messages if "mile-2017." in str(message["List-Id"])}


async def test_a_killed_worker_changes_neither_emails_nor_the_end(
    record_2017: RehearsalRecord, environment: Environment, small_2017: CohortFolder
) -> None:
    async with own_stack() as (stack, own):
        cut = PowerCut(stack)
        await CohortSimulation(own, small_2017, seed=7, observer=cut).run()
        assert await cut.finished() == len(KILLED_AFTER_STEPS)
        record = await read_record(own, small_2017, seed=7, seconds=0)
    assert outcome(record) == outcome(record_2017)
    # The ids are keyed with each stack's own secret; that the emails are the same, the records say.
    assert len(_ids(own.inbox.messages)) == len(_ids(environment.inbox.messages))
