"""A pair of Chicago and Phoenix that finds dates for its meetings on its pages, on the real engine."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import icalendar

from domain.calendar import business_day, local_time
from schemas.enums import Recipient, Side
from tests.workflows.one_pair import OnePair

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
        seen = [str(part.get_content()) for one in await self.messages(side) for part in parts_of(one)]
        http, waiting, found = self.pair.environment.http, [self.own[side]], dict[str, str]()
        while waiting:
            path = waiting.pop()
            page = await http.get(path)
            found[path] = page.text
            links = set(re.findall(rf'href="({re.escape(self.own[side])}[^"#]*)"', page.text))
            waiting += [link for link in links if link not in found and not link.endswith(".pdf")]
        assert len(found) > 10
        return "\n".join([*seen, *found.values()])


def parts_of(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts of an email that hold something."""
    return [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]


async def begun(pair: OnePair) -> Journey:
    """Let a pair begin, and both agree on their mentorship; the mentor lives in Phoenix."""
    await pair.environment.pool.execute("update mentorship set started_at = now() where id = $1", pair.mentorship)
    await pair.on(date(2019, 6, 3), answering=(MENTOR, MENTEE))
    journey = Journey(pair, {})
    for side in Side:
        text = "".join(str(part.get_content()) for part in parts_of((await journey.messages(side))[-1]))
        journey.own[side] = OWN_PAGE.findall(text)[0]
    await journey.post(MENTOR, "details", name="Ingeborg Tamarack", time_zone="America/Phoenix")
    made = await journey.post(MENTEE, "feed")
    [journey.feed] = re.findall(r"/m/[a-z2-7]{26}/calendar\.ics", made)
    return journey


async def asked_the_day_after(journey: Journey, number: int, day: date, proposer: Side) -> EmailMessage:
    """Let time pass until the business morning after a meeting, on which who proposed it is asked; return the email."""
    pair, asked_on = journey.pair, business_day(day + timedelta(days=1))
    before = len(await pair.emails())
    await pair.on(asked_on)
    new = (await pair.emails())[before:]
    asks = [(row["recipient"], row["due_at"].astimezone(CHICAGO)) for row in new if asks_about(row, number, 1)]
    assert asks == [(Recipient(proposer), datetime.combine(asked_on, time(9), CHICAGO))], await pair.email_lines()
    return (await journey.messages(proposer))[-1]


def asks_about(row: asyncpg.Record, number: int, occurrence: int) -> bool:
    """Tell whether an email asks about a meeting for the first time (0) or after it (1)."""
    return f'{{"milestone": "meeting-{number}", "occurrence": {occurrence}}}' in row["asks"]
