"""The times that a calendar file says are taken (RFC 5545); what takes them is read by nobody."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event, FreeBusy, vPeriod

from schemas.availability.busy_times import BusyTime

FREE = frozenset({"FREE", "WORKINGELSEWHERE"})


def read_busy_times(content: bytes, first: datetime, last: datetime, zone: str) -> tuple[BusyTime, ...]:
    """Return when a calendar is busy between two moments, in order, each stretch once.

    Times without a zone, and whole days, are those of ``zone``. Events that are canceled or that their owner shows as
    free do not count. An event that cannot be read is left out; raises ValueError where no calendar can be read.
    """
    local = ZoneInfo(zone)
    found: list[BusyTime] = []
    calendars = [each for each in Calendar.from_ical(content, multiple=True) if each.name == "VCALENDAR"]
    if not calendars:
        raise ValueError("no calendar")
    for calendar in calendars:
        expanded = recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last)
        events = [event for event in expanded if isinstance(event, Event) and _takes_time(event)]
        found += [_busy(event.start, event.end, local) for event in events]
        found += _published(calendar.freebusy, local)
    within = (BusyTime(starts_at=max(each.starts_at, first), ends_at=min(each.ends_at, last)) for each in found)
    return tuple(_merge(each for each in within if each.starts_at < each.ends_at))


def _takes_time(event: Event) -> bool:
    shown_as = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "BUSY")).upper()
    canceled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return str(event.get("TRANSP", "OPAQUE")).upper() != "TRANSPARENT" and not canceled and shown_as not in FREE


def _published(stored: Iterable[FreeBusy], local: ZoneInfo) -> Iterator[BusyTime]:
    """Yield the busy times of a file that has no events, but says when somebody is free or busy."""
    for component in stored:
        lines = component.get("FREEBUSY", [])
        for period in lines if isinstance(lines, list) else [lines]:
            if isinstance(period, vPeriod) and str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                yield _busy(period.start, period.end, local)


def _busy(start: date, end: date, local: ZoneInfo) -> BusyTime:
    return BusyTime(starts_at=_moment(start, local), ends_at=_moment(end, local))


def _moment(when: date, local: ZoneInfo) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, time(), local)
    return (when if when.tzinfo else when.replace(tzinfo=local)).astimezone(UTC)


def _merge(times: Iterable[BusyTime]) -> Iterator[BusyTime]:
    current: BusyTime | None = None
    for each in sorted(times, key=lambda each: each.starts_at):
        if current and each.starts_at <= current.ends_at:
            current = BusyTime(starts_at=current.starts_at, ends_at=max(current.ends_at, each.ends_at))
            continue
        if current:
            yield current
        current = each
    if current:
        yield current


def is_busy(times: Iterable[BusyTime], starts_at: datetime, length: timedelta) -> bool:
    """Tell whether any of these times overlaps a meeting that begins at a moment and has a length."""
    return any(each.starts_at < starts_at + length and each.ends_at > starts_at for each in times)
