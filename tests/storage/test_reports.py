"""The rows a report is made from: closed windows, the last answer in time, and nothing of other cohorts."""

from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import pytest

from domain.report.figures import make_report
from schemas.cohort.opportunities import NewOpportunity
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side, WindowStatus
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, Plan
from storage import cohorts, opportunities, reports
from storage.agreements import save_agreement
from storage.mentorships import save_plan
from storage.responses import save_response

Respond = Callable[..., tuple[NewResponse, Answer]]
COHORT = "mile-2019"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


async def agree(
    pool: asyncpg.Pool, mentorship: str, version: int, mentor: datetime | None, mentee: datetime | None
) -> None:
    await pool.execute(
        "insert into agreement "
        "(mentorship_id, version, contents, written_at, mentor_confirmed_at, mentee_confirmed_at) "
        "values ($1, $2, '{}', $3, $4, $5)",
        mentorship,
        version,
        mentor or mentee,
        mentor,
        mentee,
    )


async def test_only_windows_that_are_over_are_reported_whether_or_not_their_close_was_recorded(
    pool: asyncpg.Pool, mentorship: str, respond: Respond, drawn: Plan
) -> None:
    for milestone in ("check_in-1", "check_in-2"):
        await save_response(pool, *respond(milestone=milestone))
    closes_at = drawn.milestone("check_in-1").closes_at
    before = await reports.cohort_records(pool, COHORT, closes_at - SECOND)
    assert (before.windows, before.responses, "check_in/mentor" in before.asked) == ((), (), False)
    records = await reports.cohort_records(pool, COHORT, closes_at)
    assert (records.asked["check_in/mentor"], records.asked["check_in/mentee"]) == (1, 1)
    assert records.asked["first_contact/mentor"] == 1
    assert [(window.number, window.mentor, window.mentee) for window in records.windows] == [
        (1, WindowStatus.MET, WindowStatus.UNANSWERED)
    ]
    assert [(response.form, response.side) for response in records.responses] == [(MilestoneKind.CHECK_IN, Side.MENTOR)]


async def test_window_that_was_dropped_before_it_closed_was_not_asked_about(
    pool: asyncpg.Pool, mentorship: str, drawn: Plan
) -> None:
    closes_at = drawn.milestone("check_in-2").closes_at
    dropped = "update milestone set dropped_at = $3 where mentorship_id = $1 and id = $2"
    await pool.execute(dropped, mentorship, "check_in-1", drawn.milestone("check_in-1").closes_at)
    await pool.execute(dropped, mentorship, "check_in-2", closes_at - SECOND)
    records = await reports.cohort_records(pool, COHORT, closes_at)
    assert [window.number for window in records.windows] == [1]
    assert records.asked["check_in/mentor"] == 1


@pytest.mark.usefixtures("mentorship")
async def test_last_answer_before_the_close_is_the_one_reported(
    pool: asyncpg.Pool, respond: Respond, drawn: Plan
) -> None:
    closes_at = drawn.milestone("check_in-1").closes_at
    await save_response(pool, *respond(status="not_yet", at=closes_at - timedelta(days=2)))
    await save_response(pool, *respond(status="planned", at=closes_at - SECOND))
    await save_response(pool, *respond(status="met", at=closes_at))
    records = await reports.cohort_records(pool, COHORT, closes_at)
    (stored,) = records.responses
    assert stored.answers == {"status": "planned"}
    assert [window.mentor for window in records.windows] == [WindowStatus.PLANNED]


@pytest.mark.usefixtures("mentorship")
async def test_answer_from_before_a_window_opened_says_nothing_of_it(
    pool: asyncpg.Pool, respond: Respond, drawn: Plan
) -> None:
    window = drawn.milestone("check_in-1")
    await save_response(pool, *respond(status="met", at=window.opens_at - SECOND))
    records = await reports.cohort_records(pool, COHORT, window.closes_at)
    assert [said.mentor for said in records.windows] == [WindowStatus.UNANSWERED]


@pytest.mark.usefixtures("mentorship")
async def test_other_cohort_has_rows_of_its_own(pool: asyncpg.Pool, settings: CohortSettings, now: datetime) -> None:
    other_cohort = settings.model_copy(update={"id": "mile-2021"})
    await cohorts.save_cohort(pool, other_cohort, (), (), now)
    records = await reports.cohort_records(pool, "mile-2021", now)
    assert (records.outcomes, records.windows, records.responses, records.asked) == ((), (), (), {})
    assert len((await reports.cohort_records(pool, COHORT, now)).outcomes) == 3


