"""What a public page does with an address takes as long for one that is known as for one that is not."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from schemas.cohort.settings import ApplicationWindow, CohortSettings
from storage import applying, typed_addresses
from tests.storage.statements import logged_pool, shape

KNOWN, UNKNOWN, STOPPED, AT_LIMIT = "m1@example.org", "nobody@example.org", "m2@example.org", "m3@example.org"


@pytest.fixture
async def closed(pool: asyncpg.Pool, cohort: str, settings: CohortSettings, now: datetime) -> datetime:
    """A moment at which the application window of the cohort has closed."""
    window = ApplicationWindow(
        opens_on=now.date() - timedelta(days=90), closes_on=now.date() - timedelta(days=60), waiting_list=False
    )
    await pool.execute(
        "update cohort set settings = $1", settings.model_copy(update={"applications": window}).model_dump_json()
    )
    return now


async def _statements(database_url: str, cohort: str, address: str, now: datetime) -> list[str]:
    async with logged_pool(database_url) as (logged, statements):
        # The first time, a connection asks for the types of parameters, too.
        await applying.begin(logged, cohort, "first@example.org", now)
        statements.clear()
        await applying.begin(logged, cohort, address, now)
        return list(statements)


@pytest.mark.parametrize("after_close", [True, False], ids=["closed", "open"])
async def test_every_typed_address_takes_the_same_statements(
    pool: asyncpg.Pool, database_url: str, closed: datetime, cohort: str, *, after_close: bool
) -> None:
    now = closed if after_close else closed - timedelta(days=70)
    async with pool.acquire() as connection:
        await typed_addresses.stop(connection, cohort, "M02", STOPPED, now)
    for minutes in range(typed_addresses.MOST_LINKS_A_DAY):
        await applying.begin(pool, cohort, AT_LIMIT, now - timedelta(minutes=3 * (minutes + 1)))
    emails = "select count(*) from outbox where scope_id like '%/M01'"
    assert await pool.fetchval(emails) == 0
    known = await _statements(database_url, cohort, KNOWN, now)
    assert await pool.fetchval(emails) == 1
    assert len(known) > 10
    for address in (UNKNOWN, STOPPED, AT_LIMIT, KNOWN):
        statements = await _statements(database_url, cohort, address, now)
        assert list(map(shape, statements)) == list(map(shape, known))
    assert await pool.fetchval(emails) == 1


async def test_address_that_gets_no_email_leaves_no_draft_and_counts_for_nobody(
    pool: asyncpg.Pool, closed: datetime, cohort: str
) -> None:
    for _ in range(typed_addresses.MOST_LINKS_A_DAY + 1):
        await applying.begin(pool, cohort, UNKNOWN, closed)
    assert await pool.fetchval("select count(*) from draft") == 0
    assert await pool.fetchval("select count(*) from outbox") == 0
    async with pool.acquire() as connection:
        assert await typed_addresses.may_email(connection, typed_addresses.EmailLimit(cohort), UNKNOWN, closed)
