"""Mentorships as lists and reports read them: stored once, moved by later plans, closed for good."""

from datetime import date, datetime, timedelta

import asyncpg
import pytest

from domain.mentorship.plan import plan
from schemas.enums import MilestoneKind, Outcome, Phase, Side, StaffReason
from schemas.errors import Refusal, UnknownMentorship
from schemas.matching.results import MatchResult
from schemas.mentorship.messages import RecordProgress
from schemas.mentorship.responses import DueMilestone
from schemas.mentorship.state import Closing, Plan
from schemas.mentorship.terms import Terms
from storage import mentorships
from storage.mentorship_emails import known_mentorships

LATER = Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=date(2019, 6, 14))


async def test_pairs_are_numbered_by_participant(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...], result: MatchResult
) -> None:
    assert pairs == ("mile-2019-001", "mile-2019-002", "mile-2019-003")
    stored = {row["id"]: row for row in await mentorships.mentorships(pool, cohort)}
    expected = sorted((pair.mentee, pair.mentor, pair.score) for pair in result.pairs)
    assert [(stored[id_]["mentee_id"], stored[id_]["mentor_id"], stored[id_]["score"]) for id_ in pairs] == expected


async def test_pairs_saved_twice_are_the_same_pairs(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...], result: MatchResult, now: datetime
) -> None:
    before = await mentorships.mentorships(pool, cohort)
    later = now + timedelta(days=3)
    again = await mentorships.save_pairs(
        pool, cohort, result, starts_on=date(2019, 5, 13), ends_on=date(2020, 11, 13), now=later
    )
    assert again == pairs
    assert await mentorships.mentorships(pool, cohort) == before


async def test_pair_with_somebody_who_never_applied_stores_no_pair_at_all(
    pool: asyncpg.Pool, cohort: str, result: MatchResult, now: datetime
) -> None:
    stranger = result.pairs[0].model_copy(update={"mentee": "P99"})
    wrong = result.model_copy(update={"pairs": (*result.pairs[1:], stranger)})
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await mentorships.save_pairs(
            pool, cohort, wrong, starts_on=date(2019, 5, 10), ends_on=date(2020, 11, 10), now=now
        )
    assert await mentorships.mentorships(pool, cohort) == []


async def test_partners_are_the_pair_as_they_applied(pool: asyncpg.Pool, mentorship: str) -> None:
    pair = await mentorships.partners(pool, mentorship)
    assert (pair.mentor.id, pair.mentor.side) == ("M02", Side.MENTOR)
    assert (pair.mentee.id, pair.mentee.side) == ("P01", Side.MENTEE)
    assert pair.mentee.name == "Ása “P” O'Neil-Ng 1"
    assert pair.goals == ("Lead the weekly meeting", "Write a grant application")
    assert pair.cohort.id == "mile-2019"


async def test_unknown_mentorship_is_refused_by_name(pool: asyncpg.Pool) -> None:
    with pytest.raises(UnknownMentorship, match=r"There is no mentorship mile-2019-404\."):
        await mentorships.partners(pool, "mile-2019-404")


async def milestones_of(pool: asyncpg.Pool, mentorship: str) -> dict[str, DueMilestone]:
    [known] = await known_mentorships(pool, [mentorship])
    return {milestone.id: milestone for milestone in known.milestones}


async def test_plan_reads_back_as_due_milestones(pool: asyncpg.Pool, mentorship: str, drawn: Plan) -> None:
    due = await milestones_of(pool, mentorship)
    assert set(due) == {milestone.id for milestone in drawn.milestones}
    for milestone in drawn.milestones:
        stored = due[milestone.id]
        assert (stored.kind, stored.number, stored.closes_on) == (milestone.kind, milestone.number, milestone.closes_on)


async def test_later_plan_moves_what_is_open_and_nothing_that_closed(
    pool: asyncpg.Pool, mentorship: str, drawn: Plan, now: datetime
) -> None:
    closing = Closing(milestone="check_in-1")
    await mentorships.close_milestones(pool, mentorship, [closing], now)
    moved = plan(LATER, now)
    await mentorships.save_plan(pool, mentorship, moved, now)
    await mentorships.save_plan(pool, mentorship, moved, now)
    due = await milestones_of(pool, mentorship)
    assert due["check_in-1"].closes_on == drawn.milestone("check_in-1").closes_on
    assert due["check_in-2"].closes_on == moved.milestone("check_in-2").closes_on
    assert (await mentorships.partners(pool, mentorship)).ends_on == moved.ends_on == date(2020, 12, 14)


