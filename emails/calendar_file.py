"""The calendar file of the kickoff: the half-day session as somebody answered, and the day everybody meets (A20)."""

import uuid
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

from domain.kickoff.rsvp import calendar_changed_at
from schemas.applications.applicant import Rsvp
from schemas.cohort.settings import CohortSettings, HalfDay
from schemas.enums import RsvpStatus

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
NEVER_A_CONDITION = "You are welcome at this half-day session. Coming is never a condition."


class Invited(Protocol):
    """Whoever a calendar file is for."""

    @property
    def id(self) -> str:
        """Return the person's id within the cohort."""
        ...


def calendar_file(
    cohort: CohortSettings, person: Invited, rsvp: Rsvp | None, *, sequence: int, cancelled: bool = False
) -> bytes:
    """Return somebody's calendar file (RFC 5545), the same bytes for the same arguments.

    It holds every half day and the kickoff. What somebody answered decides which half days are confirmed, tentative or
    cancelled, so that a file taken over earlier is put right; ``cancelled`` calls off everything. ``sequence`` is that
    of ``storage.kickoff.sequence`` and dates the file too. No address of a participant is in it.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{cohort.program.association}//{cohort.program.short_name} mentorship//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    half_days = cohort.session.half_days if cohort.session else ()
    for half in half_days:
        event = _event(cohort, person, half.id, sequence)
        event.add("status", "CANCELLED" if cancelled else _status(half, half_days, rsvp))
        calendar.add_component(_during(event, cohort, half))
    meeting = _event(cohort, person, "kickoff", sequence)
    meeting.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(_on_the_day(meeting, cohort))
    _add_time_zone(calendar, cohort, half_days)
    return bytes(calendar.to_ical())


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
    event.add("description", NEVER_A_CONDITION)
    event.add("dtstart", datetime.combine(half.day, half.begins, zone))
    event.add("dtend", datetime.combine(half.day, half.ends, zone))
    return event


def _on_the_day(event: Event, cohort: CohortSettings) -> Event:
    event.add("summary", f"{cohort.program.short_name}: mentors and participants meet")
    event.add("description", f"The mentorships of {cohort.title} begin on this day.")
    event.add("dtstart", cohort.kickoff)
    event.add("dtend", cohort.kickoff + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


def _status(half: HalfDay, half_days: tuple[HalfDay, ...], rsvp: Rsvp | None) -> str:
    if rsvp is None:
        return "TENTATIVE"
    chosen = next((one for one in half_days if one.id == rsvp.half_day or len(half_days) == 1), None)
    if rsvp.status is RsvpStatus.NO or chosen not in {None, half}:
        return "CANCELLED"
    return "CONFIRMED" if rsvp.status is RsvpStatus.YES and chosen else "TENTATIVE"


def _add_time_zone(calendar: Calendar, cohort: CohortSettings, half_days: tuple[HalfDay, ...]) -> None:
    """Add the rules of the cohort's time zone for the years in which something happens."""
    years = [half.day.year for half in half_days]
    if not years:
        return
    first, last = date(min(years), 1, 1), date(max(years) + 1, 1, 1)
    zone = Timezone.from_tzid(cohort.time_zone, first_date=first, last_date=last)
    for rule in zone.subcomponents:
        _begin_on_the_clock_before(rule)
    calendar.subcomponents.insert(0, zone)


def _begin_on_the_clock_before(rule: Component) -> None:
    """Let a rule begin by the clock that it ends, as RFC 5545 (3.6.5) asks: icalendar 7.3 puts clocks forward late."""
    if isinstance(rule, TimezoneDaylight | TimezoneStandard) and rule.TZOFFSETTO > rule.TZOFFSETFROM:
        rule.DTSTART -= rule.TZOFFSETTO - rule.TZOFFSETFROM
