"""Every way a mentorship can go and end: the exact list of its emails, over all its months.

The lists are in emails/: one line for each email, with local date and time, recipient, kind, and what it asks; a star
marks those that went out at once because somebody acted.
"""

from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from runtime.histories import billed_actions, count_events, fetch_runs
from schemas.enums import EndingReason, Outcome, Side
from schemas.mentorship.changes import (
    ChangeResult,
    EndRequest,
    ExtendRequest,
    PauseRequest,
    ReplaceRequest,
    ResumeRequest,
)
from storage import mentorships
from tests.workflows.one_pair import FAR, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
BOTH = (Side.MENTOR, Side.MENTEE)
LISTS = Path(__file__).parent / "emails"
# Each answer is a signal of its own here; benchmarks/mentorship.py answers in steps.
MOST_EVENTS, MOST_ACTIONS = 1500, 200


def expected(name: str) -> list[str]:
    return (LISTS / f"{name}.txt").read_text().splitlines()


async def row_of(pair: OnePair) -> dict[str, object]:
    rows = await mentorships.mentorships(pair.environment.pool, pair.folder.settings.id)
    return dict(next(row for row in rows if row["id"] == pair.mentorship))


async def test_a_pair_that_answers_everything_completes(one_pair: Begin) -> None:
    pair = await one_pair("answers-all")
    where = await pair.run_until(FAR, answering=BOTH)
    assert where.outcome is Outcome.COMPLETED
    assert await pair.email_lines() == expected("answers-all")
    runs = await fetch_runs(pair.environment.client, pair.handle.id)
    assert count_events(runs) < MOST_EVENTS
    assert billed_actions(runs) < MOST_ACTIONS


async def test_a_pair_that_never_answers_completes_as_forecast_on_its_first_day(one_pair: Begin) -> None:
    pair = await one_pair("silent")
    await pair.progress_at()
    ahead = await pair.forecast()
    where = await pair.run_until(FAR)
    assert await pair.sent_emails() == ahead
    assert len(ahead) == 71
    assert (where.outcome, await pair.handle.result()) == (Outcome.COMPLETED, Outcome.COMPLETED)
    assert await pair.email_lines() == expected("silent")
    row = await row_of(pair)
    assert (row["outcome"], row["phase"], row["concerns"]) == ("completed", "after", [])


async def test_a_mentorship_that_ends_early_says_goodbye_at_once(one_pair: Begin) -> None:
    pair = await one_pair("ends-early")
    await pair.on(date(2019, 12, 10), answering=BOTH)
    request = EndRequest(outcome=Outcome.ENDED_EARLY, reason=EndingReason.GOALS_REACHED)
    assert (await pair.staff("end", request, ChangeResult)).ends_on == date(2019, 12, 10)
    where = await pair.run_until(FAR, answering=BOTH)
    assert where.outcome is Outcome.ENDED_EARLY
    assert await pair.email_lines() == expected("ends-early")


async def test_a_mentor_who_withdraws_is_followed_by_another(one_pair: Begin) -> None:
    pair = await one_pair("replaced")
    await pair.on(date(2019, 10, 8), answering=BOTH)
    changed = await pair.staff("replace", ReplaceRequest(mentor="M02"), ChangeResult)
    assert changed.successor == "replaced-002"
    follower = await pair.successor(changed.successor)
    assert (await pair.run_until(FAR)).outcome is Outcome.MENTOR_WITHDREW
    where = await follower.run_until(FAR, answering=BOTH)
    assert (where.outcome, where.ends_on) == (Outcome.COMPLETED, date(2020, 11, 10))
    assert await pair.email_lines() == expected("replaced-first")
    assert await follower.email_lines() == expected("replaced-second")


async def test_a_mentor_who_withdraws_may_be_followed_later(one_pair: Begin) -> None:
    pair = await one_pair("replaced-later")
    await pair.on(date(2019, 10, 8))
    await pair.staff("end", EndRequest(outcome=Outcome.MENTOR_WITHDREW, reason=EndingReason.TIME), ChangeResult)
    await pair.on(date(2019, 10, 15))
    changed = await pair.staff("replace", ReplaceRequest(mentor="M02"), ChangeResult)
    assert changed.successor == "replaced-later-002"
    assert (await pair.run_until(FAR)).outcome is Outcome.MENTOR_WITHDREW
    assert await pair.email_lines() == expected("mentor-withdrew")


async def test_a_mentee_may_withdraw(one_pair: Begin) -> None:
    pair = await one_pair("mentee-withdraws")
    await pair.on(date(2020, 2, 17), answering=BOTH)
    await pair.staff(
        "end", EndRequest(outcome=Outcome.MENTEE_WITHDREW, reason=EndingReason.CIRCUMSTANCES), ChangeResult
    )
    assert (await pair.run_until(FAR)).outcome is Outcome.MENTEE_WITHDREW
    assert await pair.email_lines() == expected("mentee-withdraws")


async def test_a_pause_puts_everything_off_and_is_over_by_itself(one_pair: Begin) -> None:
    pair = await one_pair("pauses")
    await pair.on(date(2019, 10, 25))
    request = PauseRequest(from_on=date(2019, 10, 28), until_on=date(2019, 12, 9))
    assert (await pair.staff("pause", request, ChangeResult)).ends_on == date(2020, 12, 22)
    assert (await pair.run_until(FAR)).outcome is Outcome.COMPLETED
    assert await pair.email_lines() == expected("pauses")


async def test_a_new_plan_ends_the_quarter_whose_check_in_closed_without_a_timer(one_pair: Begin) -> None:
    pair = await one_pair("new-plan")
    # The window closed on August 10, and the next email leaves in September.
    where = await pair.on(date(2019, 8, 20), answering=BOTH)
    assert (where.next_due_at or FAR).date() > date(2019, 9, 1)
    assert len(await fetch_runs(pair.environment.client, pair.handle.id)) == 1
    await pair.staff("extend", ExtendRequest(months=1), ChangeResult)
    await pair.progress_at()
    assert len(await fetch_runs(pair.environment.client, pair.handle.id)) == 2
    [row] = await pair.environment.pool.fetch(
        "select closed_at, silent from milestone where mentorship_id = $1 and id = 'check_in-1'", pair.mentorship
    )
    assert (row["closed_at"].date(), row["silent"]) == (date(2019, 8, 20), [])


async def test_a_pause_may_be_over_sooner(one_pair: Begin) -> None:
    pair = await one_pair("resumes")
    await pair.on(date(2019, 10, 25))
    await pair.staff("pause", PauseRequest(from_on=date(2019, 10, 28), until_on=date(2019, 12, 9)), ChangeResult)
    await pair.on(date(2019, 11, 5))
    assert (await pair.staff("resume", ResumeRequest(), ChangeResult)).ends_on == date(2020, 11, 19)
    assert (await pair.run_until(FAR)).outcome is Outcome.COMPLETED
    assert await pair.email_lines() == expected("resumes")


@pytest.mark.parametrize("on", [date(2020, 3, 2), date(2020, 11, 4)], ids=["early", "in-its-last-week"])
async def test_an_extension_puts_off_the_end(one_pair: Begin, on: date) -> None:
    name = f"extended-{on:%Y-%m}"
    pair = await one_pair(name)
    await pair.on(on)
    assert (await pair.staff("extend", ExtendRequest(months=3), ChangeResult)).ends_on == date(2021, 2, 10)
    assert (await pair.run_until(FAR)).outcome is Outcome.COMPLETED
    assert await pair.email_lines() == expected(name)
