"""The calendar file reads back: the right moments in UTC, what stands and what is called off, what changed (A20)."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kickoff.rsvp import calendar_changed_at, calendar_sequence
from emails.calendar_file import CalendarFile, CalendarMethod, calendar_file, invitation_files
from schemas.applications.applicant import Rsvp
from schemas.applications.people import Person
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession, Institute, ProgramContact
from schemas.enums import RsvpStatus, Side

MENTOR = Person(
    id="M01",
    side=Side.MENTOR,
    name="Solveig Aaberg",
    email="solveig@example.org",
    library="Library of Ely",
    town="Ely",
    role="Clerk",
)


def half(id_: str, day: date, begins: time = time(9), ends: time = time(12, 30)) -> HalfDay:
    return HalfDay(id=id_, label=f"The {id_}", day=day, begins=begins, ends=ends)


def cohort(*half_days: HalfDay, zone: str = "America/Chicago", **different: object) -> CohortSettings:
    days = [one.day for one in half_days] or [date(2019, 5, 10)]
    return CohortSettings.model_validate(
        {
            "id": "mile-2019",
            "title": "2019 Mentorship Program",
            "time_zone": zone,
            "institute": Institute(
                venue="Sugar Lake Lodge; the hall", town="Cohasset", first_day=min(days), last_day=max(days)
            ),
            "contact": ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
            "session": HalfDaySession(half_days=half_days) if half_days else None,
        }
        | different
    )


THURSDAY, FRIDAY = half("thursday", date(2019, 5, 9)), half("friday", date(2019, 5, 10), time(13), time(16))
BOTH = cohort(THURSDAY, FRIDAY)


def read(file: CalendarFile) -> icalendar.Calendar:
    parsed = icalendar.Calendar.from_ical(file.content)
    assert isinstance(parsed, icalendar.Calendar)
    assert not parsed.errors
    return parsed


def statuses(rsvp: Rsvp | None, settings: CohortSettings = BOTH) -> list[str]:
    return [str(event["status"]) for event in read(calendar_file(settings, MENTOR, rsvp, sequence=1)).events]


def invitations(rsvp: Rsvp | None, *, cancelled: bool = False) -> dict[str, tuple[CalendarMethod, icalendar.Event]]:
    """Return by file name what an email brings; each file has one event and the method that its part names."""
    found = {}
    for file in invitation_files(BOTH, MENTOR, rsvp, sequence=7, cancelled=cancelled):
        calendar = read(file)
        [event] = calendar.events
        assert calendar["method"] == file.method
        assert file.media_type.endswith(f"method={file.method}")
        found[file.name] = (file.method, event)
    return found


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2019, 3, 8), datetime(2019, 3, 8, 15, tzinfo=UTC)),
        (date(2019, 3, 11), datetime(2019, 3, 11, 14, tzinfo=UTC)),
        (date(2019, 11, 1), datetime(2019, 11, 1, 14, tzinfo=UTC)),
        (date(2019, 11, 4), datetime(2019, 11, 4, 15, tzinfo=UTC)),
    ],
)
def test_half_day_begins_at_the_right_moment_on_both_sides_of_daylight_saving(day: date, begins: datetime) -> None:
    session, kickoff = read(calendar_file(cohort(half("one", day)), MENTOR, None, sequence=7)).events
    assert session.start == begins
    assert session.end - session.start == timedelta(hours=3, minutes=30)
    assert (kickoff.start, kickoff.end) == (day, day + timedelta(days=1))


def test_file_has_no_time_zone_that_a_calendar_program_could_drop() -> None:
    for file in (calendar_file(BOTH, MENTOR, None, sequence=7), *invitation_files(BOTH, MENTOR, None, sequence=7)):
        assert b"VTIMEZONE" not in file.content
        assert b"TZID" not in file.content
    assert b"DTSTART:20190509T140000Z" in calendar_file(BOTH, MENTOR, None, sequence=7).content


@pytest.mark.parametrize(
    ("rsvp", "expected"),
    [
        (None, ["TENTATIVE", "TENTATIVE"]),
        (Rsvp(status=RsvpStatus.YES, half_day="friday"), ["CANCELLED", "CONFIRMED"]),
        (Rsvp(status=RsvpStatus.YES), ["TENTATIVE", "TENTATIVE"]),
        (Rsvp(status=RsvpStatus.UNSURE, half_day="thursday"), ["TENTATIVE", "CANCELLED"]),
        (Rsvp(status=RsvpStatus.UNSURE), ["TENTATIVE", "TENTATIVE"]),
        (Rsvp(status=RsvpStatus.NO, half_day="thursday"), ["CANCELLED", "CANCELLED"]),
        (Rsvp(status=RsvpStatus.YES, half_day="dropped"), ["TENTATIVE", "TENTATIVE"]),
    ],
)
def test_answer_decides_which_half_day_stands_and_the_kickoff_always_does(
    rsvp: Rsvp | None, expected: list[str]
) -> None:
    assert statuses(rsvp) == [*expected, "CONFIRMED"]


def test_only_half_day_needs_no_choice() -> None:
    assert statuses(Rsvp(status=RsvpStatus.YES), cohort(FRIDAY)) == ["CONFIRMED", "CONFIRMED"]


@pytest.mark.parametrize("rsvp", [None, Rsvp(status=RsvpStatus.YES, half_day="friday")])
def test_calling_off_calls_off_the_same_events_by_cancel(rsvp: Rsvp | None) -> None:
    asked, off = invitations(None), invitations(rsvp, cancelled=True)
    assert {method for method, _ in off.values()} == {CalendarMethod.CANCEL}
    assert {str(event["status"]) for _, event in off.values()} == {"CANCELLED"}
    assert {name: event.uid for name, (_, event) in off.items()} == {
        name: event.uid for name, (_, event) in asked.items()
    }


def test_invitation_asks_for_an_answer_to_each_half_day_and_shows_the_kickoff() -> None:
    asked = invitations(None)
    assert {name: method for name, (method, _) in asked.items()} == {
        "half-day-thursday.ics": CalendarMethod.REQUEST,
        "half-day-friday.ics": CalendarMethod.REQUEST,
        "kickoff.ics": CalendarMethod.PUBLISH,
    }
    for name, (method, event) in asked.items():
        assert event["organizer"] == "mailto:chair@example.org"
        if method is CalendarMethod.REQUEST:
            assert event["attendee"] == "mailto:solveig@example.org", name
            assert event["attendee"].params == {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"}
        else:
            assert "attendee" not in event


def test_answer_confirms_one_half_day_and_calls_off_the_other() -> None:
    answered = invitations(Rsvp(status=RsvpStatus.YES, half_day="friday"))
    assert {name: method for name, (method, _) in answered.items()} == {
        "half-day-thursday.ics": CalendarMethod.CANCEL,
        "half-day-friday.ics": CalendarMethod.REQUEST,
        "kickoff.ics": CalendarMethod.PUBLISH,
    }
    assert answered["half-day-friday.ics"][1]["attendee"].params == {"PARTSTAT": "ACCEPTED"}
    assert "PARTSTAT" not in answered["half-day-thursday.ics"][1]["attendee"].params


def test_download_and_email_are_about_the_same_events() -> None:
    [*downloaded] = read(calendar_file(BOTH, MENTOR, None, sequence=7)).events
    assert [event.uid for event in downloaded] == [event.uid for _, event in invitations(None).values()]


def test_email_names_the_address_it_is_for_and_nothing_else_of_a_participant() -> None:
    rsvp = Rsvp(status=RsvpStatus.UNSURE, meals="No nuts", access="Captions")
    for file in invitation_files(BOTH, MENTOR, rsvp, sequence=7):
        words = file.content.replace(b"\r\n ", b"")
        assert words.count(b"@") - words.count(b"solveig@example.org") == 1
        for private in (b"Solveig", b"No nuts", b"Captions", b"M01"):
            assert private not in words


def test_change_of_place_or_hour_moves_the_same_events_with_a_higher_number() -> None:
    later = half("friday", date(2019, 5, 10), time(14), time(17))
    before, after = (
        read(calendar_file(settings, MENTOR, None, sequence=sequence)).events
        for settings, sequence in ((BOTH, 100), (cohort(THURSDAY, later), 101))
    )
    assert [event.uid for event in before] == [event.uid for event in after]
    assert ({event.sequence for event in before}, {event.sequence for event in after}) == ({100}, {101})
    assert before[1].start != after[1].start


def test_file_says_where_it_is_and_whom_to_ask_and_names_nobody() -> None:
    file = calendar_file(BOTH, MENTOR, Rsvp(status=RsvpStatus.YES, meals="No nuts", access="Captions"), sequence=7)
    calendar = read(file)
    assert calendar["method"] == "PUBLISH"
    for event in calendar.events:
        assert event["location"] == "Sugar Lake Lodge; the hall, Cohasset"
        assert event["organizer"] == "mailto:chair@example.org"
        assert "attendee" not in event
    for private in ("Solveig", "solveig@example.org", "No nuts", "Captions", "M01"):
        assert private.encode() not in file.content


def test_two_people_have_events_of_their_own_and_one_always_the_same() -> None:
    other = MENTOR.model_copy(update={"id": "M02"})
    uids = [
        {event.uid for event in read(calendar_file(BOTH, one, None, sequence=1)).events}
        for one in (MENTOR, MENTOR, other)
    ]
    assert uids[0] == uids[1]
    assert not uids[0] & uids[2]
    assert all(len(each) == 3 for each in uids)


def test_same_arguments_give_the_same_bytes_in_lines_of_75() -> None:
    long = cohort(THURSDAY, title="Ä" * 200)
    file = calendar_file(long, MENTOR, None, sequence=7)
    assert file == calendar_file(long, MENTOR, None, sequence=7)
    assert all(len(line) <= 75 for line in file.content.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n", file.content)
    assert f"The mentorships of {'Ä' * 200} begin" in str(read(file).events[-1]["description"])


@given(st.integers(10**6, 60 * 365 * 86_400), st.integers(1, 10**7))
def test_number_of_a_file_rises_with_time_and_fits_calendar_programs(after_2000: int, seconds: int) -> None:
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=after_2000, milliseconds=700)
    first, second = calendar_sequence(moment), calendar_sequence(moment + timedelta(seconds=seconds))
    assert 0 < first < second < 2**31
    assert timedelta(0) <= moment - calendar_changed_at(first) < timedelta(seconds=1)


@given(
    st.dates(date(2015, 1, 1), date(2045, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["America/Chicago", "America/New_York", "Pacific/Honolulu", "Europe/London", "UTC"]),
)
def test_any_half_day_reads_back_as_the_hours_it_has_in_its_zone(day: date, begins: time, zone: str) -> None:
    ends = time(23, 59, 59)
    [session, _] = read(
        calendar_file(cohort(half("one", day, begins, ends), zone=zone), MENTOR, None, sequence=7)
    ).events
    assert session.start == datetime.combine(day, begins, ZoneInfo(zone))
    assert session.end == datetime.combine(day, ends, ZoneInfo(zone))
