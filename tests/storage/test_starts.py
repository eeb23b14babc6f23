"""Starting a cohort's mentorships: numbers that stay, who waits, and how far the start has come."""

from datetime import date, datetime, timedelta

import asyncpg
import pytest

from schemas.cohort.settings import CohortSettings, ProposalSettings
from schemas.kickoff.start import StartProgress
from schemas.matching.results import MatchResult, Pair
from storage import cohorts, mentorships, starts

DAYS = {"starts_on": date(2019, 5, 10), "ends_on": date(2020, 11, 10)}


@pytest.fixture
async def published(pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime) -> MatchResult:
    """The three pairs, published."""
    return await _publish(pool, cohort, result, now)


async def _publish(pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime) -> MatchResult:
    run = await cohorts.save_match_run(pool, cohort, result, now)
    return await cohorts.publish_match_run(pool, cohort, run, now)


def _only(result: MatchResult, *mentees: str) -> MatchResult:
    pairs = tuple(pair for pair in result.pairs if pair.mentee in mentees)
    return result.model_copy(update={"pairs": pairs})


async def test_pairs_that_come_later_are_numbered_after_those_that_are_there(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    late = await mentorships.save_pairs(pool, cohort, _only(result, "P02", "P03"), **DAYS, now=now)
    assert late == ("mile-2019-001", "mile-2019-002")
    everybody = await mentorships.save_pairs(pool, cohort, result, **DAYS, now=now)
    assert everybody == ("mile-2019-003", "mile-2019-001", "mile-2019-002")
    by_pair = await mentorships.mentorship_ids(pool, cohort)
    assert by_pair == {
        ("M03", "P02"): "mile-2019-001",
        ("M01", "P03"): "mile-2019-002",
        ("M02", "P01"): "mile-2019-003",
    }


async def test_the_thousandth_pair_follows_on_the_last(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    await mentorships.save_pairs(pool, cohort, _only(result, "P01"), **DAYS, now=now)
    await pool.execute(
        """
        insert into application (cohort_id, side, person_id, email, answers)
        select 'mile-2019', 'mentee', 'Q' || n, 'q' || n || '@example.org', '{}' from generate_series(1, 999) n
        """
    )
    pairs = tuple(Pair(mentee=f"Q{number}", mentor="M03", score=5000) for number in range(1, 1000))
    ids = await mentorships.save_pairs(pool, cohort, result.model_copy(update={"pairs": pairs}), **DAYS, now=now)
    assert (ids[0], max(ids, key=len), len(set(ids))) == ("mile-2019-002", "mile-2019-1000", 999)


async def test_start_progress_is_read_from_the_rows(
    pool: asyncpg.Pool, cohort: str, published: MatchResult, now: datetime
) -> None:
    assert await starts.start_progress(pool, cohort) == StartProgress(started=0, waiting=3, held_back=0)
    ids = await mentorships.save_pairs(pool, cohort, _only(published, "P01", "P03"), **DAYS, now=now)
    assert [(start.id, start.goals) for start in await starts.pending_starts(pool, cohort)] == [
        (ids[0], 2),
        (ids[1], 2),
    ]
    await starts.set_started(pool, ids[:1], now)
    assert await starts.start_progress(pool, cohort) == StartProgress(started=1, waiting=2, held_back=0)
    assert [start.id for start in await starts.pending_starts(pool, cohort)] == [ids[1]]


async def test_the_first_moment_of_a_start_stands(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...], now: datetime
) -> None:
    await starts.set_started(pool, pairs, now)
    await starts.set_started(pool, pairs, now + timedelta(days=1))
    moments = {row["started_at"] for row in await mentorships.mentorships(pool, cohort)}
    assert moments == {now}


async def test_an_absent_mentee_is_held_back_and_an_absent_mentor_is_not(
    pool: asyncpg.Pool, cohort: str, published: MatchResult, now: datetime
) -> None:
    absent = "insert into attendance values ('mile-2019', $1, false, $2)"
    await pool.execute(absent, "P01", now)
    await pool.execute(absent, "M03", now)
    assert await starts.start_progress(pool, cohort) == StartProgress(started=0, waiting=2, held_back=1)


async def test_a_match_that_is_not_final_is_held_back_where_both_sides_are_asked(
    pool: asyncpg.Pool, cohort: str, settings: CohortSettings, published: MatchResult, now: datetime
) -> None:
    await cohorts.save_settings(pool, settings.model_copy(update={"proposals": ProposalSettings()}), now)
    await pool.execute(
        """
        insert into proposal
            (cohort_id, mentor_id, mentee_id, run, proposed_at, mentor_answer, mentee_answer, confirmed_at)
        values
            ('mile-2019', 'M02', 'P01', 1, $1, 'committed', 'committed', null),
            ('mile-2019', 'M03', 'P02', 1, $1, 'committed', null, null),
            ('mile-2019', 'M01', 'P03', 1, $1, null, null, $1)
        """,
        now,
    )
    assert await starts.start_progress(pool, cohort) == StartProgress(started=0, waiting=2, held_back=1)


async def test_whoever_was_taken_over_by_another_mentor_waits_for_nobody(
    pool: asyncpg.Pool, cohort: str, published: MatchResult, now: datetime
) -> None:
    ids = await mentorships.save_pairs(pool, cohort, published, **DAYS, now=now)
    await mentorships.save_successor(pool, ids[0], "M03", score=5000, starts_on=date(2019, 9, 1), now=now)
    await starts.set_started(pool, ids, now)
    assert await starts.start_progress(pool, cohort) == StartProgress(started=3, waiting=1, held_back=0)
    assert await starts.pending_starts(pool, cohort) == ()
