"""What an email asks together is answered behind one link, in steps, each saved."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from domain.forms import questions_for
from emails.links import token, token_hash
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, Recipient, Side
from schemas.mentorship.responses import Link
from schemas.mentorship.state import Ask
from services.my_mentorship import MyMentorshipService
from services.responses import ResponseService
from storage import outbox, responses
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR, PLAN, store_pair
from tests.services.conftest import FakeTemporal
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from tests.web.participants.own_page.people import GOALS, own_link
from web.app import create_app

ASKED = ("check_in-6", "goal_check_in-6", "closure_survey", "self_assessment-3")
LINK = f"/r/{token(b's' * 32, 'check_in-6', 'closing')}"
OPEN = max(PLAN.milestone(milestone).opens_at for milestone in ASKED) + timedelta(hours=1)


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(OPEN)


@pytest.fixture
async def closing(pool: asyncpg.Pool) -> str:
    """The link of the mentee's closing email, which asks four things."""
    await store_pair(pool)
    await pool.execute("update mentorship set started_at = now()")
    email = QueuedEmail(
        key="closing",
        kind=EmailKind.CHECK_IN,
        scope_id=PAIR,
        to=Recipient.MENTEE,
        at=OPEN,
        now=OPEN,
        asks=tuple(Ask(milestone=milestone) for milestone in ASKED),
    )
    await outbox.enqueue(pool, email)
    link = Link(mentorship_id=PAIR, milestone=ASKED[0], side=Side.MENTEE)
    await outbox.save_written(
        pool, WrittenEmail(key="closing", subject="-", links=((token_hash(LINK[3:]), link),), link_key_id="0")
    )
    return LINK


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal(running={f"mentorship-{PAIR}"})


@pytest.fixture
def app(pool: asyncpg.Pool, clock: HandSetClock, temporal: FakeTemporal) -> Starlette:
    service = ResponseService(pool, cast(Client, temporal), clock)
    return create_app(service, my_mentorship=MyMentorshipService(pool, clock))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://mile.example.org") as client:
        yield client


def links_on(page: httpx.Response) -> list[str]:
    return re.findall(r'href="(/[^"#]*)"', page.text)


def answers_to(milestone: str) -> dict[str, str]:
    """Return the shortest answers that a page takes."""
    questions = questions_for(PLAN.milestone(milestone).kind, Side.MENTEE, GOALS)
    return {question.name: str(question.choices[0].value) for question in questions if question.required}


async def saved(pool: asyncpg.Pool) -> list[str]:
    return [
        row["milestone_id"] for row in await pool.fetch("select milestone_id from response order by received_at, id")
    ]


