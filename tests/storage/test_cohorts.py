"""A cohort is stored whole or not at all, and storing it twice is storing it once."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest

from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import CohortStage
from schemas.errors import Refusal, UnknownCohort
from schemas.matching.results import MatchResult
from storage import cohorts

Mentors = tuple[MentorApplication, ...]
Mentees = tuple[MenteeApplication, ...]


async def test_cohort_reads_back_as_it_was_written(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings, mentors: Mentors, mentees: Mentees
) -> None:
    assert await cohorts.cohort_settings(pool, cohort) == settings
    assert await cohorts.mentors(pool, cohort) == mentors
    assert await cohorts.mentees(pool, cohort) == mentees


async def test_same_import_twice_is_one(
    *, pool: asyncpg.Pool, cohort: str, settings: CohortSettings, mentors: Mentors, mentees: Mentees, now: datetime
) -> None:
    await cohorts.set_stage(pool, cohort, CohortStage.RUNNING, now)
    before = await pool.fetch("select * from application order by person_id")
    await cohorts.save_cohort(pool, settings, mentors, mentees, now)
    assert await pool.fetch("select * from application order by person_id") == before
    assert await pool.fetchval("select stage from cohort") == CohortStage.RUNNING


async def test_import_with_one_unusable_application_leaves_nothing_behind(
    pool: asyncpg.Pool, settings: CohortSettings, mentors: Mentors, mentees: Mentees, now: datetime
) -> None:
    twin = mentees[2].model_copy(update={"email": mentors[0].email.upper()})
    with pytest.raises(Refusal, match="P03 has an address that someone else"):
        await cohorts.save_cohort(pool, settings, mentors, (mentees[0], twin, mentees[1]), now)
    assert await pool.fetchval("select count(*) from application") == 0
    with pytest.raises(UnknownCohort, match=r"There is no cohort mile-2019\."):
        await cohorts.cohort_settings(pool, settings.id)


async def test_failed_second_import_leaves_the_first_untouched(
    *, pool: asyncpg.Pool, cohort: str, settings: CohortSettings, mentors: Mentors, mentees: Mentees, now: datetime
) -> None:
    renamed = settings.model_copy(update={"title": "Another title"})
    twin = mentees[2].model_copy(update={"email": mentors[0].email})
    with pytest.raises(Refusal, match="P03 has an address that someone else"):
        await cohorts.save_cohort(pool, renamed, mentors, (mentees[0], twin), now)
    assert await cohorts.cohort_settings(pool, cohort) == settings
    assert await cohorts.mentees(pool, cohort) == mentees


async def test_person_never_changes_sides_by_an_import(
    *, pool: asyncpg.Pool, cohort: str, settings: CohortSettings, mentors: Mentors, mentees: Mentees, now: datetime
) -> None:
    turncoat = mentees[0].model_copy(update={"id": mentors[0].id, "email": mentors[0].email})
    with pytest.raises(Refusal, match="M01 is a mentor of mile-2019"):
        await cohorts.save_cohort(pool, settings, (), (turncoat,), now)
    assert await cohorts.mentors(pool, cohort) == mentors


async def test_same_match_run_saved_at_once_by_many_is_one_run(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    runs = await asyncio.gather(*(cohorts.save_match_run(pool, cohort, result, now) for _ in range(10)))
    assert set(runs) == {1}
    assert await pool.fetchval("select count(*) from match_run") == 1


async def test_different_match_runs_saved_at_once_are_numbered_one_by_one(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    different = [result.model_copy(update={"inputs_sha256": f"{number:064}"}) for number in range(8)]
    runs = await asyncio.gather(*(cohorts.save_match_run(pool, cohort, run_result, now) for run_result in different))
    assert sorted(runs) == list(range(1, 9))


async def test_a_run_published_again_counts_from_then_on(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    run = await cohorts.save_match_run(pool, cohort, result, now)
    with pytest.raises(Refusal, match="no published matches yet"):
        await cohorts.published_matches(pool, cohort)
    assert await cohorts.publish_match_run(pool, cohort, run, now) == result
    assert await cohorts.publish_match_run(pool, cohort, run, now + timedelta(days=1)) == result
    assert await pool.fetchval("select published_at from match_run") == now + timedelta(days=1)
    assert await cohorts.published_matches(pool, cohort) == result


async def test_run_published_last_is_the_one_that_counts(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    better = result.model_copy(update={"inputs_sha256": "2e" * 32, "total": 22000})
    for run_result in (result, better):
        await cohorts.publish_match_run(pool, cohort, await cohorts.save_match_run(pool, cohort, run_result, now), now)
    assert await cohorts.published_matches(pool, cohort) == better


async def test_run_that_does_not_exist_cannot_be_published(pool: asyncpg.Pool, cohort: str, now: datetime) -> None:
    with pytest.raises(Refusal, match="has no match run 4"):
        await cohorts.publish_match_run(pool, cohort, 4, now)
