"""The page of those who lost their links: led to by a dead link, the same for everybody, and back within a minute."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from temporalio.client import Client

from emails.samples import SAMPLE_COHORT
from runtime.temporal import plugin
from schemas.enums import Language
from services.applicants import ApplicantService
from services.lost_links import LostLinkService
from services.my_mentorship import MyMentorshipService
from services.responses import ResponseService
from storage import cohorts
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import store_pair
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from web.app import create_app
from web.middleware.rate_limit import RateLimit, RateLimits

MENTEE, NOBODY = "p@example.org", "nobody@example.org"
CHECK_IN = datetime(2019, 7, 30, 15, tzinfo=UTC)
DEAD_LINK = f"/r/{'a' * 26}"


class CheckInTime:
    """A clock on which the first check-in is open."""

    def now(self, _: str) -> datetime:
        return CHECK_IN


@pytest.fixture
def limits() -> RateLimits:
    return RateLimits(emails=RateLimit(12, 0.0))


@pytest.fixture
async def app(pool: asyncpg.Pool, limits: RateLimits) -> Starlette:
    await store_pair(pool)
    await pool.execute("update mentorship set started_at = now()")
    temporal, clock = await Client.connect("127.0.0.1:9", lazy=True, plugins=[plugin()]), CheckInTime()
    return create_app(
        ResponseService(pool, temporal, clock),
        applicants=ApplicantService(pool, clock),
        lost_links=LostLinkService(pool, clock),
        my_mentorship=MyMentorshipService(pool, clock),
        limits=limits,
    )


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
        yield client


async def test_every_address_gets_the_same_page(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    pages = []
    for address in (MENTEE, NOBODY, MENTEE):
        answer = await client.post("/links", data={"email": address})
        shown = await client.get(answer.headers["location"])
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        pages.append((answer.status_code, headers, answer.text, shown.status_code, shown.text))
    assert pages == [pages[0]] * 3
    assert pages[0][0] == 303
    assert await pool.fetchval("select count(*) from outbox") == 1


@pytest.mark.parametrize(
    "typed", ["", "no address", "a@b", "p@example.org\r\nBcc: x@example.org", "x" * 300 + "@example.org"]
)
async def test_what_is_no_address_is_asked_for_again(client: httpx.AsyncClient, pool: asyncpg.Pool, typed: str) -> None:
    answer = await client.post("/links", data={"email": typed})
    assert answer.status_code == 422
    assert "Please correct" in answer.text
    assert await pool.fetchval("select count(*) from link_request") == 0


async def test_page_is_in_any_language_that_a_current_class_offers(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    spanish = {"accept-language": "es-MX, en;q=0.5"}
    assert '<html lang="en"' in (await client.get("/links", headers=spanish)).text
    both = (Language.SPANISH, Language.ENGLISH)
    await cohorts.save_settings(pool, SAMPLE_COHORT, CHECK_IN)
    await cohorts.add_cohort(pool, SAMPLE_COHORT.model_copy(update={"id": "mile-2020", "languages": both}), CHECK_IN)
    page = await client.get("/links", headers=spanish)
    assert '<html lang="es"' in page.text
    assert 'href="/links?language=en" lang="en"' in page.text
    for headers in (spanish, {"accept-language": "es"}):
        sent = await client.post("/links?language=en", data={"email": MENTEE}, headers=headers)
        assert '<html lang="en"' in (await client.get(sent.headers["location"], headers=headers)).text
    assert '<html lang="en"' in (await client.get("/links")).text


async def test_one_network_makes_us_send_only_so_many_emails(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    answers = [(await client.post("/links", data={"email": f"{n}@example.org"})).status_code for n in range(15)]
    assert answers == [303] * 12 + [429] * 3


@pytest.mark.parametrize("path", [DEAD_LINK, f"/a/{'b' * 26}", "/", "/apply/mile-2019"])
async def test_dead_links_and_the_pages_for_everybody_lead_there(client: httpx.AsyncClient, path: str) -> None:
    assert 'href="/links"' in (await client.get(path)).text


async def test_link_that_was_revoked_or_has_ended_leads_there(
    client: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    await client.post("/links", data={"email": MENTEE})
    link = await _first_link(pool, database_url)
    opened = await client.get(link)
    assert opened.status_code == 303
    link = opened.headers["location"]
    assert (await client.get(link)).status_code == 200
    await pool.execute("update personal_link set revoked_at = now()")
    revoked = await client.get(link)
    assert revoked.status_code == 404
    assert 'href="/links"' in revoked.text
    await pool.execute("update personal_link set revoked_at = null")
    await pool.execute("update milestone set closes_on = '2017-01-01'")
    await pool.execute("update mentorship set ends_on = '2017-01-01', starts_on = '2016-01-01'")
    ended = await client.get(link)
    assert (ended.status_code, ended.text) == (404, revoked.text)


async def _first_link(pool: asyncpg.Pool, database_url: str) -> str:
    """Deliver what waits, and return the first link of the last email."""
    relay = Relay()
    async with listening(relay) as port:
        await Delivery(pool, settings_for(database_url, port)).deliver()
    [link, *_] = re.findall(r"https://mile\.example\.org/m/[a-z2-7]{26}", relay.text())
    return str(link)


@pytest.mark.browser
async def test_pages_are_without_barriers(browser: Browser, app: Starlette) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        for path in (DEAD_LINK, "/links", "/links/sent"):
            await page.goto(path)
            await assert_without_barriers(page)
        await page.goto("/links")
        await follow(page.get_by_role("button", name="Email me my links"))
        assert await page.get_by_role("alert").is_visible()
        await assert_without_barriers(page)


@pytest.mark.browser
async def test_who_lost_every_email_is_back_within_a_minute(
    browser: Browser, app: Starlette, pool: asyncpg.Pool, database_url: str
) -> None:
    began, relay = time.monotonic(), Relay()
    async with served(app) as site, listening(relay) as port:
        delivery = Delivery(pool, settings_for(database_url, port, public_url=site))
        async with delivery.sending(), open_browser_page(browser, site) as page:
            await _type_address(page, MENTEE)
            while not relay.messages:  # noqa: ASYNC110 - the relay does not tell
                await asyncio.sleep(0.05)
            [link] = set(re.findall(rf"{site}/m/[a-z2-7]{{26}}", relay.text()))
            await page.goto(link)
            await follow(page.get_by_role("link", name="Your check-in, by"))
            assert await page.get_by_role("main").get_by_role("button").count() > 0
            await _type_address(page, NOBODY)
    assert relay.recipients == [MENTEE]
    assert timedelta(seconds=time.monotonic() - began) < timedelta(minutes=1)


async def _type_address(page: Page, address: str) -> None:
    """Go from a dead link to the page, by the keyboard alone, and type an address."""
    await page.goto(DEAD_LINK)
    await follow(page.get_by_role("link", name="Get your links again"))
    await page.get_by_label("What is your email address?").focus()
    await page.keyboard.type(address)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert await page.get_by_role("heading", name="Check your email").is_visible()
