"""When somebody is busy, by the calendar files that programs write; the times were worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.availability.busy_times import is_busy, read_busy_times
from schemas.availability.busy_times import BusyTime
from tests.unit.availability.calendars import calendar

FIRST, LAST = datetime(2027, 3, 7, tzinfo=UTC), datetime(2027, 3, 21, tzinfo=UTC)
ZONE = "America/Chicago"


def busy(content: bytes, zone: str = ZONE) -> list[str]:
    times = read_busy_times(content, FIRST, LAST, zone)
    return [f"{each.starts_at:%d %H:%M}-{each.ends_at:%d %H:%M}" for each in times]


def test_an_event_each_day_keeps_its_local_time_when_the_clocks_change() -> None:
    daily = "DTSTART;TZID=America/Chicago:20270312T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4"
    assert busy(calendar(daily)) == ["12 15:00-12 16:00", "13 15:00-13 16:00", "14 14:00-14 15:00", "15 14:00-15 15:00"]


def test_an_occurrence_that_was_taken_out_or_moved_is_not_where_it_was() -> None:
    daily = (
        "DTSTART;TZID=America/Chicago:20270308T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
        "EXDATE;TZID=America/Chicago:20270309T090000"
    )
    moved = (
        "UID:0\nRECURRENCE-ID;TZID=America/Chicago:20270310T090000\n"
        "DTSTART;TZID=America/Chicago:20270310T140000\nDURATION:PT30M"
    )
    assert busy(calendar(daily, moved).replace(b"UID:1\r\n", b"")) == ["08 15:00-08 16:00", "10 20:00-10 20:30"]


@pytest.mark.parametrize(("zone", "expected"), [(ZONE, "17 21:00-17 21:30"), ("America/Phoenix", "17 23:00-17 23:30")])
def test_a_time_without_a_zone_is_one_of_the_class(zone: str, expected: str) -> None:
    assert busy(calendar("DTSTART:20270317T160000\nDURATION:PT30M"), zone) == [expected]


def test_a_whole_day_lasts_from_midnight_to_midnight_where_the_class_is() -> None:
    assert busy(calendar("DTSTART;VALUE=DATE:20270316")) == ["16 05:00-17 05:00"]


@pytest.mark.parametrize(
    "shown_as", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:transparent"]
)
def test_what_its_owner_shows_as_free_takes_no_time(shown_as: str) -> None:
    assert busy(calendar(f"DTSTART:20270317T160000Z\nDURATION:PT30M\n{shown_as}")) == []


def test_times_that_touch_or_overlap_are_one() -> None:
    events = [
        f"DTSTART:20270317T{start}00Z\nDTEND:20270317T{end}00Z"
        for start, end in (("1400", "1500"), ("1500", "1600"), ("1530", "1545"), ("1700", "1800"))
    ]
    assert busy(calendar(*events)) == ["17 14:00-17 16:00", "17 17:00-17 18:00"]


def test_only_what_lies_between_the_two_moments_is_told() -> None:
    across = "DTSTART:20270306T230000Z\nDTEND:20270307T010000Z"
    assert busy(
        calendar(across, "DTSTART:20270306T100000Z\nDURATION:PT1H", "DTSTART:20270321T000000Z\nDURATION:PT1H")
    ) == ["07 00:00-07 01:00"]


def test_a_file_that_says_only_free_or_busy_is_read_too() -> None:
    published = [
        "BEGIN:VFREEBUSY",
        "UID:x",
        "DTSTAMP:20270101T000000Z",
        "FREEBUSY:20270318T160000Z/PT1H,20270318T200000Z/20270318T210000Z",
        "FREEBUSY;FBTYPE=FREE:20270318T220000Z/PT1H",
        "END:VFREEBUSY",
        "END:VCALENDAR",
    ]
    content = calendar().replace(b"END:VCALENDAR\r\n", "\r\n".join(published).encode())
    assert busy(content) == ["18 16:00-18 17:00", "18 20:00-18 21:00"]


def test_an_event_that_cannot_be_read_holds_up_no_other() -> None:
    good, bad = "DTSTART:20270317T160000Z\nDURATION:PT30M", "DTSTART:20270317T160000Z\nRRULE:FREQ=BANANA"
    assert busy(calendar(bad, "DTSTART:nonsense", good)) == ["17 16:00-17 16:30"]


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"BEGIN:VCALENDAR\r\nEND", b"\xff\xfe", b"BEGIN:VCARD\r\nEND:VCARD\r\n"]
)
def test_what_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        busy(content)


def test_a_meeting_is_busy_where_it_overlaps_and_not_where_it_only_touches() -> None:
    at = datetime(2027, 3, 17, 16, tzinfo=UTC)
    times = [BusyTime(starts_at=at, ends_at=at + timedelta(hours=1))]
    hour = timedelta(hours=1)
    assert [is_busy(times, at + timedelta(minutes=minutes), hour) for minutes in (-60, -59, 0, 59, 60)] == [
        False,
        True,
        True,
        True,
        False,
    ]
