"""Links that are asked for by the hundred: each is sent, and none delays another email for long."""

from datetime import timedelta

import asyncpg

from storage import applying
from storage.applying import DELAY_OF_MORE_LINKS, MOST_LINKS_AT_ONCE
from storage.cohorts import save_cohort
from tests.web.applicants.people import OPEN, settings


async def test_links_beyond_a_hundred_an_hour_leave_later(pool: asyncpg.Pool) -> None:
    cohort = settings()
    await save_cohort(pool, cohort, (), (), OPEN)
    for number in range(MOST_LINKS_AT_ONCE + 1):
        await applying.begin(pool, cohort.id, f"person{number}@example.org", OPEN)
    delays = [row["delay"] for row in await pool.fetch("select next_attempt_at - enqueued_at as delay from outbox")]
    late = [delay for delay in delays if delay > timedelta(minutes=1)]
    assert len(delays) == MOST_LINKS_AT_ONCE + 1
    assert len(late) == 1
    assert late[0] >= DELAY_OF_MORE_LINKS
