"""A response counts once however often it is sent, and every revision is stored."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.actor import Actor
from schemas.audit_event import AuditEvent, AuditFilter
from schemas.enums import Side, WindowStatus
from schemas.mentorship.responses import NewResponse
from schemas.mentorship.state import Answer
from storage.audit import events
from storage.responses import responses_of_cohort, save_response, set_signaled, unsignaled

Respond = Callable[..., tuple[NewResponse, Answer]]
pytestmark = pytest.mark.usefixtures("mentorship")


async def test_ten_clicks_at_once_are_one_response(pool: asyncpg.Pool, cohort: str, respond: Respond) -> None:
    saved = await asyncio.gather(*(save_response(pool, *respond()) for _ in range(10)))
    assert [response.changed for response in saved].count(True) == 1
    assert {(response.id, response.answer.revision) for response in saved} == {("mile-2019-001/check_in-1/mentor", 1)}
    assert len(await responses_of_cohort(pool, cohort)) == 1


async def test_second_click_keeps_the_time_of_the_first(pool: asyncpg.Pool, respond: Respond) -> None:
    response, answer = respond()
    first = await save_response(pool, response, answer)
    later = response.received_at + timedelta(minutes=1)
    second = await save_response(pool, *respond(at=later))
    assert second == first.model_copy(update={"changed": False})


async def test_changed_answers_are_a_second_revision_and_the_first_stays(
    pool: asyncpg.Pool, cohort: str, respond: Respond
) -> None:
    await save_response(pool, *respond(status="not_yet"))
    changed = await save_response(pool, *respond(status="met"))
    assert (changed.changed, changed.answer.revision, changed.answer.status) == (True, 2, WindowStatus.MET)
    revisions = [
        (row["revision"], json.loads(row["answers"])["status"]) for row in await responses_of_cohort(pool, cohort)
    ]
    assert revisions == [(1, "not_yet"), (2, "met")]


async def test_change_of_words_alone_is_a_change(pool: asyncpg.Pool, respond: Respond) -> None:
    await save_response(pool, *respond(note_to_self="Ask about the grant – “soon” \\ 'now' 🎓"))
    changed = await save_response(pool, *respond(note_to_self="Ask about the grant"))
    assert (changed.changed, changed.answer.revision) == (True, 2)


async def test_going_back_to_the_first_answers_is_a_third_revision(pool: asyncpg.Pool, respond: Respond) -> None:
    for status in ("not_yet", "met"):
        await save_response(pool, *respond(status=status))
    back = await save_response(pool, *respond(status="not_yet"))
    assert (back.changed, back.answer.revision) == (True, 3)


async def test_audit_event_is_kept_with_each_revision_and_neither_without_the_other(
    pool: asyncpg.Pool, cohort: str, respond: Respond
) -> None:
    response, answer = respond(status="not_yet")
    event = AuditEvent(
        happened_at=response.received_at,
        actor=Actor.participant("M01"),
        action="response_received",
        cohort_id=cohort,
        mentorship_id=response.link.mentorship_id,
        person_id="M01",
        details={"milestone": "check_in-1"},
    )
    with pytest.raises(asyncpg.NotNullViolationError):
        await save_response(pool, response, answer, event.model_copy(update={"cohort_id": None}))
    assert await responses_of_cohort(pool, cohort) == []
    for status in ("not_yet", "not_yet", "met"):
        await save_response(pool, *respond(status=status), event)
    numbered = [event.model_copy(update={"details": event.details | {"revision": number}}) for number in (1, 2)]
    assert list(await events(pool, AuditFilter(action="response_received"))) == numbered


async def test_different_answers_at_once_get_different_revisions(pool: asyncpg.Pool, respond: Respond) -> None:
    saved = await asyncio.gather(*(save_response(pool, *respond(meetings=str(number))) for number in range(10)))
    by_number = sorted(saved, key=lambda response: response.answer.revision)
    assert [response.answer.revision for response in by_number] == list(range(1, 11))
    assert all(response.changed for response in saved)
    # The clocks of pages may differ, so PostgreSQL's tells which came later; the sweeper tells the same as the page.
    assert by_number == sorted(saved, key=lambda response: response.answer.stored_at)
    assert by_number == sorted(await unsignaled(pool), key=lambda response: response.answer.revision)


async def test_partners_and_milestones_do_not_get_in_each_others_way(
    pool: asyncpg.Pool, cohort: str, respond: Respond
) -> None:
    written = [respond(side, milestone) for side in Side for milestone in ("check_in-1", "check_in-2")]
    saved = await asyncio.gather(*(save_response(pool, *response) for response in written))
    assert len({response.id for response in saved}) == 4
    assert {response.answer.revision for response in saved} == {1}
    assert len(await responses_of_cohort(pool, cohort)) == 4


async def test_response_to_a_milestone_that_does_not_exist_is_not_stored(
    pool: asyncpg.Pool, cohort: str, respond: Respond
) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await save_response(pool, *respond(mentorship_id="mile-2019-002"))
    assert await responses_of_cohort(pool, cohort) == []


async def test_each_revision_is_signaled_until_it_is_marked(
    pool: asyncpg.Pool, respond: Respond, now: datetime
) -> None:
    first = await save_response(pool, *respond(status="not_yet"))
    second = await save_response(pool, *respond(status="met"))
    assert await unsignaled(pool) == [first, second]
    await set_signaled(pool, second, now)
    assert await unsignaled(pool) == [first]
    await set_signaled(pool, first, now)
    assert await unsignaled(pool) == []


async def test_response_that_came_just_now_is_left_to_the_page_that_took_it(
    pool: asyncpg.Pool, respond: Respond
) -> None:
    await save_response(pool, *respond())
    assert await unsignaled(pool, timedelta(minutes=1)) == []


async def test_response_from_pages_whose_clock_is_days_off_is_signaled_as_soon_as_any(
    pool: asyncpg.Pool, respond: Respond
) -> None:
    now = datetime.now(UTC)
    ahead = await save_response(pool, *respond(Side.MENTOR, at=now + timedelta(days=2)))
    behind = await save_response(pool, *respond(Side.MENTEE, at=now - timedelta(days=2)))
    assert await unsignaled(pool) == [ahead, behind]
    assert await unsignaled(pool, timedelta(minutes=1)) == []


async def test_response_that_was_stored_first_is_signaled_first(pool: asyncpg.Pool, respond: Respond) -> None:
    at = respond()[0].received_at
    first = await save_response(pool, *respond(Side.MENTEE, at=at + timedelta(hours=2)))
    second = await save_response(pool, *respond(Side.MENTOR, at=at))
    assert await unsignaled(pool) == [first, second]


async def test_envelope_carries_none_of_the_participants_words(
    pool: asyncpg.Pool, cohort: str, respond: Respond
) -> None:
    await save_response(pool, *respond(note_to_self="Something private", call_requested="yes"))
    (row,) = await responses_of_cohort(pool, cohort)
    assert "private" not in row["signal_payload"]
    assert "Something private" in row["answers"]
    assert Answer.model_validate_json(row["signal_payload"]).call_requested is True
