"""Settings are changed at one moment: each application comes wholly before it or wholly after it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime

import asyncpg
import pytest

from domain.applications.window_changes import close_window, extend_window
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.errors import Refusal, UnknownCohort
from storage import cohorts
from tests.locks import until_held_up

NOW = datetime(2019, 3, 1, 15, tzinfo=UTC)
WINDOW = ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 4, 1))


@pytest.fixture
async def taking(pool: asyncpg.Pool, settings: CohortSettings) -> str:
    """The id of a cohort that takes applications."""
    await cohorts.save_settings(pool, settings.model_copy(update={"applications": WINDOW}), NOW)
    return settings.id


async def test_the_moment_of_closing_is_read_after_the_last_application_before_it(
    pool: asyncpg.Pool, taking: str
) -> None:
    read: list[datetime] = []

    def clock() -> datetime:
        read.append(NOW)
        return NOW

    async with pool.acquire() as applicant, applicant.transaction():
        await applicant.execute("select settings from cohort where id = $1 for share", taking)
        closing = asyncio.create_task(cohorts.change_settings(pool, taking, close_window, clock))
        await until_held_up(pool, closing)
        assert read == []
    _, after = await closing
    assert read == [NOW]
    assert after.applications_close_at == NOW
    assert await cohorts.cohort_settings(pool, taking) == after


async def test_simultaneous_changes_of_settings_are_serialized(pool: asyncpg.Pool, taking: str) -> None:
    days = [date(2019, 4, day) for day in range(2, 12)]
    changes = (cohorts.change_settings(pool, taking, _until(day), lambda: NOW) for day in days)
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert all(isinstance(outcome, tuple | Refusal) for outcome in outcomes)
    assert (await cohorts.cohort_settings(pool, taking)).applications == WINDOW.model_copy(
        update={"closes_on": days[-1]}
    )


def _until(day: date) -> Callable[[CohortSettings, datetime], CohortSettings]:
    return lambda settings, now: extend_window(settings, day, now)


async def test_what_changes_nothing_writes_nothing(pool: asyncpg.Pool, taking: str) -> None:
    before = await pool.fetchval("select xmin::text from cohort")
    await cohorts.change_settings(pool, taking, lambda settings, _: settings, lambda: NOW)
    assert await pool.fetchval("select xmin::text from cohort") == before
    with pytest.raises(UnknownCohort):
        await cohorts.change_settings(pool, "nowhere", close_window, lambda: NOW)