async def test_each_step_is_saved_and_leads_to_the_next(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    path = closing
    for number, milestone in enumerate(ASKED, start=1):
        page = text_of(await client.get(path))
        assert f"Step {number} of 4" in page
        assert ("Save and continue" in page) == (number < 4)
        clock.time += timedelta(minutes=1)
        sent = await client.post(path.partition("?")[0], data=answers_to(milestone) | {"act": "continue"})
        path = sent.headers["location"]
        assert (await saved(pool))[-1] == milestone
    assert path == f"{closing}/steps/{ASKED[-1]}/thanks"
    assert "What else waits for you" not in text_of(await client.get(path))


async def test_steps_are_signaled_together_with_the_last(
    client: httpx.AsyncClient, closing: str, temporal: FakeTemporal
) -> None:
    pages = [closing, *[f"{closing}/steps/{milestone}" for milestone in ASKED[1:]]]
    signals = []
    for page, milestone in zip(pages, ASKED, strict=True):
        await client.post(page, data=answers_to(milestone) | {"act": "continue"})
        signals.append(len(temporal.messages))
    assert signals == [0, 0, 0, 1]


async def test_whoever_does_not_go_on_is_not_waited_for(
    client: httpx.AsyncClient, closing: str, temporal: FakeTemporal, pool: asyncpg.Pool
) -> None:
    await client.post(closing, data=answers_to(ASKED[0]) | {"act": "continue"})
    assert await responses.unsignaled(pool) == []
    await client.post(f"{closing}/steps/{ASKED[1]}", data=answers_to(ASKED[1]))
    assert len(temporal.messages) == 1
    assert await pool.fetchval("select count(*) from response where signaled_at is null") == 0


async def test_steps_are_left_out_that_were_answered_and_found_again_later(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool
) -> None:
    first = await client.post(f"{closing}/steps/{ASKED[2]}", data=answers_to(ASKED[2]))
    assert "Next: How you see yourself" in text_of(await client.get(first.headers["location"]))
    second = await client.post(f"{closing}/steps/{ASKED[1]}", data=answers_to(ASKED[1]) | {"act": "continue"})
    assert second.headers["location"] == f"{closing}/steps/{ASKED[3]}?saved=yes"
    third = await client.post(f"{closing}/steps/{ASKED[3]}", data=answers_to(ASKED[3]) | {"act": "continue"})
    assert third.headers["location"] == f"{closing}/steps/{ASKED[0]}?saved=yes"
    assert "Saved. Step 1 of 4" in text_of(await client.get(third.headers["location"]))


async def test_email_that_asks_one_thing_has_no_steps_and_ends_with_thanks(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool
) -> None:
    await pool.execute("update outbox set asks = jsonb_build_array(asks -> 0)")
    page = text_of(await client.get(closing))
    assert "Step 1" not in page
    assert "Save and continue" not in page
    assert "Send my check-in" in page
    sent = await client.post(closing, data=answers_to(ASKED[0]) | {"act": "continue"})
    assert sent.headers["location"] == f"{closing}/thanks"


async def test_link_opens_only_what_its_email_asked(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    for milestone in ("check_in-5", "closing_conversation", "farewell", "nothing"):
        assert (await client.get(f"{closing}/steps/{milestone}")).status_code == 404
        assert (await client.post(f"{closing}/steps/{milestone}", data={"status": "met"})).status_code == 404
    await pool.execute("update link set revoked_at = now()")
    assert (await client.get(f"{closing}/steps/{ASKED[1]}")).status_code == 404
    assert await saved(pool) == []


async def test_step_that_has_closed_is_none_any_more_and_leads_on(
    client: httpx.AsyncClient, closing: str, clock: HandSetClock
) -> None:
    clock.time = PLAN.milestone("check_in-6").closes_at + timedelta(hours=1)
    assert "Step 1 of 2" in text_of(await client.get(f"{closing}/steps/closure_survey"))
    for closed in (closing, f"{closing}/steps/goal_check_in-6"):
        page = await client.get(closed)
        assert "This form is closed" in text_of(page)
        assert f"{closing}/steps/closure_survey" in links_on(page)


async def test_own_page_leads_through_what_waits_in_steps(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool
) -> None:
    mine = f"{await own_link(pool, 'P01')}/{PAIR}"
    first = f"{mine}/forms/{ASKED[0]}"
    assert first in links_on(await client.get(mine))
    assert re.search(r"Step \d of \d", text_of(await client.get(first)))
    sent = await client.post(first, data=answers_to(ASKED[0]) | {"act": "continue"})
    assert sent.headers["location"].startswith(f"{mine}/forms/")
    assert "Saved. Step" in text_of(await client.get(sent.headers["location"]))


async def test_first_answer_of_a_button_is_chosen_and_saved_by_the_page(
    client: httpx.AsyncClient, closing: str, pool: asyncpg.Pool
) -> None:
    page = await client.get(f"{closing}/answer/planned")
    assert 'value="planned" checked' in page.text
    assert page.text.count(" checked") == 1
    assert await saved(pool) == []
    for nonsense in ("unanswered", "<script>", "met%2F"):
        assert " checked" not in (await client.get(f"{closing}/answer/{nonsense}")).text
    sent = await client.post(f"{closing}/answer/planned", data={"status": "met"})
    assert sent.headers["location"] == f"{closing}/thanks"
    # What was answered stands before what a button names.
    assert 'value="met" checked' in (await client.get(f"{closing}/answer/planned")).text


@pytest.mark.browser
async def test_steps_work_in_a_browser_without_barriers(app: Starlette, browser: Browser, closing: str) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{closing}/answer/met")
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Save and continue"))
        assert "Step 2 of 4" in await page.inner_text("main")
        await assert_without_barriers(page)
