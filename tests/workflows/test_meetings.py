"""A pair of Chicago and Phoenix plans every meeting of its 18 months on its page, on the real engine.

What each of them writes where the other may not look is searched for in all that the other gets.
"""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from domain.calendar import business_day, local_time
from schemas.enums import Recipient, Side
from storage import meetings
from tests.workflows.one_pair import FAR, OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
CHICAGO, PHOENIX = ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
OWN_PAGE = re.compile(r"/m/[a-z2-7]{26}/[\w-]+")
PRIVATE = ("privately-asked-for-a-call", "privately-taken-away", "privately-noted")
# A Wednesday of each quarter, three weeks after the two look for a date; clocks change on November 3 and March 8.
DAYS = (
    date(2019, 6, 26),
    date(2019, 9, 25),
    date(2019, 12, 18),
    date(2020, 3, 25),
    date(2020, 6, 24),
    date(2020, 9, 23),
)


@dataclass
class Journey:
    """The pair, where its pages are, and the calendar of each as a calendar program keeps it: events by UID."""

    pair: OnePair
    own: dict[Side, str]
    feed: str = ""

    async def post(self, side: Side, step: str, **typed: Any) -> str:
        answer = await self.pair.environment.http.post(f"{self.own[side]}/{step}", data=typed)
        assert answer.status_code == 200, answer.text
        await self.pair.progress_at()
        return answer.text

    async def find_date(self, day: date, *, step: str = "find", by: Side = MENTEE) -> datetime:
        """Let one side propose the day before and the day, of which the other has time on the day alone."""
        times = [local_time(day - timedelta(days=back), time(15), str(CHICAGO)) for back in (1, 0)]
        values = [at.strftime("%Y%m%dT%H%MZ") for at in times]
        place = f"https://video.example.org/{day}"
        await self.post(by, f"meetings/{step}", times=values, minutes="60", place=place)
        await self.post(by.partner, "meetings/choose", times=values[1], question="How did you begin?")
        return times[1]

    async def calendar(self, side: Side) -> dict[str, icalendar.Event]:
        """Return what is in one side's calendar after all that they were emailed, as RFC 5546 has it."""
        kept: dict[str, icalendar.Event] = {}
        for message in await self.messages(side):
            for part in message.iter_attachments():
                event = self._event_of(part, kept)
                kept[str(event.uid)] = event
        return {uid: event for uid, event in kept.items() if str(event["status"]) != "CANCELLED"}

    def _event_of(self, part: Any, kept: dict[str, icalendar.Event]) -> icalendar.Event:
        calendar = icalendar.Calendar.from_ical(part.get_content())
        [event] = calendar.events
        assert str(calendar["method"]) == ("CANCEL" if str(event["status"]) == "CANCELLED" else "REQUEST")
        known = kept.get(str(event.uid))
        assert known is None or int(str(event["sequence"])) == int(str(known["sequence"])) + 1
        return event

    async def messages(self, side: Side) -> list[EmailMessage]:
        arrived = {str(message["Message-ID"]): message for message in self.pair.environment.inbox.messages}
        rows = [row for row in await self.pair.emails() if row["recipient"] == Recipient(side)]
        return [arrived[row["message_id"]] for row in sorted(rows, key=lambda row: (row["due_at"], row["enqueued_at"]))]

    async def everything_for(self, side: Side) -> str:
        """Return all emails to one side with their calendar files, and every page that their own page leads to."""
        seen = [str(part.get_content()) for one in await self.messages(side) for part in _parts(one)]
        http, waiting, found = self.pair.environment.http, [self.own[side]], dict[str, str]()
        while waiting:
            path = waiting.pop()
            page = await http.get(path)
            found[path] = page.text
            links = set(re.findall(rf'href="({re.escape(self.own[side])}[^"#]*)"', page.text))
            waiting += [link for link in links if link not in found and not link.endswith(".pdf")]
        assert len(found) > 10
        return "\n".join([*seen, *found.values()])


