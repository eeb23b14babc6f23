"""Hundreds of applications at once while the window closes: none is lost, and none comes in after the close."""

import asyncio
import itertools
import json
from collections import Counter
from datetime import datetime, timedelta

import asyncpg
import httpx
import pytest

from emails.links import token, token_hash
from schemas.enums import ApplicationStatus
from schemas.ids import applicant_scope
from storage import cohorts
from storage.database import open_pool
from tests.clocks import HandSetClock
from tests.web.applicants.people import CLOSES, COHORT_ID, MENTOR, OPEN, settings

# So many once; the other rushes differ in how the window closes, and a third of them shows that.
APPLICANTS, FEWER_APPLICANTS = 500, 160
EVERYTHING = {name: words for page in MENTOR for name, words in page.items()}
STORED = """
    select d.person_id, d.answers->>'keep_apart' as apart, a.status, a.submitted_at, a.answers->>'about' as about
    from draft d left join application a using (cohort_id, person_id) order by 1
"""


class RunningClock(HandSetClock):
    """A clock that goes on by a moment each time somebody looks at it."""

    def now(self, _: str) -> datetime:
        self.time += timedelta(milliseconds=1)
        return self.time


@pytest.fixture
def clock() -> RunningClock:
    return RunningClock(OPEN)


async def prepared(pool: asyncpg.Pool, applicants: int) -> list[str]:
    """Let everybody have all pages written, and return where theirs are."""
    people = [f"A{number:03}" for number in range(1, applicants + 1)]
    typed = {person: json.dumps(EVERYTHING | {"about": person}) for person in people}
    await pool.copy_records_to_table(
        "draft",
        records=[(COHORT_ID, each, "mentor", f"{each}@example.org", typed[each], OPEN, OPEN) for each in people],
        columns=["cohort_id", "person_id", "side", "email", "answers", "began_at", "saved_at"],
    )
    made = {person: token(b"s" * 32, "personal", applicant_scope(COHORT_ID, person)) for person in people}
    await pool.copy_records_to_table(
        "personal_link",
        records=[(token_hash(each), COHORT_ID, person) for person, each in made.items()],
        columns=["token_hash", "cohort_id", "person_id"],
    )
    return [f"/a/{each}" for each in made.values()]


async def apply(client: httpx.AsyncClient, page: str) -> int:
    """Save the last page and submit everything, as a browser does; return what the second was answered."""
    saved = await client.post(f"{page}/form/5", data={"keep_apart": "Ada", "go": "on"})
    assert saved.status_code == 303
    return (await client.post(f"{page}/review")).status_code


async def assert_none_lost_and_none_late(
    pool: asyncpg.Pool, http_statuses: list[int], closed: datetime, *, late: ApplicationStatus | None
) -> None:
    stored = await pool.fetch(STORED)
    assert {row["apart"] for row in stored} == {"Ada"}
    for answer, row in zip(http_statuses, stored, strict=True):
        in_time = row["submitted_at"] is not None and row["submitted_at"] < closed
        assert row["status"] == (ApplicationStatus.ACCEPTED if in_time else late)
        assert row["about"] == (row["person_id"] if row["status"] else None)
        assert answer == (303 if row["status"] else 409)
    statuses = Counter(row["status"] for row in stored)
    assert 0 < statuses["accepted"] < len(stored)
    confirmed = await pool.fetchval("select count(*) from outbox where kind = 'application_received'")
    assert confirmed == len(stored) - statuses[None]


@pytest.mark.parametrize(
    ("waiting_list", "applicants"),
    [(True, APPLICANTS), (False, FEWER_APPLICANTS)],
    ids=["waiting list", "no waiting list"],
)
async def test_no_application_is_lost_or_taken_late_when_the_last_day_is_over(
    client: httpx.AsyncClient, pool: asyncpg.Pool, clock: RunningClock, *, waiting_list: bool, applicants: int
) -> None:
    await cohorts.save_settings(pool, settings(waiting_list=waiting_list), OPEN)
    pages, answered = await prepared(pool, applicants), itertools.count(1)

    async def apply_as_the_day_ends(page: str) -> int:
        answer = await apply(client, page)
        if next(answered) == applicants // 2:
            clock.time = CLOSES
        return answer

    http_statuses = await asyncio.gather(*map(apply_as_the_day_ends, pages))
    await assert_none_lost_and_none_late(
        pool, http_statuses, CLOSES, late=ApplicationStatus.WAITING if waiting_list else None
    )


async def test_no_application_is_lost_or_taken_late_when_staff_close_the_window(
    client: httpx.AsyncClient, pool: asyncpg.Pool, clock: RunningClock, database_url: str
) -> None:
    pages, answered, some_came = await prepared(pool, FEWER_APPLICANTS), itertools.count(1), asyncio.Event()

    async def close() -> datetime:
        # As staff's command does: over a connection of its own, the moment read once the settings are held.
        await some_came.wait()
        async with open_pool(database_url, size=1) as own, own.acquire() as db, db.transaction():
            await db.execute("select from cohort where id = $1 for update", COHORT_ID)
            moment = clock.now(COHORT_ID)
            await cohorts.save_settings(db, settings(closed_at=moment), moment)
        return moment

    async def apply_as_staff_close(page: str) -> int:
        answer = await apply(client, page)
        if next(answered) == FEWER_APPLICANTS // 10:
            some_came.set()
        return answer

    # The second half comes once the window is closed, so that there are late ones however long closing took.
    closing = asyncio.create_task(close())
    http_statuses = await asyncio.gather(*map(apply_as_staff_close, pages[: FEWER_APPLICANTS // 2]))
    closed = await closing
    http_statuses += await asyncio.gather(*map(apply_as_staff_close, pages[FEWER_APPLICANTS // 2 :]))
    await assert_none_lost_and_none_late(pool, http_statuses, closed, late=ApplicationStatus.WAITING)
