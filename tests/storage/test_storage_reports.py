"""The rows a report is made from: closed windows, the last answer in time, and nothing of other cohorts."""

from collections.abc import Callable
from datetime import datetime, timedelta

import asyncpg
import pytest

from domain.report import figures
from schemas.cohort import CohortSettings
from schemas.mentorship import Answer, Closing, Plan
from schemas.pages import NewResponse
from schemas.words import MilestoneKind, Side, WindowStatus
from storage import cohorts, reports
from storage.mentorships import close_milestone
from storage.responses import save_response

Respond = Callable[..., tuple[NewResponse, Answer]]
COHORT = "mile-2019"
CLOSING = Closing(milestone="check_in-1", mentor=WindowStatus.MET, mentee=WindowStatus.UNANSWERED)


async def test_only_closed_windows_are_reported(
    pool: asyncpg.Pool, mentorship: str, respond: Respond, now: datetime
) -> None:
    for milestone in ("check_in-1", "check_in-2"):
        await save_response(pool, *respond(milestone=milestone))
    await close_milestone(pool, mentorship, CLOSING, now)
    records = await reports.cohort_records(pool, COHORT)
    assert records.asked == {"check_in/mentor": 1, "check_in/mentee": 1}
    assert [(window.number, window.mentor, window.mentee) for window in records.windows] == [
        (1, WindowStatus.MET, WindowStatus.UNANSWERED)
    ]
    assert [(response.form, response.side) for response in records.responses] == [(MilestoneKind.CHECK_IN, Side.MENTOR)]


async def test_last_answer_before_the_close_is_the_one_reported(
    pool: asyncpg.Pool, mentorship: str, respond: Respond, drawn: Plan, now: datetime
) -> None:
    closes_at = drawn.milestone("check_in-1").closes_at
    await save_response(pool, *respond(status="not_yet", at=closes_at - timedelta(days=2)))
    await save_response(pool, *respond(status="planned", at=closes_at - timedelta(seconds=1)))
    await save_response(pool, *respond(status="met", at=closes_at))
    await close_milestone(pool, mentorship, CLOSING, now)
    (kept,) = (await reports.cohort_records(pool, COHORT)).responses
    assert kept.answers == {"status": "planned"}


@pytest.mark.usefixtures("mentorship")
async def test_other_cohort_has_rows_of_its_own(pool: asyncpg.Pool, settings: CohortSettings, now: datetime) -> None:
    other = settings.model_copy(update={"id": "mile-2021"})
    await cohorts.save_cohort(pool, other, (), (), now)
    records = await reports.cohort_records(pool, "mile-2021")
    assert (records.outcomes, records.windows, records.responses, records.asked) == ((), (), (), {})
    assert len((await reports.cohort_records(pool, COHORT)).outcomes) == 3


@pytest.mark.usefixtures("mentorship")
async def test_report_reads_back_and_a_later_one_replaces_it(pool: asyncpg.Pool, now: datetime) -> None:
    assert await reports.report(pool, COHORT) is None
    first = figures(await reports.cohort_records(pool, COHORT))
    await reports.save_report(pool, first, now)
    assert await reports.report(pool, COHORT) == first
    second = first.model_copy(update={"quotes": ("I learned to ask.",)})
    await reports.save_report(pool, second, now + timedelta(days=1))
    assert await reports.report(pool, COHORT) == second
