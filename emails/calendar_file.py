"""Calendar files; those of the kickoff have the half-day session as answered, and the day everybody meets (A20).

Times are in UTC. Outlook approximates a VTIMEZONE by one yearly change each way and may drop one that it cannot
approximate, so that 9:00 in Chicago would become 9:00 UTC ([MS-STANOICAL]); in UTC there is nothing to drop.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from domain.kickoff.rsvp import calendar_changed_at
from domain.languages import gettext
from schemas.applications.applicant import Rsvp
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings, HalfDay
from schemas.enums import RsvpStatus


class CalendarMethod(StrEnum):
    """What a calendar file does (RFC 5546): shows events, asks whether somebody comes to one, or calls it off."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class CalendarFile(FrozenModel):
    """A calendar file (RFC 5545); its method is also that of the part of the email it comes in (RFC 6047, 2.4)."""

    name: str
    method: CalendarMethod
    content: bytes

    @property
    def media_type(self) -> str:
        """Return the file's media type with its parameters."""
        return f"text/calendar; charset=utf-8; method={self.method}"


class Invited(Protocol):
    """Whoever a calendar file is for."""

    @property
    def id(self) -> str:
        """Return the person's id within the cohort."""
        ...

    @property
    def email(self) -> str:
        """Return the address that an invitation is for."""
        ...


def calendar_file(cohort: CohortSettings, person: Invited, rsvp: Rsvp | None, *, sequence: int) -> CalendarFile:
    """Return the file that somebody downloads, the same bytes for the same arguments.

    It holds every half day and the kickoff. What somebody answered decides which half days are confirmed, tentative or
    cancelled, so that a file taken over earlier is put right. ``sequence`` is that of ``storage.kickoff.sequence`` and
    dates the file too. No address of a participant is in it.
    """
    events = [event for _, event in _half_days(cohort, person, rsvp, sequence)]
    return file_of("kickoff", cohort, CalendarMethod.PUBLISH, *events, _kickoff(cohort, person, sequence))


def invitation_files(
    cohort: CohortSettings, person: Invited, rsvp: Rsvp | None, *, sequence: int, cancelled: bool = False
) -> tuple[CalendarFile, ...]:
    """Return the files that an email brings: one for each half day, and one for the kickoff.

    Each half day asks for an answer or is called off, and may be alone in its file (RFC 5546, 3.2.2). These files name
    the address that the email is for, as an invitation must, and nobody's else. ``cancelled`` calls off everything.
    """
    files = [
        _half_day_file(cohort, person, half, event, cancelled)
        for half, event in _half_days(cohort, person, rsvp, sequence)
    ]
    kickoff = _kickoff(cohort, person, sequence)
    if cancelled:
        kickoff["status"] = vText("CANCELLED")
        add_attendee(kickoff, person)
    method = CalendarMethod.CANCEL if cancelled else CalendarMethod.PUBLISH
    return (*files, file_of("kickoff", cohort, method, kickoff))


def _half_day_file(
    cohort: CohortSettings, person: Invited, half: HalfDay, event: Event, cancelled: bool
) -> CalendarFile:
    if cancelled:
        event["status"] = vText("CANCELLED")
    off = str(event["status"]) == "CANCELLED"
    add_attendee(event, person, str(event["status"]))
    return file_of(f"half-day-{half.id}", cohort, CalendarMethod.CANCEL if off else CalendarMethod.REQUEST, event)


def add_attendee(event: Event, person: Invited, status: str = "CANCELLED") -> None:
    """Name whom an event invites: as somebody who comes, is asked, or is told that it is called off."""
    attendee = vCalAddress(f"mailto:{person.email}")
    if status == "CONFIRMED":
        attendee.params["partstat"] = vText("ACCEPTED")
    elif status != "CANCELLED":
        attendee.params["partstat"], attendee.params["rsvp"] = vText("NEEDS-ACTION"), vText("TRUE")
    event.add("attendee", attendee)


def file_of(stem: str, cohort: CohortSettings, method: CalendarMethod, *events: Event) -> CalendarFile:
    """Return a calendar file of these events; its prodid is of the cohort's program."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{cohort.program.association}//{cohort.program.short_name} mentorship//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for event in events:
        calendar.add_component(event)
    return CalendarFile(name=f"{stem}.ics", method=method, content=bytes(calendar.to_ical()))


def _half_days(
    cohort: CohortSettings, person: Invited, rsvp: Rsvp | None, sequence: int
) -> Iterator[tuple[HalfDay, Event]]:
    half_days = cohort.session.half_days if cohort.session else ()
    for half in half_days:
        event = _event(cohort, person, half.id, sequence)
        event.add("status", _status(half, half_days, rsvp))
        yield half, _during(event, cohort, half)


def _kickoff(cohort: CohortSettings, person: Invited, sequence: int) -> Event:
    event = _event(cohort, person, "kickoff", sequence)
    event.add("status", "CONFIRMED")
    return _on_the_day(event, cohort)


def _event(cohort: CohortSettings, person: Invited, what: str, sequence: int) -> Event:
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, f"mile:{cohort.id}/{person.id}/{what}")))
    event.add("sequence", sequence)
    event.add("dtstamp", calendar_changed_at(sequence))
    event.add("last-modified", calendar_changed_at(sequence))
    place = cohort.institute
    event.add("location", ", ".join(part for part in (place.venue, place.address, place.town) if part))
    organizer = vCalAddress(f"mailto:{cohort.contact.email}")
    organizer.params["cn"] = vText(cohort.contact.role)
    event.add("organizer", organizer)
    return event


def _during(event: Event, cohort: CohortSettings, half: HalfDay) -> Event:
    zone = ZoneInfo(cohort.time_zone)
    title = cohort.session.title if cohort.session else cohort.title
    event.add("summary", f"{title}: {half.label}")
    event.add("description", gettext("You are welcome at this half-day session. Coming is never a condition."))
    event.add("dtstart", datetime.combine(half.day, half.begins, zone).astimezone(UTC))
    event.add("dtend", datetime.combine(half.day, half.ends, zone).astimezone(UTC))
    return event


def _on_the_day(event: Event, cohort: CohortSettings) -> Event:
    event.add("summary", gettext("%(program)s: mentors and participants meet", program=cohort.program.short_name))
    event.add("description", gettext("The mentorships of %(cohort)s begin on this day.", cohort=cohort.title))
    event.add("dtstart", cohort.kickoff_day)
    event.add("dtend", cohort.kickoff_day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _status(half: HalfDay, half_days: tuple[HalfDay, ...], rsvp: Rsvp | None) -> str:
    if rsvp is None:
        return "TENTATIVE"
    chosen = next((one for one in half_days if one.id == rsvp.half_day or len(half_days) == 1), None)
    if rsvp.status is RsvpStatus.NO or chosen not in {None, half}:
        return "CANCELLED"
    return "CONFIRMED" if rsvp.status is RsvpStatus.YES and chosen else "TENTATIVE"
