"""Calendar files as another program reads them: ical.js, which Thunderbird's calendar uses."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import icalendar
import pytest

from emails.calendar_file import CalendarFile, calendar_file, invitation_files
from emails.meeting_invitation import meeting_invitation
from emails.samples import MENTOR, SAMPLE_COHORT
from schemas.applications.applicant import Rsvp
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession
from schemas.enums import RsvpStatus, Side
from schemas.mentorship.meetings import MeetingDate
from tests.emails.mentorship import sample_pair
from tests.integration.checkers import require, require_node_module, run

# A Friday before daylight saving time, one after its begin, and one after its end.
DAYS = (date(2027, 3, 12), date(2027, 5, 14), date(2027, 11, 12))
READER = """
import ICAL from %s;
import { readFileSync } from "node:fs";
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map(one => new ICAL.Event(one));
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue("method"),
  events: events.map(event => ({
    uid: event.uid, sequence: event.sequence, start: event.startDate.toJSDate().toISOString(),
    zone: event.startDate.zone.tzid, attendees: event.attendees.length,
    status: event.component.getFirstPropertyValue("status"),
  })),
}));
"""


def by_ical_js(file: CalendarFile, home: Path) -> dict[str, object]:
    node = require("node", "nodejs")
    module = require_node_module("ical.js/dist/ical.js")
    reader = home / "reader.mjs"
    reader.write_text(READER % json.dumps(str(module)), encoding="utf-8")
    ran = run(node, reader, home=home, stdin=file.content)
    assert ran.returncode == 0, ran.stderr
    read: dict[str, object] = json.loads(ran.stdout)
    return read


def by_icalendar(file: CalendarFile) -> dict[str, object]:
    calendar = icalendar.Calendar.from_ical(file.content)
    return {
        "method": str(calendar["method"]),
        "events": [
            {
                "uid": event.uid,
                "sequence": event.sequence,
                "start": f"{event.start.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z",
                "zone": "UTC",
                "attendees": len(event.attendees),
                "status": str(event["status"]),
            }
            for event in calendar.events
            if isinstance(event.start, datetime)
        ],
    }


def cohort_of(zone: str) -> CohortSettings:
    half_days = tuple(
        HalfDay(id=f"day{number}", label="Morning", day=day, begins=time(9), ends=time(12))
        for number, day in enumerate(DAYS)
    )
    session = HalfDaySession(half_days=half_days)
    return SAMPLE_COHORT.model_copy(update={"time_zone": zone, "session": session})


@pytest.mark.parametrize("zone", ["America/Chicago", "Pacific/Honolulu", "Europe/London"])
def test_nine_in_the_morning_is_nine_in_the_cohorts_zone_for_both_readers(zone: str, tmp_path: Path) -> None:
    file = calendar_file(cohort_of(zone), MENTOR, None, sequence=7)
    events = by_ical_js(file, tmp_path)["events"]
    assert isinstance(events, list)
    starts = [datetime.fromisoformat(event["start"]) for event in events if event["zone"] == "UTC"]
    assert [start.astimezone(ZoneInfo(zone)) for start in starts] == [
        datetime.combine(day, time(9), ZoneInfo(zone)) for day in DAYS
    ]


@pytest.mark.parametrize("rsvp", [None, Rsvp(status=RsvpStatus.YES, half_day="day1"), Rsvp(status=RsvpStatus.NO)])
def test_both_readers_read_the_same_of_an_invitation(rsvp: Rsvp | None, tmp_path: Path) -> None:
    for file in invitation_files(cohort_of("America/Chicago"), MENTOR, rsvp, sequence=7)[:-1]:
        assert by_ical_js(file, tmp_path) == by_icalendar(file)


# 3 PM in Chicago, and in Phoenix the hour before in summer and two before in winter; found by hand.
@pytest.mark.parametrize(
    ("day", "utc", "in_phoenix"),
    [(date(2019, 9, 25), 20, time(13)), (date(2019, 12, 18), 21, time(14)), (date(2020, 3, 25), 20, time(13))],
    ids=["summer", "winter", "after March 8"],
)
def test_both_readers_move_and_drop_a_meeting_of_two_time_zones(
    day: date, utc: int, in_phoenix: time, tmp_path: Path
) -> None:
    pair, starts_at = sample_pair(SAMPLE_COHORT), datetime.combine(day, time(utc), UTC)
    agreed = MeetingDate(
        mentorship_id=pair.mentorship_id,
        milestone_id="meeting-2",
        side=Side.MENTOR,
        starts_at=starts_at,
        minutes=45,
        place="The café; “Ely”, upstairs",
        question="How did you begin?\nAnd why?",
        received_at=starts_at - timedelta(days=20),
    )
    moved = agreed.model_copy(update={"revision": 2, "starts_at": starts_at + timedelta(days=1)})
    off = moved.model_copy(update={"revision": 3, "cancelled": True})
    for side in Side:
        files = [meeting_invitation(pair, side, date) for date in (agreed, moved, off)]
        read = [by_ical_js(file, tmp_path) for file in files]
        assert read == [by_icalendar(file) for file in files]
        assert [each["method"] for each in read] == ["REQUEST", "REQUEST", "CANCEL"]
        events = [event for each in read for event in cast(list[dict[str, Any]], each["events"])]
        assert len({event["uid"] for event in events}) == 1
        assert [event["sequence"] for event in events] == [0, 1, 2]
        starts = [datetime.fromisoformat(event["start"]) for event in events]
        assert [start - starts[0] for start in starts] == [timedelta(), timedelta(days=1), timedelta(days=1)]
        assert starts[0].astimezone(ZoneInfo("America/Chicago")).time() == time(15)
        assert starts[0].astimezone(ZoneInfo("America/Phoenix")).time() == in_phoenix