async def test_first_closing_of_a_milestone_stands(
    pool: asyncpg.Pool, cohort: str, mentorship: str, now: datetime
) -> None:
    closing = Closing(milestone="check_in-1", silent=(Side.MENTEE,))
    await mentorships.close_milestones(pool, mentorship, [closing], now)
    later_closing = closing.model_copy(update={"silent": ()})
    await mentorships.close_milestones(pool, mentorship, [later_closing], now + timedelta(days=1))
    rows = {row["id"]: row for row in await mentorships.milestones(pool, cohort)}
    stored = rows["check_in-1"]
    assert (stored["silent"], stored["closed_at"]) == ([Side.MENTEE], now)
    assert rows["check_in-2"]["closed_at"] is None


async def test_quarter_is_that_of_the_window_that_closes_next(
    pool: asyncpg.Pool, mentorship: str, drawn: Plan, pairs: tuple[str, ...]
) -> None:
    first, last = (drawn.milestone(f"check_in-{number}").closes_at for number in (1, 6))
    expected = {first - timedelta(seconds=1): 1, first: 2, last - timedelta(seconds=1): 6, last: 6}
    # The others have no plan yet.
    assert {at: await mentorships.quarters(pool, pairs, at) for at in expected} == {
        at: {mentorship: quarter} for at, quarter in expected.items()
    }


async def test_window_is_open_until_its_date_whether_or_not_its_close_was_recorded(
    pool: asyncpg.Pool, cohort: str, mentorship: str, drawn: Plan, now: datetime
) -> None:
    closes_at = drawn.milestone(MilestoneKind.CLOSURE_SURVEY).closes_at
    await pool.execute("update mentorship set outcome = 'completed', ended_at = $1", now)
    counts = [
        await mentorships.count_open(pool, cohort, MilestoneKind.CLOSURE_SURVEY, at)
        for at in (closes_at - timedelta(seconds=1), closes_at)
    ]
    assert counts == [1, 0]


async def test_mentorship_is_open_until_it_has_an_outcome(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...], now: datetime
) -> None:
    progress = RecordProgress(mentorship_id=pairs[0], phase=Phase.ENABLING, concerns=(StaffReason.SILENT,), now=now)
    await mentorships.record_progress(pool, progress)
    assert await mentorships.count_open(pool, cohort, MilestoneKind.FOLLOW_UP, now) == 3
    await mentorships.record_progress(pool, progress.model_copy(update={"outcome": Outcome.COMPLETED}))
    assert await mentorships.count_open(pool, cohort, MilestoneKind.FOLLOW_UP, now) == 2
    first, *others = await mentorships.mentorships(pool, cohort)
    stored = (first["phase"], first["concerns"], first["outcome"])
    assert stored == (Phase.ENABLING, [StaffReason.SILENT], Outcome.COMPLETED)
    assert {row["outcome"] for row in others} == {None}


async def test_other_pairs_under_the_ids_of_started_ones_are_refused(
    pool: asyncpg.Pool, cohort: str, pairs: tuple[str, ...], result: MatchResult, now: datetime
) -> None:
    before = await mentorships.mentorships(pool, cohort)
    first, second, *others = sorted(result.pairs, key=lambda pair: pair.mentee)
    swapped = (
        first.model_copy(update={"mentor": second.mentor}),
        second.model_copy(update={"mentor": first.mentor}),
        *others,
    )
    with pytest.raises(Refusal, match=f"{pairs[0]} is already another pair"):
        await mentorships.save_pairs(
            pool,
            cohort,
            result.model_copy(update={"pairs": swapped}),
            starts_on=date(2019, 5, 10),
            ends_on=date(2020, 11, 10),
            now=now,
        )
    assert await mentorships.mentorships(pool, cohort) == before
