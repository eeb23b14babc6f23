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


async def test_milestone_is_stored_as_it_is_planned(
    pool: asyncpg.Pool, cohort: str, mentorship: str, drawn: Plan
) -> None:
    stored = {row["id"]: row for row in await mentorships.milestones(pool, cohort)}
    for milestone in drawn.milestones:
        row = stored[milestone.id]
        assert (row["kind"], row["number"], row["asked"]) == (milestone.kind, milestone.number, list(milestone.asked))
        assert (row["opens_on"], row["closes_on"]) == (milestone.opens_on, milestone.closes_on)
        moments = (row["opens_at"], row["closes_at"], row["open_until"])
        assert moments == (milestone.opens_at, milestone.closes_at, milestone.open_until)
        assert row["dropped_at"] is None
    assert stored["agreement"]["open_until"] == drawn.ends_at
    assert stored["check_in-1"]["asked"] == [Side.MENTOR, Side.MENTEE]


async def test_page_of_a_closed_milestone_stays_open_until_the_end_as_a_later_plan_has_it(
    pool: asyncpg.Pool, cohort: str, mentorship: str, drawn: Plan, now: datetime
) -> None:
    await mentorships.close_milestones(pool, mentorship, [Closing(milestone="agreement")], now)
    moved = plan(LATER, now)
    await mentorships.save_plan(pool, mentorship, moved, now)
    stored = {row["id"]: row for row in await mentorships.milestones(pool, cohort)}
    assert stored["agreement"]["closes_at"] == drawn.milestone("agreement").closes_at
    assert stored["agreement"]["open_until"] == moved.ends_at != drawn.ends_at
    assert stored["check_in-1"]["open_until"] is None


async def test_milestone_that_a_later_plan_lacks_is_dropped_until_another_plan_has_it(
    pool: asyncpg.Pool, cohort: str, mentorship: str, drawn: Plan, now: datetime
) -> None:
    await mentorships.close_milestones(pool, mentorship, [Closing(milestone="check_in-1")], now)
    lacking = {"check_in-1", "check_in-2", "agreement"}
    kept = tuple(milestone for milestone in drawn.milestones if milestone.id not in lacking)
    await mentorships.save_plan(pool, mentorship, drawn.model_copy(update={"milestones": kept}), now)
    rows = {row["id"]: row for row in await mentorships.milestones(pool, cohort)}
    assert {id_: row["dropped_at"] for id_, row in rows.items() if row["dropped_at"]} == {
        "check_in-2": now,
        "agreement": now,
    }
    assert rows["agreement"]["open_until"] is None
    await mentorships.save_plan(pool, mentorship, drawn, now)
    rows = {row["id"]: row for row in await mentorships.milestones(pool, cohort)}
    assert {row["dropped_at"] for row in rows.values()} == {None}
    assert rows["agreement"]["open_until"] == drawn.ends_at


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
