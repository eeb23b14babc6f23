"""A pair of Chicago and Phoenix plans every meeting of its 18 months on its page, on the real engine.

What each of them writes where the other may not look is searched for in all that the other gets, and what each of them
is emailed is counted.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from schemas.enums import Side
from storage import meetings
from tests.workflows.conftest import (  # noqa: F401 - they are fixtures
    environment,
    inbox,
    keep_history,
    mile_2019,
    one_pair,
    stack,
)
from tests.workflows.meeting_journey import (
    CHICAGO,
    DAYS,
    MENTEE,
    MENTOR,
    PHOENIX,
    PRIVATE,
    asked_the_day_after,
    begun,
    parts_of,
)
from tests.workflows.one_pair import FAR, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


async def test_pair_that_plans_every_meeting_on_its_page_is_invited_and_asked_the_day_after_each(
    one_pair: Begin,  # noqa: F811
) -> None:
    journey = await begun(await one_pair("all-planned"))
    pair, planned = journey.pair, []
    await journey.post(MENTEE, "call", about="call", words=PRIVATE[0])
    for number, first in enumerate(DAYS, start=1):
        day = first
        await pair.on(day - timedelta(days=21), answering=(MENTOR, MENTEE))
        at = await journey.find_date(day)
        if number == 2:
            day += timedelta(days=7)
            at = await journey.find_date(day, step=f"meeting-{number}/move", by=MENTOR)
        if number == 3:
            await journey.post(MENTOR, f"meetings/meeting-{number}/cancel", seen="1")
            assert at not in [event.start for event in (await journey.calendar(MENTOR)).values()]
            at = await journey.find_date(day, by=MENTOR)
        planned.append(at)
        await asked_the_day_after(journey, number, day, MENTOR if number in (2, 3) else MENTEE)
        await pair.answer(MENTEE, f"meeting-{number}", held="held", held_on=f"{day}", takeaway=PRIVATE[1])
        if number == 1:
            await pair.on(date(2019, 7, 24), answering=(MENTOR, MENTEE))
            await pair.answer(MENTEE, "check_in-1", status="met", note_to_self=PRIVATE[2])
    dates = await meetings.dates(pair.environment.pool, pair.mentorship)
    assert [date.milestone_id for date in dates.values()] == [f"meeting-{number}" for number in range(1, 7)]
    for side in Side:
        kept = await journey.calendar(side)
        assert [event.start for event in sorted(kept.values(), key=lambda event: event.start)] == planned
    # Three in Chicago all year, and at another hour in Phoenix in summer and winter.
    assert {at.astimezone(CHICAGO).hour for at in planned} == {15}
    assert [at.astimezone(PHOENIX).hour for at in planned] == [13, 13, 14, 13, 13, 13]
    to_mentor = "".join(str(part.get_content()) for one in await journey.messages(MENTOR) for part in parts_of(one))
    assert "2:00 PM MST (3:00 PM CST for" in to_mentor
    assert "1:00 PM MST (3:00 PM CDT for" in to_mentor
    feed = await pair.environment.http.get(journey.feed)
    read = icalendar.Calendar.from_ical(feed.content)
    assert [event.start for event in read.events if isinstance(event.start, datetime)] == planned
    assert [str(event["summary"]) for event in read.events if event.start == date(2020, 11, 10)][-1].endswith("ends")
    await pair.run_until(FAR, answering=(MENTOR, MENTEE))
    # One meeting was moved, and one called off and found anew: five emails more to the mentor, and three to the mentee.
    counts = await emails_during(pair)
    assert counts[MENTOR].total() - 5 <= 25
    assert counts[MENTEE].total() - 3 <= 24
    for side, proposed, asked in ((MENTOR, 6, 2), (MENTEE, 2, 4)):
        assert counts[side]["meeting_proposed"] == proposed
        # The mentee is asked about four meetings, and the mentor about those that the mentor proposed.
        assert counts[side]["meeting"] == asked
        assert (counts[side]["meeting_agreed"], counts[side]["meeting_cancelled"]) == (8, 1)
    seen = await journey.everything_for(MENTOR)
    assert "How did you begin?" in seen
    assert [words for words in PRIVATE if words in seen + feed.text] == []
    # The search finds what is there.
    assert PRIVATE[1] in await journey.everything_for(MENTEE)
    at_end = await pair.environment.http.get(journey.feed)
    assert b"meeting with" not in at_end.content


async def emails_during(pair: OnePair) -> dict[Side, Counter[str]]:
    """Return how many emails of each kind either side got until the last day."""
    rows = [row for row in await pair.emails() if row["due_at"].astimezone(CHICAGO).date() <= date(2020, 11, 10)]
    return {side: Counter(row["kind"] for row in rows if row["recipient"] == side) for side in Side}
