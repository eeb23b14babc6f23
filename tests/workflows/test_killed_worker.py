"""A power cut: the worker is killed in the middle of a rehearsal, or as a window closes, and nothing comes out else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage

import pytest_asyncio

from rehearsal.cohort_simulation import CohortSimulation
from rehearsal.environment import Environment
from rehearsal.record import read_record
from runtime.local_stack.stack import LocalStack
from schemas.cohort.folder import CohortFolder
from schemas.enums import MilestoneKind, Side
from schemas.mentorship.changes import ChangeResult, ExtendRequest
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, MentorshipState
from schemas.rehearsal import RehearsalRecord
from storage import responses
from tests.own_stack import own_stack
from tests.workflows.conftest import start_one_pair
from tests.workflows.one_pair import OnePair

Own = tuple[LocalStack, Environment]
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


@pytest_asyncio.fixture(scope="module")
async def own() -> AsyncIterator[Own]:
    """A stack whose worker is killed."""
    async with own_stack() as own:
        yield own


async def test_a_killed_worker_changes_neither_emails_nor_the_end(
    record_2017: RehearsalRecord, environment: Environment, small_2017: CohortFolder, own: Own
) -> None:
    stack, mine = own
    cut = PowerCut(stack)
    await CohortSimulation(mine, small_2017, seed=7, observer=cut).run()
    assert await cut.finished() == len(KILLED_AFTER_STEPS)
    record = await read_record(mine, small_2017, seed=7, seconds=0)
    assert outcome(record) == outcome(record_2017)
    # The ids are keyed with each stack's own secret; that the emails are the same, the records say.
    assert len(_ids(mine.inbox.messages)) == len(_ids(environment.inbox.messages))


async def test_new_plan_that_is_made_before_an_overdue_close_loses_no_answer_stored_in_time(
    mile_2019: CohortFolder, own: Own
) -> None:
    stack, mine = own
    folder = mile_2019.model_copy(update={"settings": mile_2019.settings.model_copy(update={"id": "overdue"})})
    handle = await start_one_pair(mine.client, mine.pool, folder, mine.settings.task_queue)
    pair = OnePair(mine, folder, handle.id.removeprefix("mentorship-"), handle)
    where = await pair.on(date(2019, 5, 31))
    closes_at = where.next_due_at
    assert closes_at is not None
    await stack.kill_worker()
    # The window closes while nobody is there to see it: an answer is stored in time, and its signal never sent.
    kind, at = MilestoneKind.FIRST_CONTACT, closes_at - timedelta(hours=1)
    link = Link(mentorship_id=pair.mentorship, milestone=kind, side=Side.MENTOR)
    answer = Answer(milestone=kind, side=Side.MENTOR, received_at=at)
    await responses.save_response(mine.pool, NewResponse(link=link, form=kind, answers={}, received_at=at), answer)
    await mine.workflow_clocks.advance_to(handle, closes_at, where.clock_offset, due=True)
    extension = ExtendRequest(decision="x" * 12, months=1)
    extended = asyncio.create_task(pair.staff("extend", extension, ChangeResult))
    await stack.start_worker()
    assert (await extended).ends_on == date(2020, 12, 10)
    after = await pair.progress_at(closes_at)
    state = await handle.query("state", result_type=MentorshipState)
    # It settles the window, whose close is then recorded with the next moment, and not as a silence.
    assert [(known.milestone, known.side) for known in state.answers] == [(kind, Side.MENTOR)]
    assert [closing.milestone for closing in state.closings if closing.silent] == []
    assert f"{Side.MENTEE}:{kind}" not in after.waiting_for
