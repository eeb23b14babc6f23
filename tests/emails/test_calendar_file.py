"""The calendar file reads back: the right moments in UTC, what stands and what is called off, what changed (A20)."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kickoff.rsvp import calendar_changed_at, calendar_sequence
from emails.calendar_file import calendar_file
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


def read(file: bytes) -> icalendar.Calendar:
    parsed = icalendar.Calendar.from_ical(file)
    assert isinstance(parsed, icalendar.Calendar)
    assert not parsed.errors
    return parsed


def statuses(rsvp: Rsvp | None, settings: CohortSettings = BOTH, *, cancelled: bool = False) -> list[str]:
    file = calendar_file(settings, MENTOR, rsvp, sequence=1, cancelled=cancelled)
    return [str(event["status"]) for event in read(file).events]


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
    assert session["dtstart"].params["tzid"] == "America/Chicago"
    assert session.end - session.start == timedelta(hours=3, minutes=30)
    assert (kickoff.start, kickoff.end) == (day, day + timedelta(days=1))


@pytest.mark.parametrize("zone", ["America/Chicago", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_time_zone_in_the_file_tells_every_hour_of_the_year_as_the_zone_does(zone: str) -> None:
    file = read(calendar_file(cohort(half("one", date(2019, 5, 10)), zone=zone), MENTOR, None, sequence=7))
    [rules] = file.timezones
    begun = sorted(
        (rule.DTSTART - rule.TZOFFSETFROM, rule.TZOFFSETTO)
        for rule in rules.subcomponents
        if isinstance(rule, icalendar.TimezoneStandard | icalendar.TimezoneDaylight)
    )
    moment = datetime(2019, 1, 2, tzinfo=UTC)
    while moment < datetime(2019, 12, 30, tzinfo=UTC):
        offset = max(rule for rule in begun if rule[0] <= moment.replace(tzinfo=None))[1]
        assert offset == moment.astimezone(ZoneInfo(zone)).utcoffset()
        moment += timedelta(minutes=30)


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
def test_calling_off_calls_off_everything(rsvp: Rsvp | None) -> None:
    assert set(statuses(rsvp, cancelled=True)) == {"CANCELLED"}


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
        assert private.encode() not in file


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
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n", file)
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
