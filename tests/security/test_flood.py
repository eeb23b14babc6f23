"""Whoever holds one link can neither fill a workflow's history nor keep other people's responses from theirs."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import heartbeat
from activities.sweeper import KEEPS_ADDRESSES, SWEEPS_AGAIN_AFTER
from schemas.actor import Actor
from schemas.enums import EndingReason, Side
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.contact import NewAddressChange
from schemas.mentorship.my_mentorship import Leaving
from schemas.mentorship.responses import NewResponse
from services.leavings import leaves_at
from services.responses import ResponseService
from storage import address_changes, leavings
from storage.responses import MOST_REVISIONS, responses_of_cohort

if TYPE_CHECKING:
    from tests.security.conftest import NotingEngine

COHORT, MENTOR = "mile-2019", Actor.participant("M1")
Answered = Callable[..., NewResponse]
Sweep = Callable[[], Awaitable[int]]


async def test_a_hundred_clicks_on_one_button_are_one_signal(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered
) -> None:
    for _ in range(100):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0]))
    assert engine.signals == [mentorship_workflow_id(pairs[0])]


async def test_answers_can_be_changed_49_times_and_then_stand(
    responses_service: ResponseService,
    engine: "NotingEngine",
    pool: asyncpg.Pool,
    pairs: tuple[str, ...],
    answered: Answered,
) -> None:
    for number in range(MOST_REVISIONS):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings=str(number)))
    with pytest.raises(Refusal, match="50 times"):
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings="99"))
    assert len(engine.signals) == len(await responses_of_cohort(pool, "mile-2019")) == MOST_REVISIONS
    assert not (
        await responses_service.save(MENTOR, COHORT, answered(pairs[0], meetings=str(MOST_REVISIONS - 1)))
    ).changed


async def test_a_signal_that_is_refused_holds_up_no_other(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered, sweep: Sweep
) -> None:
    engine.away = True
    for mentorship in pairs:
        await responses_service.save(MENTOR, COHORT, answered(mentorship))
    engine.away, engine.refuses = False, mentorship_workflow_id(pairs[0])
    assert await sweep() == 1
    assert engine.signals == [mentorship_workflow_id(pairs[1])]
    engine.refuses = ""
    assert await sweep() == 1


async def test_an_engine_that_is_away_is_not_asked_for_every_response(
    responses_service: ResponseService, engine: "NotingEngine", pairs: tuple[str, ...], answered: Answered, sweep: Sweep
) -> None:
    engine.away = True
    for mentorship in pairs:
        await responses_service.save(MENTOR, COHORT, answered(mentorship))
    before = engine.tries
    with pytest.raises(ApplicationError, match=r"^Failed: responses \(TemporalUnavailable in .*\)\.$") as failed:
        await sweep()
    assert engine.tries == before + 1
    assert failed.value.next_retry_delay == SWEEPS_AGAIN_AFTER


@pytest.fixture
async def leaving(
    responses_service: ResponseService,
    engine: "NotingEngine",
    pool: asyncpg.Pool,
    pairs: tuple[str, ...],
    answered: Answered,
) -> None:
    """Both mentees asked to leave eight days ago, and one mentor's response waits for the sweeper."""
    asked = datetime.now(UTC) - timedelta(days=8)
    given = {"side": Side.MENTEE, "asked_at": asked, "reason": EndingReason.TIME, "ends_at": leaves_at(asked)}
    for mentorship in pairs:
        await leavings.save_leaving(pool, Leaving(mentorship_id=mentorship, **given))
    engine.away = True
    await responses_service.save(MENTOR, COHORT, answered(pairs[0]))
    engine.away = False


@pytest.fixture
def beat(activity_environment: ActivityEnvironment, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """What each heartbeat sets; there are a hundred a second."""
    monkeypatch.setattr(heartbeat, "HEARTBEAT_EVERY", timedelta(milliseconds=10))
    event = asyncio.Event()
    activity_environment.on_heartbeat = lambda *_: event.set()
    return event


@pytest.mark.usefixtures("leaving")
async def test_mentorships_that_do_not_answer_hold_up_no_response_and_no_heartbeat(
    engine: "NotingEngine", pool: asyncpg.Pool, pairs: tuple[str, ...], sweep: Sweep, beat: asyncio.Event
) -> None:
    signaled_before = []

    async def silent() -> None:
        signaled = list(engine.signals)
        beat.clear()
        await asyncio.wait_for(beat.wait(), timeout=5)
        signaled_before.append(signaled)

    engine.asked = silent
    assert await sweep() == 1
    assert signaled_before == 2 * [[mentorship_workflow_id(pairs[0])]]
    assert len(await leavings.open_leavings(pool)) == 2


@pytest.mark.usefixtures("leaving")
async def test_a_part_of_the_sweep_that_fails_stops_no_other_and_shows_at_its_end(
    engine: "NotingEngine", pool: asyncpg.Pool, pairs: tuple[str, ...], sweep: Sweep
) -> None:
    async def broken() -> None:
        raise LookupError("m1@example.org")

    engine.asked = broken
    change = NewAddressChange(
        mentorship_id=pairs[0],
        side=Side.MENTOR,
        cohort_id=COHORT,
        person_id="M01",
        old_email="m1@example.org",
        new_email="m1.new@example.org",
        asked_at=datetime.now(UTC),
    )
    number = await address_changes.save(pool, change)
    await pool.execute("update address_change set saved_at = saved_at - $1::interval", KEEPS_ADDRESSES)
    with pytest.raises(ApplicationError, match=r"^Failed: leavings \(LookupError in .*\)\.$") as failed:
        await sweep()
    assert "example.org" not in str(failed.value)
    assert engine.signals == [mentorship_workflow_id(pairs[0])]
    assert await address_changes.find(pool, number) is None