@pytest.mark.usefixtures("mentorship")
async def test_report_reads_back_and_a_later_one_replaces_it(pool: asyncpg.Pool, now: datetime) -> None:
    assert await reports.report(pool, COHORT) is None
    first = make_report(await reports.cohort_records(pool, COHORT, now))
    await reports.save_report(pool, first, now)
    assert await reports.report(pool, COHORT) == first
    second = first.model_copy(update={"quotes": ("I learned to ask.",)})
    await reports.save_report(pool, second, now + timedelta(days=1))
    assert await reports.report(pool, COHORT) == second


async def test_responses_say_whose_they_are_and_which_time_it_was(
    pool: asyncpg.Pool, mentorship: str, respond: Respond, drawn: Plan
) -> None:
    for side in Side:
        await save_response(pool, *respond(side, "check_in-2"))
    stored = (await reports.cohort_records(pool, COHORT, drawn.milestone("check_in-2").closes_at)).responses
    assert sorted((record.side, record.person, record.number, record.mentorship) for record in stored) == [
        (Side.MENTEE, "P01", 2, mentorship),
        (Side.MENTOR, "M02", 2, mentorship),
    ]


async def test_drafts_of_an_agreement_are_neither_asked_for_nor_answered(
    pool: asyncpg.Pool, mentorship: str, drawn: Plan
) -> None:
    draft = NewResponse(
        link=Link(mentorship_id=mentorship, milestone="agreement", side=Side.MENTEE),
        form=MilestoneKind.AGREEMENT,
        answers={"goal_1": "Lead the weekly meeting"},
        received_at=drawn.milestone("agreement").opens_at,
        version=0,
    )
    assert (await save_agreement(pool, draft)).changed
    records = await reports.cohort_records(pool, COHORT, drawn.milestone("agreement").closes_at)
    assert (records.responses, records.agreements) == ((), ())
    assert [asked for asked in records.asked if asked.startswith("agreement")] == []


async def test_agreement_counts_from_the_day_both_first_agreed_to_the_same_words(
    pool: asyncpg.Pool, mentorship: str, now: datetime
) -> None:
    await agree(pool, mentorship, 1, now + 9 * DAY, None)
    await agree(pool, mentorship, 2, now + 12 * DAY, now + 20 * DAY)
    await agree(pool, mentorship, 3, now + 80 * DAY, now + 70 * DAY)
    (first,) = (await reports.cohort_records(pool, COHORT, now)).agreements
    assert (first.days, first.in_time) == (20, True)


@pytest.mark.parametrize("in_time", [True, False])
async def test_agreement_is_in_time_until_the_local_day_it_is_due_is_over(
    pool: asyncpg.Pool, mentorship: str, now: datetime, *, in_time: bool
) -> None:
    # It is 8:00 in Minnesota on kickoff day, so that the next day begins there sixteen hours later.
    at = now + 42 * DAY + timedelta(hours=16, minutes=-1 if in_time else 0)
    await agree(pool, mentorship, 1, now, at)
    (agreement,) = (await reports.cohort_records(pool, COHORT, now)).agreements
    assert (agreement.days, agreement.in_time) == (42 if in_time else 43, in_time)


async def test_successor_counts_its_own_days_and_marks_its_predecessor_as_replaced(
    pool: asyncpg.Pool, pairs: tuple[str, ...], mentorship: str, drawn: Plan, now: datetime
) -> None:
    await pool.execute("update mentorship set outcome = 'mentor_withdrew' where id <> $1", pairs[1])
    later = now + 150 * DAY
    await pool.execute(
        "update mentorship set predecessor_id = $1, starts_on = $2 where id = $3", mentorship, later.date(), pairs[1]
    )
    await save_plan(pool, pairs[1], drawn, now)
    await agree(pool, pairs[1], 1, later + 3 * DAY, later + 5 * DAY)
    records = await reports.cohort_records(pool, COHORT, now)
    assert (records.outcomes, records.replaced) == (("mentor_withdrew", None, "mentor_withdrew"), 1)
    assert [record.days for record in records.agreements] == [5]
    shown = make_report(records).outcomes
    assert shown == {"replaced": 1, "running": 1, "parted": 1}


@pytest.mark.usefixtures("mentorship")
async def test_openings_count_once_for_each_who_took_part_and_took_one_up(pool: asyncpg.Pool, now: datetime) -> None:
    opening = NewOpportunity(area="involvement", title="Chair", closes_on=now.date())
    numbers = [await opportunities.add_opportunity(pool, COHORT, opening, now) for _ in range(2)]
    (person, other), *_ = await pool.fetch("select mentor_id, mentee_id from mentorship order by id")
    for who, number in ((person, numbers[0]), (person, numbers[1]), (other, numbers[1]), ("M99", numbers[0])):
        await opportunities.take_up(pool, COHORT, who, number, now)
    records = await reports.cohort_records(pool, COHORT, now)
    assert (records.recommended, records.took_up) == (2, (person, other))
