"""A pair that finds a date on its page is invited, and whoever proposed it is asked the day after; on the real engine.

The 18 months of such a pair are in tests/integration/test_planned_meetings.py.
"""

from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.calendar import local_time
from storage import meetings
from tests.workflows.meeting_journey import CHICAGO, DAYS, MENTEE, MENTOR, asked_the_day_after, asks_about, begun
from tests.workflows.one_pair import OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


async def test_pair_that_agrees_on_a_date_is_invited_and_asked_the_day_after(one_pair: Begin) -> None:
    journey = await begun(await one_pair("one-planned"))
    await journey.pair.on(DAYS[0] - timedelta(days=21), answering=(MENTOR, MENTEE))
    before = len(await journey.pair.emails())
    at = await journey.find_date(DAYS[0])
    for side in (MENTOR, MENTEE):
        assert [event.start for event in (await journey.calendar(side)).values()] == [at]
    asked = await asked_the_day_after(journey, 1, DAYS[0], MENTEE)
    assert str(asked["Subject"]) == "MILE mentorship: did you meet on June 26?"
    # The invitation took the place of the email before the meeting.
    assert not [row for row in (await journey.pair.emails())[before:] if asks_about(row, 1, 0)]
    dates = await meetings.dates(journey.pair.environment.pool, journey.pair.mentorship)
    assert [date.milestone_id for date in dates.values()] == ["meeting-1"]


async def test_times_that_nobody_chooses_leave_the_plan_as_it_was(one_pair: Begin) -> None:
    journey = await begun(await one_pair("none-chosen"))
    before = await journey.pair.forecast()
    value = local_time(DAYS[0], time(15), str(CHICAGO)).strftime("%Y%m%dT%H%MZ")
    await journey.post(MENTEE, "meetings/find", times=value, minutes="30")
    assert await journey.pair.forecast() == before
    await journey.pair.on(date(2019, 6, 18), time(10), answering=(MENTOR, MENTEE))
    [asked] = [row for row in await journey.pair.emails() if asks_about(row, 1, 0) and row["recipient"] == "mentor"]
    assert asked["due_at"] == datetime(2019, 6, 18, 14, tzinfo=UTC)
