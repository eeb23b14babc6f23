"""Private calendar addresses: one per person, whoever presses the button twice."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest

from storage import calendar_feeds
from storage.database import transaction
from tests.locks import until_held_up

COHORT, NOW = "mile-2019", datetime(2019, 7, 20, 14, tzinfo=UTC)
FIRST, SECOND = b"1" * 32, b"2" * 32


@pytest.mark.usefixtures("cohort")
async def test_of_two_addresses_made_at_once_the_second_opens_the_calendar(pool: asyncpg.Pool) -> None:
    async with transaction(pool) as db:
        await calendar_feeds.replace(db, COHORT, "P01", FIRST, NOW)
        second = asyncio.create_task(calendar_feeds.replace(pool, COHORT, "P01", SECOND, NOW))
        await until_held_up(pool, second)
    await second
    assert await calendar_feeds.owner(pool, FIRST) is None
    assert await calendar_feeds.owner(pool, SECOND) == (COHORT, "P01")
