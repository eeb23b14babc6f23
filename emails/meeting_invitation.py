"""The calendar file of a meeting: the invitation of one of the pair, moved or called off by a later revision."""

import uuid
from datetime import datetime

from icalendar import Event, vCalAddress, vText

from domain.languages import gettext
from emails.calendar_file import CalendarFile, CalendarMethod, add_attendee, file_of
from schemas.enums import Side
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.responses import MentorshipPair


def meeting_invitation(pair: MentorshipPair, side: Side, date: MeetingDate) -> CalendarFile:
    """Return the file that the email to one side brings, the same bytes for the same arguments.

    It names that side's address and no other. A calendar that has the event moves or drops it, because the UID stays
    and the SEQUENCE is higher with each revision (RFC 5546, 3.2.2 and 3.2.5).
    """
    event = meeting_event(pair, side, date)
    add_attendee(event, pair.of(side), "CANCELLED" if date.cancelled else "CONFIRMED")
    method = CalendarMethod.CANCEL if date.cancelled else CalendarMethod.REQUEST
    return file_of("meeting", pair.cohort, method, event)


def called_off(date: MeetingDate, at: datetime) -> MeetingDate:
    """Return the revision of a date by which calendars drop it because the mentorship ended at a moment."""
    return date.model_copy(update={"cancelled": True, "revision": date.revision + 1, "received_at": at})


def meeting_event(pair: MentorshipPair, side: Side, date: MeetingDate) -> Event:
    """Return a meeting as an event in one side's calendar. Times are in UTC, as in every file of ours.

    Its description has what both may see: the mentee's goals and question. Whom a calendar is shared with sees only
    that its owner is busy. No page's address is in it, because whoever has that address can answer there.
    """
    cohort, partner = pair.cohort, pair.of(side.partner)
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"mile:{date.mentorship_id}/{date.milestone_id}/{date.event}")))
    event.add("sequence", date.revision - 1)
    event.add("dtstamp", date.received_at)
    event.add("last-modified", date.received_at)
    event.add(
        "summary",
        gettext("%(program)s: meeting with %(partner)s", program=cohort.program.short_name, partner=partner.name),
    )
    event.add("dtstart", date.starts_at)
    event.add("dtend", date.ends_at)
    event.add("status", "CANCELLED" if date.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if date.place:
        event.add("location", date.place)
    if description := _description(pair, side, date):
        event.add("description", description)
    organizer = vCalAddress(f"mailto:{cohort.contact.email}")
    organizer.params["cn"] = vText(cohort.contact.role)
    event.add("organizer", organizer)
    return event


def _description(pair: MentorshipPair, side: Side, date: MeetingDate) -> str:
    mentee, mine = pair.mentee.short_name, side is Side.MENTEE
    parts = []
    if pair.goals:
        goals = "\n".join(f"- {goal}" for goal in pair.goals)
        heading = gettext("Your goals") if mine else gettext("%(partner)s’s goals", partner=mentee)
        parts.append(f"{heading}:\n{goals}")
    if date.question:
        question = (
            gettext("Your question: %(question)s", question=date.question)
            if mine
            else gettext("%(partner)s’s question: %(question)s", partner=mentee, question=date.question)
        )
        parts.append(question)
    return "\n\n".join(parts)
