"""The staff pages on a class with a chair, a coordinator and a reader, beside another class with a chair of its own."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from temporalio.client import Client

from schemas.cohort.roles import NewRoleHolder
from schemas.enums import StaffAccess
from services.context import ServiceContext
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from storage import cohorts, roles
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import store_pair
from tests.services.conftest import FakeTemporal
from tests.web.browser import open_browser_page, press, served
from web.app import create_app

SITE = "https://mile.example.org"
TODAY = datetime.now(UTC).date()
CHAIR, COORDINATOR, READER = "chair@staff.example.org", "coordinator@staff.example.org", "reader@staff.example.org"
OTHER_CHAIR, FORMER, NOBODY = "other@staff.example.org", "former@staff.example.org", "nobody@staff.example.org"
Ask = Callable[[httpx.AsyncClient, str], Awaitable[str | None]]
SignIn = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


class RealTime:
    """The clock outside rehearsals."""

    def now(self, _: str) -> datetime:
        return datetime.now(UTC)


async def give(pool: asyncpg.Pool, cohort: str, email: str, access: StaffAccess, ends_on: date | None = None) -> None:
    starts_on = TODAY - timedelta(days=30)
    holder = NewRoleHolder(role="Team", email=email, access=access, starts_on=starts_on, ends_on=ends_on)
    await roles.add_holder(pool, cohort, holder)


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal whose workers are away; a test may name what they answer."""
    return FakeTemporal(away=True)


@pytest.fixture
async def app(pool: asyncpg.Pool, database_url: str, temporal: FakeTemporal) -> Starlette:
    await store_pair(pool)
    settings = await cohorts.cohort_settings(pool, "mile-2019")
    other = settings.model_copy(update={"id": "mile-2021", "title": "2021 Mentorship Program"})
    await cohorts.save_cohort(pool, other, (), (), datetime.now(UTC))
    await give(pool, "mile-2019", CHAIR, StaffAccess.CHAIR)
    await give(pool, "mile-2019", COORDINATOR, StaffAccess.COORDINATOR)
    await give(pool, "mile-2019", READER, StaffAccess.READER)
    await give(pool, "mile-2021", OTHER_CHAIR, StaffAccess.CHAIR)
    await give(pool, "mile-2019", FORMER, StaffAccess.CHAIR, ends_on=TODAY - timedelta(days=2))
    clock, client = RealTime(), cast(Client, temporal)
    services = ServiceContext(settings_for(database_url, 1), pool, client)
    return create_app(ResponseService(pool, client, clock), staff=StaffSessionService(pool), services=services)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that says where its forms come from, as each does on pages of staff."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE}) as client:
        yield client


@pytest.fixture
def ask_for_link(pool: asyncpg.Pool, database_url: str) -> Callable[[httpx.AsyncClient, str], Awaitable[str | None]]:
    """Return what asks for a link as a page does, delivers the emails, and returns the link that came, if one did."""

    async def ask(client: httpx.AsyncClient, address: str) -> str | None:
        await client.post("/staff/sign-in", data={"email": address})
        relay = Relay()
        async with listening(relay) as port:
            await Delivery(pool, settings_for(database_url, port)).deliver()
        if not relay.messages:
            return None
        assert [message["To"] for message in relay.messages] == [f"Team <{address}>"]
        (link,) = re.findall(rf"{SITE}(/staff/sign-in/[a-z2-7]{{26}})", relay.text())
        return str(link)

    return ask


@pytest.fixture
def sign_in(pool: asyncpg.Pool) -> SignIn:
    """Return what signs somebody in, by a link that was not emailed: hundreds of tests need no email for it."""

    async def enter(client: httpx.AsyncClient, address: str) -> httpx.Response:
        token = await StaffSessionService(pool).new_link(address)
        return await client.post(f"/staff/sign-in/{token}")

    return enter


@pytest.fixture
async def staff_page(
    browser: Browser,
    app: Starlette,
    client: httpx.AsyncClient,
    ask_for_link: Callable[[httpx.AsyncClient, str], Awaitable[str | None]],
) -> AsyncIterator[Page]:
    """A narrow browser page in which the coordinator is signed in; barriers are looked for on every page at once."""
    link = await ask_for_link(client, COORDINATOR)
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{link}")
        await press(page.get_by_role("button", name="Sign in"))
        yield page
