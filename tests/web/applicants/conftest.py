"""The pages for applicants on a real database, while Temporal is unreachable: emails wait in the outbox."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from temporalio.client import Client

from runtime.temporal import plugin
from services.applicants import ApplicantService
from storage import cohorts
from tests.clocks import HandSetClock
from tests.web.applicants.people import BEFORE, COHORT_ID, OPEN, link, mentee, settings
from tests.web.conftest import RecordingService
from web.app import create_app


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(OPEN)


@pytest.fixture
async def unreachable_temporal() -> Client:
    """A client of a Temporal server that does not run; lazy, so that it connects only when it is used."""
    return await Client.connect("127.0.0.1:9", lazy=True, plugins=[plugin()])


@pytest.fixture
async def cohort(pool: asyncpg.Pool) -> str:
    """A class with three participants on the institute's list, and no mentor yet."""
    people = [mentee(number) for number in (1, 2, 3)]
    await cohorts.save_cohort(pool, settings(), (), people, BEFORE)
    return COHORT_ID


@pytest.fixture
def app(pool: asyncpg.Pool, cohort: str, clock: HandSetClock) -> Starlette:
    assert cohort == COHORT_ID
    return create_app(RecordingService(), applicants=ApplicantService(pool, clock))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    # Errors reach the test instead of becoming a page.
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
        yield client


@pytest.fixture
async def draft_page(client: httpx.AsyncClient, pool: asyncpg.Pool) -> str:
    """The personal page of a mentor who has just begun."""
    answer = await client.post(f"/apply/{COHORT_ID}", data={"email": "solveig@example.org"})
    assert answer.status_code == 303
    return await link(pool, "A001")


@pytest.fixture
async def intake(pool: asyncpg.Pool, cohort: str) -> str:
    """The personal page of a participant of the institute."""
    return await link(pool, "P01", cohort)
