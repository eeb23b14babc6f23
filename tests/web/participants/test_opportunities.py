"""The page of opportunities: what is open, what somebody took up, and what their emails list then (A16, A40)."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from emails.links import token, token_hash
from emails.participant_emails import read_facts
from schemas.cohort.opportunities import NewOpportunity
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, OpportunityKind, Recipient, Side
from schemas.ids import email_key
from schemas.mentorship.responses import StoredReminderLink
from schemas.mentorship.state import Ask
from services.opportunity_choices import OpportunityChoiceService
from services.responses import ResponseService
from storage import cohorts, opportunities, reminders
from storage.mentorship_emails import known_mentorships
from tests.clocks import HandSetClock
from tests.emails.stored import NOW, PAIR, PLAN, store_pair
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from web.app import create_app

COHORT = "mile-2019"
SEAT = NewOpportunity(
    area="involvement", kind=OpportunityKind.COMMITTEE, title="A committee seat", closes_on=date(2020, 1, 31)
)
COURSE = NewOpportunity(
    area="chance",
    kind=OpportunityKind.COURSE,
    title="A course",
    url="https://association.example.org/course",
    closes_on=date(2019, 5, 1),
)

SAVED = '<p class="note" role="status">We saved your answer.</p>'


@pytest.fixture
async def numbers(pool: asyncpg.Pool) -> tuple[int, int]:
    """The numbers of a seat that is open and of a course that is over, in a class of one pair."""
    await store_pair(pool)
    seat, course = [await opportunities.add_opportunity(pool, COHORT, each, NOW) for each in (SEAT, COURSE)]
    return seat, course


@pytest.fixture
async def url(pool: asyncpg.Pool, numbers: tuple[int, int]) -> str:
    """The address of the mentee's page."""
    assert len(numbers) == 2
    made = token(b"s" * 32, "reminders", "mile-2019/P01")
    link = StoredReminderLink(token_hash=token_hash(made), key_id="0", mentorship_id=PAIR, side=Side.MENTEE)
    await reminders.ensure_link(pool, COHORT, "P01", link)
    return f"/u/{made}/opportunities"


@pytest.fixture
def app(pool: asyncpg.Pool) -> Starlette:
    clock = HandSetClock(NOW)
    responses = ResponseService(pool, cast(Client, None), clock)
    return create_app(responses, opportunities=OpportunityChoiceService(pool, clock))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://mile.example.org") as client:
        yield client


async def listed(pool: asyncpg.Pool, to: Recipient) -> list[str]:
    """Return what a check-in email to one of the two lists."""
    due = PLAN.milestone("check_in-1")
    check_in = QueuedEmail(
        key=email_key(PAIR, EmailKind.CHECK_IN, due.id, to),
        kind=EmailKind.CHECK_IN,
        scope_id=PAIR,
        to=to,
        at=due.opens_at,
        now=due.opens_at,
        asks=(Ask(milestone=due.id),),
    )
    [known] = await known_mentorships(pool, [PAIR])
    return [opening.title for opening in (await read_facts(pool, check_in, known)).openings]


async def actions(pool: asyncpg.Pool) -> list[str]:
    return [row["action"] for row in await pool.fetch("select action from audit_event order by id")]


async def taken_up(pool: asyncpg.Pool) -> Sequence[int]:
    return [each.taken_up for each in await opportunities.listed_opportunities(pool, COHORT)]


async def test_what_was_taken_up_is_noted_once_and_taken_back(
    client: httpx.AsyncClient, pool: asyncpg.Pool, url: str, numbers: tuple[int, int]
) -> None:
    seat, course = numbers
    first = text_of(await client.get(url))
    assert "A committee seat Open until Friday, January 31, 2020." in first
    assert "It was open until Wednesday, May 1, 2019. Read more about A course" in first
    for _ in range(2):
        taken = await client.post(f"{url}/{seat}", data={"taken": "yes"}, follow_redirects=True)
        assert "You took this up." in text_of(taken)
        assert SAVED in taken.text
    await client.post(f"{url}/{course}", data={"taken": "yes"})
    assert await taken_up(pool) == [1, 1]
    await client.post(f"{url}/{seat}", data={"taken": "no"})
    assert await taken_up(pool) == [1, 0]
    assert await actions(pool) == ["opportunity_taken_up", "opportunity_taken_up", "opportunity_given_back"]


async def test_emails_list_the_kinds_that_somebody_chose_and_all_to_who_has_not_chosen(
    client: httpx.AsyncClient, pool: asyncpg.Pool, url: str
) -> None:
    later = COURSE.model_copy(update={"title": "A later course", "closes_on": date(2019, 12, 1)})
    await opportunities.add_opportunity(pool, COHORT, later, NOW)
    both = ["A later course", "A committee seat"]
    assert (await listed(pool, Recipient.MENTEE), await listed(pool, Recipient.MENTOR)) == (both, both)
    for chosen, expected in ((["committee", "speaking"], both[1:]), ([], []), (["course"], both[:1])):
        page = await client.post(url, data={"kinds": chosen}, follow_redirects=True)
        assert page.text.count(" checked>") == len(chosen)
        assert SAVED in page.text
        assert (await listed(pool, Recipient.MENTEE), await listed(pool, Recipient.MENTOR)) == (expected, both)
    await client.post(url, data={"kinds": ["course"]})
    assert await actions(pool) == ["opportunities_chosen"] * 3


async def test_looking_and_what_is_not_there_change_nothing(
    client: httpx.AsyncClient, pool: asyncpg.Pool, url: str
) -> None:
    assert (await client.head(url)).status_code == 200
    assert SAVED not in (await client.get(url)).text
    for path, typed in (
        (f"{url}/999999", {"taken": "yes"}),
        (f"{url}/{'9' * 30}", {"taken": "yes"}),
        (url, {"kinds": "yachts"}),
    ):
        answer = await client.post(path, data=typed)
        assert (answer.status_code, answer.headers["location"]) == (303, url)
    assert (await client.post(url, data={}, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await client.get(url.replace("/u/", "/u/a"))).status_code == 404
    assert await taken_up(pool) == [0, 0]


async def test_whoever_has_the_same_id_in_another_class_keeps_what_they_took_up(
    client: httpx.AsyncClient, pool: asyncpg.Pool, url: str
) -> None:
    other = (await cohorts.cohort_settings(pool, COHORT)).model_copy(update={"id": "mile-2021"})
    await cohorts.save_cohort(pool, other, (), (), NOW)
    number = await opportunities.add_opportunity(pool, "mile-2021", SEAT, NOW)
    assert await opportunities.take_up(pool, "mile-2021", "P01", number, NOW)
    await client.post(f"{url}/{number}", data={"taken": "no"})
    assert await opportunities.taken_up(pool, "mile-2021", "P01") == {number}
    assert await actions(pool) == []
    assert await actions(pool) == []


@pytest.mark.browser
async def test_page_works_in_a_browser_without_barriers(
    app: Starlette, browser: Browser, pool: asyncpg.Pool, url: str
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(url)
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="I took up: A committee seat"))
        await assert_without_barriers(page)
        await page.get_by_label("Courses, talks, and webinars").uncheck()
        await follow(page.get_by_role("button", name="Save my choice"))
        assert await page.get_by_label("Courses, talks, and webinars").is_checked() is False
        assert await taken_up(pool) == [0, 1]
