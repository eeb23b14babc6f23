"""The page of topics: a pair reorders and skips what emails before its meetings suggest (A24, A29)."""

from collections.abc import AsyncIterator
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from emails.links import MilestoneLinks, token, token_hash
from emails.participant_emails import participant_email, read_facts
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, GoalArea, MilestoneKind, Recipient, Side
from schemas.ids import email_key
from schemas.mentorship.responses import StoredReminderLink
from schemas.mentorship.state import Ask
from services.responses import ResponseService
from services.topic_choices import MOST_MEETINGS, TopicChoiceService
from storage import reminders, topics
from storage.mentorship_emails import known_mentorships
from tests.clocks import HandSetClock
from tests.emails.stored import NOW, PAIR, PLAN, store_pair
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from web.app import create_app

MEETINGS = sorted((due for due in PLAN.milestones if due.kind is MilestoneKind.MEETING), key=lambda due: due.opens_at)
NEXT = [due.id for due in MEETINGS[:MOST_MEETINGS]]
LINKS = MilestoneLinks(public_url="https://mile.example.org", secret=b"s" * 32)


@pytest.fixture
async def urls(pool: asyncpg.Pool) -> dict[Side, str]:
    """The addresses of both sides' pages."""
    await store_pair(pool)
    made = {}
    for side, person in ((Side.MENTOR, "M01"), (Side.MENTEE, "P01")):
        secret = token(b"s" * 32, "reminders", f"mile-2019/{person}")
        link = StoredReminderLink(token_hash=token_hash(secret), key_id="0", mentorship_id=PAIR, side=side)
        await reminders.ensure_link(pool, "mile-2019", person, link)
        made[side] = f"/u/{secret}/topics"
    return made


@pytest.fixture
def app(pool: asyncpg.Pool) -> Starlette:
    clock = HandSetClock(NOW)
    return create_app(ResponseService(pool, cast(Client, None), clock), topics=TopicChoiceService(pool, clock))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://mile.example.org") as client:
        yield client


async def suggested(pool: asyncpg.Pool, meeting: str, to: Recipient = Recipient.MENTEE) -> list[str]:
    """Return the texts of the email before a meeting."""
    due = PLAN.milestone(meeting)
    email = QueuedEmail(
        key=email_key(PAIR, EmailKind.MEETING, meeting, to),
        kind=EmailKind.MEETING,
        scope_id=PAIR,
        to=to,
        at=due.opens_at,
        now=due.opens_at,
        asks=(Ask(milestone=meeting),),
    )
    (known,) = await known_mentorships(pool, [PAIR])
    return [text.name for text in participant_email(email, await read_facts(pool, email, known), LINKS).guidance]


async def test_pair_reorders_and_skips_the_topics_of_its_next_meetings(
    client: httpx.AsyncClient, pool: asyncpg.Pool, urls: dict[Side, str]
) -> None:
    assert len(NEXT) == MOST_MEETINGS
    before = [await suggested(pool, meeting) for meeting in NEXT]
    assert before[:2] == [["topic_goal_setting", "meeting"], ["topic_networking", "meeting"]]
    chosen = dict(zip(NEXT, ("leadership", "none", "goal_setting", "goal_setting"), strict=True))
    saved = await client.post(urls[Side.MENTEE], data=chosen, follow_redirects=True)
    assert "We saved your topics." in text_of(saved)
    expected = [["topic_leadership", "meeting"], ["meeting"], *[["topic_goal_setting", "meeting"]] * 2]
    for to in (Recipient.MENTOR, Recipient.MENTEE):
        assert [await suggested(pool, meeting, to) for meeting in NEXT] == expected
    # The partner sees it, and the last choice counts.
    page = (await client.get(urls[Side.MENTOR])).text
    for meeting, topic in chosen.items():
        assert f'id="{meeting}-{topic}" value="{topic}" checked' in page
    await client.post(urls[Side.MENTOR], data=chosen | {NEXT[1]: "networking"})
    assert await suggested(pool, NEXT[1]) == ["topic_networking", "meeting"]
    events = await pool.fetch("select actor, action from audit_event order by id")
    assert [tuple(event) for event in events] == [
        ("participant:P01", "topics_chosen"),
        ("participant:M01", "topics_chosen"),
    ]


async def test_looking_changes_nothing_and_what_is_missing_comes_back(
    client: httpx.AsyncClient, pool: asyncpg.Pool, urls: dict[Side, str]
) -> None:
    url = urls[Side.MENTOR]
    first = await client.get(url)
    assert first.text.count(" checked>") == MOST_MEETINGS
    assert "You and Person both see this" in text_of(first)
    missing = await client.post(url, data={NEXT[0]: "leadership"})
    assert missing.status_code == 422
    assert f'value="{GoalArea.LEADERSHIP}" checked' in missing.text
    assert (await client.post(url, data=dict.fromkeys(NEXT, "yachts"))).status_code == 422
    assert (await client.get(url.replace("/u/", "/u/a"))).status_code == 404
    assert await topics.chosen_topics(pool, PAIR) == {}


@pytest.mark.browser
async def test_page_works_in_a_browser_without_barriers(
    app: Starlette, browser: Browser, pool: asyncpg.Pool, urls: dict[Side, str]
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(urls[Side.MENTEE])
        await assert_without_barriers(page)
        await page.get_by_label("No topic, we have our own").first.check()
        await follow(page.get_by_role("button", name="Save our topics"))
        await assert_without_barriers(page)
        assert (await topics.chosen_topics(pool, PAIR))[NEXT[0]] is None