def _parts(message: EmailMessage) -> list[EmailMessage]:
    return [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]


async def begun(pair: OnePair) -> Journey:
    """Let a pair begin, and both agree on their mentorship; the mentor lives in Phoenix."""
    await pair.environment.pool.execute("update mentorship set started_at = now() where id = $1", pair.mentorship)
    await pair.on(date(2019, 6, 3), answering=(MENTOR, MENTEE))
    journey = Journey(pair, {})
    for side in Side:
        text = "".join(str(part.get_content()) for part in _parts((await journey.messages(side))[-1]))
        journey.own[side] = OWN_PAGE.findall(text)[0]
    await journey.post(MENTOR, "details", name="Ingeborg Tamarack", time_zone="America/Phoenix")
    made = await journey.post(MENTEE, "feed")
    [journey.feed] = re.findall(r"/m/[a-z2-7]{26}/calendar\.ics", made)
    return journey


async def test_pair_that_plans_every_meeting_on_its_page_is_invited_and_asked_the_day_after_each(
    one_pair: Begin,
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
            await journey.post(MENTOR, f"meetings/meeting-{number}/cancel")
            assert at not in [event.start for event in (await journey.calendar(MENTOR)).values()]
            at = await journey.find_date(day, by=MENTOR)
        planned.append(at)
        before = len(await pair.emails())
        # The next business morning after the meeting, on which both are asked.
        asked_on = business_day(day + timedelta(days=1))
        await pair.on(asked_on)
        new = (await pair.emails())[before:]
        asks = {(row["recipient"], row["due_at"].astimezone(CHICAGO)) for row in new if _asks_about(row, number, 1)}
        nine = datetime.combine(asked_on, time(9), CHICAGO)
        assert asks == {(Recipient.MENTOR, nine), (Recipient.MENTEE, nine)}, await pair.email_lines()
        if number == 1:
            subjects = [str((await journey.messages(side))[-1]["Subject"]) for side in Side]
            assert subjects == ["MILE mentorship: did you meet on June 26?"] * 2
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
    to_mentor = "".join(str(part.get_content()) for one in await journey.messages(MENTOR) for part in _parts(one))
    assert "2:00 PM MST (3:00 PM CST for" in to_mentor
    assert "1:00 PM MST (3:00 PM CDT for" in to_mentor
    feed = await pair.environment.http.get(journey.feed)
    read = icalendar.Calendar.from_ical(feed.content)
    assert [event.start for event in read.events if isinstance(event.start, datetime)] == planned
    assert [str(event["summary"]) for event in read.events if event.start == date(2020, 11, 10)][-1].endswith("ends")
    await pair.run_until(FAR, answering=(MENTOR, MENTEE))
    seen = await journey.everything_for(MENTOR)
    assert "How did you begin?" in seen
    assert [words for words in PRIVATE if words in seen + feed.text] == []
    # The search finds what is there.
    assert PRIVATE[1] in await journey.everything_for(MENTEE)
    at_end = await pair.environment.http.get(journey.feed)
    assert b"meeting with" not in at_end.content


def _asks_about(row: Any, number: int, occurrence: int) -> bool:
    return f'{{"milestone": "meeting-{number}", "occurrence": {occurrence}}}' in row["asks"]


async def test_times_that_nobody_chooses_leave_the_plan_as_it_was(one_pair: Begin) -> None:
    journey = await begun(await one_pair("none-chosen"))
    before = await journey.pair.forecast()
    value = local_time(DAYS[0], time(15), str(CHICAGO)).strftime("%Y%m%dT%H%MZ")
    await journey.post(MENTEE, "meetings/find", times=value, minutes="30")
    assert await journey.pair.forecast() == before
    await journey.pair.on(date(2019, 6, 18), time(10), answering=(MENTOR, MENTEE))
    [asked] = [row for row in await journey.pair.emails() if _asks_about(row, 1, 0) and row["recipient"] == "mentor"]
    assert asked["due_at"] == datetime(2019, 6, 18, 14, tzinfo=UTC)
