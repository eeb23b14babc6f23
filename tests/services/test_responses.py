"""A response is stored, recorded and signaled; it is stored also while Temporal is away."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import cast

import asyncpg
import pytest
from pydantic import ValidationError
from temporalio.client import Client

from domain.mentorship.plan import plan
from runtime.clock import WallClock
from schemas.actor import Actor
from schemas.audit_event import AuditFilter
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.errors import Refusal
from schemas.ids import mentorship_workflow_id
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.terms import Terms
from services.responses import ResponseService
from storage import audit, mentorships, outbox, responses
from storage.service_status import stored_status
from tests.matched import matched
from tests.services.conftest import COHORT, FakeTemporal
from tests.storage.statements import logged_pool

MENTOR = Actor.participant("M01")
NOW = datetime(2019, 7, 23, 12, tzinfo=UTC)


class SetClock:
    """A clock that shows one moment."""

    def __init__(self, time: datetime) -> None:
        self._time = time

    def now(self, _: str) -> datetime:
        return self._time


@pytest.fixture
def service(pool: asyncpg.Pool, temporal: FakeTemporal) -> ResponseService:
    return ResponseService(pool, cast(Client, temporal), WallClock())


@pytest.fixture
async def mentorship(pool: asyncpg.Pool, cohort: str) -> str:
    result = matched(("M01", "P01"))
    days = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}
    [mentorship_id] = await mentorships.save_pairs(pool, cohort, result, **days, now=NOW)
    drawn = plan(Terms(mentorship_id=mentorship_id, cohort_id=COHORT, kickoff_on=date(2019, 5, 10)), NOW)
    await mentorships.save_plan(pool, mentorship_id, drawn, NOW)
    return mentorship_id


def response(mentorship: str, form: MilestoneKind = MilestoneKind.CHECK_IN, **answers: str) -> NewResponse:
    milestone = "check_in-1" if form is MilestoneKind.CHECK_IN else str(form)
    link = Link(mentorship_id=mentorship, milestone=milestone, side=Side.MENTOR)
    return NewResponse(link=link, form=form, answers=answers, received_at=NOW)


async def test_a_response_is_signaled_and_recorded_without_its_words(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    saved = await service.save(MENTOR, COHORT, response(mentorship, status="met", note_to_self="secret"))
    assert saved.changed
    assert temporal.messages == [(mentorship_workflow_id(mentorship), "response_received")]
    [event] = await audit.events(pool, AuditFilter(mentorship_id=mentorship))
    assert (event.actor, event.action, event.person_id) == (MENTOR, "response_received", "M01")
    assert event.details == {"milestone": "check_in-1", "revision": 1}
    assert event.happened_at == NOW


async def test_the_same_answers_again_are_neither_signaled_nor_recorded(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    for _ in range(3):
        await service.save(MENTOR, COHORT, response(mentorship, status="met"))
    assert len(temporal.messages) == len(await audit.events(pool, AuditFilter(mentorship_id=mentorship))) == 1


async def test_a_response_is_stored_while_temporal_is_down(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    temporal.away = True
    saved = await service.save(MENTOR, COHORT, response(mentorship, status="met"))
    pending = await responses.unsignaled(pool)
    assert [waiting.id for waiting in pending] == [saved.id]


async def test_call_asked_for_on_the_way_is_signaled_at_once_with_what_came_before(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    goes_on = {"in_steps": True, "goes_on": True}
    survey = response(mentorship, MilestoneKind.CLOSURE_SURVEY, learned="secret")
    await service.save(MENTOR, COHORT, survey, **goes_on)
    assert temporal.messages == []
    await service.save(MENTOR, COHORT, response(mentorship, status="met", call_requested="yes"), **goes_on)
    assert len(temporal.messages) == 1
    assert await pool.fetchval("select count(*) from response where signaled_at is null") == 0


async def test_last_step_that_changes_nothing_signals_what_came_before(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    checked_in = response(mentorship, status="met")
    await service.save(MENTOR, COHORT, checked_in)
    survey = response(mentorship, MilestoneKind.CLOSURE_SURVEY, learned="secret")
    await service.save(MENTOR, COHORT, survey, in_steps=True, goes_on=True)
    await service.save(MENTOR, COHORT, checked_in, in_steps=True)
    assert len(temporal.messages) == 2
    assert await pool.fetchval("select count(*) from response where signaled_at is null") == 0


async def test_sweeper_takes_over_from_whoever_leaves_before_the_last_step(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    saved = await service.save(MENTOR, COHORT, response(mentorship, status="met"), in_steps=True, goes_on=True)
    [left] = await pool.fetch("select left_until - stored_at as time from response")
    assert timedelta(minutes=4) < left["time"] <= timedelta(minutes=5, seconds=1)
    assert await responses.unsignaled(pool) == []
    assert (await stored_status(pool)).unsignaled_since is None
    await pool.execute("update response set left_until = now() - interval '40 seconds'")
    assert [pending.id for pending in await responses.unsignaled(pool, timedelta(seconds=30))] == [saved.id]
    assert await responses.unsignaled(pool, timedelta(seconds=50)) == []
    assert (await stored_status(pool)).unsignaled_since is not None
    assert temporal.messages == []


async def test_only_the_first_of_those_who_answer_while_temporal_is_down_waits_for_it(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    temporal.away = True
    await service.save(MENTOR, COHORT, response(mentorship, status="planned"))
    temporal.away = False
    await service.save(MENTOR, COHORT, response(mentorship, status="met"))
    assert temporal.messages == []
    assert len(await responses.unsignaled(pool)) == 2


async def test_a_refused_response_leaves_no_event(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    agreement = response(mentorship, MilestoneKind.AGREEMENT).model_copy(update={"version": 0, "confirmed": True})
    with pytest.raises(Refusal, match="sign off on this yet"):
        await service.save(MENTOR, COHORT, agreement)
    assert await audit.events(pool, AuditFilter(mentorship_id=mentorship)) == ()
    assert temporal.messages == []


async def test_a_response_whose_event_cannot_be_stored_is_not_stored_either(
    service: ResponseService, pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    with pytest.raises(ValidationError):
        await service.save(Actor.participant("no id"), COHORT, response(mentorship, status="met"))
    assert await pool.fetchval("select count(*) from response") == 0
    assert temporal.messages == []


async def test_link_of_a_milestone_opens_until_a_year_after_the_last_one(
    pool: asyncpg.Pool, temporal: FakeTemporal, mentorship: str
) -> None:
    key, token_hash = f"{mentorship}/welcome", b"t" * 32
    link = Link(mentorship_id=mentorship, milestone="check_in-1", side=Side.MENTOR)
    email = QueuedEmail(
        key=key, kind=EmailKind.WELCOME, scope_id=mentorship, to=Recipient.MENTOR, at=NOW, now=NOW, automatic=False
    )
    await outbox.enqueue(pool, email)
    await outbox.save_written(pool, WrittenEmail(key=key, subject="Hello", links=((token_hash, link),)))
    last = await pool.fetchval("select max(closes_on) from milestone where mentorship_id = $1", mentorship)

    async def opens_at(day: date) -> bool:
        clock = SetClock(datetime(day.year, day.month, day.day, 18, tzinfo=UTC))
        return await ResponseService(pool, cast(Client, temporal), clock).open(token_hash) is not None

    last_day = last.replace(year=last.year + 1)
    assert await opens_at(last_day)
    assert not await opens_at(last_day + timedelta(days=1))


async def test_an_answer_takes_three_statements(
    pool: asyncpg.Pool, database_url: str, temporal: FakeTemporal, mentorship: str
) -> None:
    link = Link(mentorship_id=mentorship, milestone="check_in-1", side=Side.MENTOR)
    key, hash_ = "check-in/mentor", sha256(b"check_in-1").digest()
    asked = QueuedEmail(key=key, kind=EmailKind.CHECK_IN, to=Recipient.MENTOR, scope_id=mentorship, at=NOW, now=NOW)
    await outbox.enqueue(pool, asked)
    await outbox.save_written(pool, WrittenEmail(key=key, subject="How was it?", links=((hash_, link),)))
    async with logged_pool(database_url) as (logged, statements):
        service = ResponseService(logged, cast(Client, temporal), SetClock(NOW))
        for meetings in ("1", "2"):
            # The first time, a connection asks for the types of parameters, too.
            statements.clear()
            opened = await service.open(hash_)
            assert opened is not None
            assert opened.partner.id == "P01"
            await service.save(MENTOR, COHORT, response(mentorship, status="met", meetings=meetings))
    # The page, the answer, and that its workflow was told; a pool's own reset is none of ours.
    assert [first for each in statements if (first := each.split()[0]) in {"with", "select", "insert", "update"}] == [
        "with"
    ] * 3
