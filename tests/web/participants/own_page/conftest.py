"""Both people of a pair that has begun, with the pages behind their personal links."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from schemas.enums import Side
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR, store_pair
from tests.services.conftest import FakeTemporal
from tests.web.participants.own_page.people import CHECK_IN_OPEN, PEOPLE, own_link, pages_of


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(CHECK_IN_OPEN)


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal(running={f"mentorship-{PAIR}"})


@pytest.fixture
async def mine(pool: asyncpg.Pool) -> dict[Side, str]:
    """The addresses of both people's own pages, of a pair that has begun."""
    await store_pair(pool)
    await pool.execute("update mentorship set started_at = now()")
    return {side: await own_link(pool, person) for side, person in PEOPLE.items()}


@pytest.fixture
def app(pool: asyncpg.Pool, clock: HandSetClock, temporal: FakeTemporal) -> Starlette:
    return pages_of(pool, clock, temporal)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://mile.example.org") as client:
        yield client
