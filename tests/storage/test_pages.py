"""What a page is given to show: how long it is open, what was answered, and no word that is not for its reader."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import asyncpg
import pytest

from runtime.clock import WallClock
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, MilestoneKind, Outcome, Recipient, Side
from schemas.errors import Refusal
from schemas.mentorship.responses import Link, NewResponse, ResponsePage
from schemas.mentorship.state import Answer, Ask, Plan
from storage import agreements, outbox, response_pages, responses
from storage.responses import save_response

OpenPage = Callable[..., Awaitable[ResponsePage]]


@pytest.fixture
def open_page(pool: asyncpg.Pool, mentorship: str, now: datetime) -> OpenPage:
    """Return a function that opens the page a link in an email leads to."""

    async def opened(milestone: str, side: Side = Side.MENTEE) -> ResponsePage:
        token_hash = sha256(f"{milestone}/{side}".encode()).digest()
        order = QueuedEmail(
            key=f"{mentorship}/{milestone}/{side}",
            kind=EmailKind.WELCOME,
            scope_id=mentorship,
            to=Recipient(side),
            at=now,
            now=now,
            asks=(Ask(milestone=milestone),),
        )
        links = [(token_hash, Link(mentorship_id=mentorship, milestone=milestone, side=side))]
        await outbox.enqueue(pool, order)
        await outbox.save_written(pool, WrittenEmail(key=order.key, subject="Hello", links=tuple(links)))
        page = await response_pages.response_page(pool, token_hash, WallClock())
        assert page is not None
        return page

    return opened


def sent(mentorship: str, kind: MilestoneKind, milestone: str, at: datetime, **answers: str) -> NewResponse:
    link = Link(mentorship_id=mentorship, milestone=milestone, side=Side.MENTEE)
    return NewResponse(link=link, form=kind, answers=answers, received_at=at)


def envelope(response: NewResponse) -> Answer:
    return Answer(milestone=response.link.milestone, side=response.link.side, received_at=response.received_at)


async def test_agreement_can_be_written_until_the_mentorship_ends(open_page: OpenPage, drawn: Plan) -> None:
    due = drawn.milestone("agreement")
    page = await open_page("agreement")
    assert due.open_until is not None
    assert page.closes_at == due.open_until > due.closes_at
    assert page.closes_on == due.closes_on


async def test_other_pages_close_when_their_milestone_does(open_page: OpenPage, drawn: Plan) -> None:
    assert (await open_page("check_in-1")).closes_at == drawn.milestone("check_in-1").closes_at


@pytest.mark.parametrize("milestone", ["agreement", "check_in-3"])
async def test_page_of_a_dropped_milestone_is_closed_and_not_early(
    pool: asyncpg.Pool, open_page: OpenPage, now: datetime, milestone: str
) -> None:
    await pool.execute("update milestone set dropped_at = $1 where id = $2", now, milestone)
    page = await open_page(milestone)
    assert page.opens_at <= now
    assert page.closes_at <= now


async def test_agreements_page_has_the_newest_version_the_one_before_and_the_final_one(
    pool: asyncpg.Pool, mentorship: str, open_page: OpenPage, now: datetime
) -> None:
    clauses = {"confidentiality": "yes", "criticism": "yes", "no_fault": "yes"}
    rhythm = {"meetings": "3", "goal_updates": "3"}
    first = sent(mentorship, MilestoneKind.AGREEMENT, "agreement", now, goal_1="Lead", **rhythm, **clauses)
    await agreements.save_agreement(pool, first.model_copy(update={"confirmed": True}))
    mentors = first.link.model_copy(update={"side": Side.MENTOR})
    await agreements.save_agreement(pool, first.model_copy(update={"link": mentors, "version": 1, "confirmed": True}))
    changed = first.model_copy(update={"version": 1, "answers": first.answers | {"goal_1": "Follow"}})
    await agreements.save_agreement(pool, changed)
    page = await open_page("agreement", Side.MENTOR)
    assert page.agreement is not None
    assert page.agreement_before is not None
    assert page.agreement_in_force is not None
    assert [version.version for version in (page.agreement, page.agreement_before, page.agreement_in_force)] == [
        2,
        1,
        1,
    ]
    assert page.goals == ("Lead",)


async def test_no_other_page_has_the_agreement(open_page: OpenPage) -> None:
    page = await open_page("check_in-1")
    assert page.agreement is page.agreement_before is page.agreement_in_force is None


async def test_page_says_when_it_was_answered_and_how_the_mentorship_ended(
    pool: asyncpg.Pool, mentorship: str, open_page: OpenPage, now: datetime
) -> None:
    before = await open_page("check_in-1")
    response = sent(mentorship, MilestoneKind.CHECK_IN, "check_in-1", now, status="met")
    await save_response(pool, response, envelope(response))
    await pool.execute("update mentorship set outcome = 'completed' where id = $1", mentorship)
    after = await open_page("check_in-1")
    assert (before.answers, before.answered_at, before.outcome) == ({}, None, None)
    assert (after.answers, after.answered_at, after.outcome) == ({"status": "met"}, now, Outcome.COMPLETED)


@pytest.mark.parametrize(("ticked", "shared"), [({"share_takeaway": "yes"}, "Ask early"), ({"quote_me": "yes"}, "")])
async def test_farewell_shows_the_partners_sentence_only_where_they_said_so(
    pool: asyncpg.Pool, mentorship: str, open_page: OpenPage, *, ticked: dict[str, str], shared: str
) -> None:
    now = datetime(2020, 11, 1, tzinfo=UTC)
    response = sent(mentorship, MilestoneKind.CLOSURE_SURVEY, "closure_survey", now, takeaway="Ask early", **ticked)
    await save_response(pool, response, envelope(response))
    assert (await open_page("farewell", Side.MENTOR)).shared == shared
    assert (await open_page("farewell", Side.MENTEE)).shared == ""
    assert (await open_page("check_in-1", Side.MENTOR)).shared == ""


async def test_thanks_are_found_by_their_milestone_and_cannot_be_changed(
    pool: asyncpg.Pool, mentorship: str, now: datetime
) -> None:
    closing = "thanks-2"
    response = sent(mentorship, MilestoneKind.THANKS, closing, now, text="Thank you <3")
    first = await save_response(pool, response, envelope(response))
    later = response.model_copy(update={"received_at": now + timedelta(minutes=1)})
    assert await save_response(pool, later, envelope(later)) == first.model_copy(update={"changed": False})
    with pytest.raises(Refusal, match="change it any more"):
        await save_response(pool, response.model_copy(update={"answers": {"text": "No"}}), envelope(response))
    assert await responses.thanks_text(pool, mentorship, closing) == "Thank you <3"
    assert await responses.thanks_text(pool, mentorship, "thanks-1") is None
