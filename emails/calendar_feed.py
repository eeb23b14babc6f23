"""The calendar that a private address opens: somebody's meetings, the last day of what they are asked, and the end."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from icalendar import Event

from domain.mentorship.my_mentorship import CalendarDay
from emails.calendar_file import CalendarFile, CalendarMethod, file_of
from emails.meeting_invitation import meeting_event
from schemas.mentorship.my_mentorship import MyMentorship


def calendar_feed(mine: Sequence[tuple[MyMentorship, Sequence[CalendarDay]]]) -> CalendarFile:
    """Return the calendar of somebody's mentorships, of which there is at least one, with the days of each.

    No address of a participant is in it, and nothing that its owner's page does not show.
    """
    events = [
        event
        for page, days in mine
        for event in (
            *(
                meeting_event(page.pair, page.side, date)
                for date in page.dates.values()
                if not (date.cancelled or page.outcome)
            ),
            *(_day(page, day) for day in days),
        )
    ]
    return file_of("calendar", mine[0][0].cohort, CalendarMethod.PUBLISH, *events)


def _day(page: MyMentorship, day: CalendarDay) -> Event:
    event, mentorship = Event(), page.pair.mentorship_id
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"mile:{mentorship}/{page.side}/{day.key}")))
    # A program that reads the address again needs no newer stamp to take over what has changed.
    event.add("dtstamp", page.now)
    event.add("summary", f"{page.cohort.program.short_name}: {day.title}")
    event.add("dtstart", day.day)
    event.add("dtend", day.day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
