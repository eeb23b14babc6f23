"""The pages for applicants on a real database, while Temporal is away: letters wait, and nobody notices."""

from collections.abc import AsyncIterator
from datetime import datetime

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from temporalio.client import Client

from runtime.temporal import plugin
from services.applicants import ApplicantService
from storage import cohorts
from tests.web.applicants.cast import BEFORE, COHORT_ID, OPEN, link, mentee, settings
from tests.web.conftest import RecordingService
from web.app import create_app


class HandSetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self, _: str) -> datetime:
        return self.time


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(OPEN)


@pytest.fixture
async def engine_away() -> Client:
    """A client of an engine that nobody started."""
    return await Client.connect("127.0.0.1:9", lazy=True, plugins=[plugin()])


@pytest.fixture
async def cohort(pool: asyncpg.Pool) -> str:
    """A class with three participants on the institute's list, and no mentor yet."""
    people = [mentee(number) for number in (1, 2, 3)]
    await cohorts.save_cohort(pool, settings(), (), people, BEFORE)
    return COHORT_ID


@pytest.fixture
def app(pool: asyncpg.Pool, cohort: str, clock: HandSetClock, engine_away: Client) -> Starlette:
    assert cohort == COHORT_ID
    return create_app(RecordingService(), applicants=ApplicantService(pool, engine_away, clock))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
        yield client


@pytest.fixture
async def begun(client: httpx.AsyncClient, pool: asyncpg.Pool) -> str:
    """The personal page of a mentor who has just begun."""
    answer = await client.post(f"/apply/{COHORT_ID}", data={"email": "solveig@example.org"})
    assert answer.status_code == 303
    return await link(pool, "A001")


@pytest.fixture
async def intake(pool: asyncpg.Pool, cohort: str) -> str:
    """The personal page of a participant of the institute."""
    return await link(pool, "P01", cohort)
