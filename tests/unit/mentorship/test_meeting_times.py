"""Times of meetings: daylight saving time, two time zones, what is suggested, and which meeting a day is for."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.date_parsing import parse_time
from domain.mentorship.meeting_times import both_times, meeting_for, moment_of, suggested_times, zone_of
from emails.samples import MENTEE, MENTOR
from schemas.enums import Availability, MilestoneKind, Side
from schemas.errors import Refusal
from schemas.mentorship.meetings import MeetingDate
from schemas.mentorship.my_mentorship import MilestoneForSide

CHICAGO, PHOENIX = "America/Chicago", "America/Phoenix"
IN_PHOENIX = MENTOR.model_copy(update={"time_zone": PHOENIX})
NOW = datetime(2027, 3, 1, 18, tzinfo=UTC)
MORNINGS, EVENINGS, WEEKENDS = Availability.MORNINGS, Availability.EVENINGS, Availability.WEEKENDS


# Clocks in Chicago change on March 14 and November 7, 2027; those in Phoenix never do. Hours are UTC.
@pytest.mark.parametrize(
    ("day", "utc", "words", "theirs"),
    [
        (date(2027, 3, 12), 21, "3:00 PM CST (2:00 PM MST for Ingeborg)", "2:00 PM MST (3:00 PM CST for Kao Nou)"),
        (date(2027, 3, 15), 20, "3:00 PM CDT (1:00 PM MST for Ingeborg)", "1:00 PM MST (3:00 PM CDT for Kao Nou)"),
        (date(2027, 11, 5), 20, "3:00 PM CDT (1:00 PM MST for Ingeborg)", "1:00 PM MST (3:00 PM CDT for Kao Nou)"),
        (date(2027, 11, 8), 21, "3:00 PM CST (2:00 PM MST for Ingeborg)", "2:00 PM MST (3:00 PM CST for Kao Nou)"),
    ],
)
def test_three_in_chicago_is_two_or_one_in_phoenix(day: date, utc: int, words: str, theirs: str) -> None:
    moment = moment_of(day, time(15), CHICAGO)
    assert moment == datetime.combine(day, time(utc), UTC)
    assert both_times(moment, MENTEE, IN_PHOENIX, CHICAGO).endswith(words)
    assert both_times(moment, IN_PHOENIX, MENTEE, CHICAGO).endswith(theirs)


def test_an_hour_in_phoenix_stays_the_same_moment_all_year() -> None:
    moments = [moment_of(date(2027, month, 12), time(15), PHOENIX) for month in (1, 7)]
    assert [moment.hour for moment in moments] == [22, 22]


def test_same_clocks_are_said_once_and_another_day_is_named() -> None:
    moment = moment_of(date(2027, 7, 12), time(15), CHICAGO)
    assert both_times(moment, MENTEE, MENTOR, CHICAGO) == "Monday, July 12, 2027, 3:00 PM CDT"
    in_tokyo = MENTOR.model_copy(update={"time_zone": "Asia/Tokyo"})
    assert both_times(moment, MENTEE, in_tokyo, CHICAGO).endswith("(Tuesday, July 13, 2027, 5:00 AM JST for Ingeborg)")
    assert zone_of(MENTOR, CHICAGO) == CHICAGO


def test_time_that_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(Refusal, match="Clocks go forward that night, so there is no 2:30 AM on Sunday, March 14, 2027"):
        moment_of(date(2027, 3, 14), time(2, 30), CHICAGO)
    assert moment_of(date(2027, 3, 14), time(2, 30), PHOENIX).hour == 9
    assert moment_of(date(2027, 11, 7), time(1, 30), CHICAGO) == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mine", "partners", "hours"),
    [
        ((MORNINGS, EVENINGS), (EVENINGS,), {18}),
        ((MORNINGS,), (EVENINGS,), {10}),
        ((MORNINGS,), (), {10}),
        ((), (EVENINGS,), {10, 15}),
        ((WEEKENDS,), (WEEKENDS, MORNINGS), {11}),
    ],
)
def test_suggestions_suit_both_or_else_whoever_proposes(
    mine: tuple[Availability, ...], partners: tuple[Availability, ...], hours: set[int]
) -> None:
    suggested = suggested_times(mine, partners, NOW, PHOENIX, around=date(2027, 3, 26))
    local = [moment.astimezone(ZoneInfo(PHOENIX)) for moment in suggested]
    assert 1 <= len(local) <= 10
    assert {moment.hour for moment in local} == hours
    assert local == sorted(local)
    assert local[0].date() >= date(2027, 3, 19)
    assert all((moment.weekday() >= 5) == (WEEKENDS in mine) for moment in local)


def test_suggestions_are_never_sooner_than_in_three_days_nor_on_holidays() -> None:
    before_memorial_day = datetime(2027, 5, 27, 18, tzinfo=UTC)
    suggested = suggested_times((MORNINGS,), (MORNINGS,), before_memorial_day, CHICAGO, around=date(2027, 5, 28))
    days = {moment.date() for moment in suggested}
    assert min(days) > date(2027, 5, 31)


def _meeting(number: int, due: date, **answers: str) -> MilestoneForSide:
    opens, closes = due - timedelta(days=7), due + timedelta(days=14)
    return MilestoneForSide(
        id=f"meeting-{number}",
        kind=MilestoneKind.MEETING,
        number=number,
        asked=True,
        opens_on=opens,
        closes_on=closes,
        opens_at=datetime.combine(opens, time(14), UTC),
        closes_at=datetime.combine(closes, time(5), UTC),
        answers=answers,
    )


def _date(milestone: str, *, cancelled: bool = False) -> MeetingDate:
    return MeetingDate(
        mentorship_id="mile-2019-001",
        milestone_id=milestone,
        side=Side.MENTEE,
        starts_at=NOW,
        minutes=30,
        cancelled=cancelled,
        received_at=NOW,
    )


def test_day_is_for_the_nearest_meeting_without_a_date_or_else_for_one_more() -> None:
    due = [_meeting(1, date(2027, 3, 26)), _meeting(2, date(2027, 6, 26))]

    def found(day: date, *dates: MeetingDate) -> str:
        return meeting_for(day, due, {date.milestone_id: date for date in dates}, NOW, -7)

    assert found(date(2027, 3, 20)) == "meeting-1"
    assert found(date(2027, 5, 20)) == "meeting-2"
    assert found(date(2027, 9, 20)) == "meeting-101"
    assert found(date(2027, 3, 20), _date("meeting-1")) == "meeting-101"
    assert found(date(2027, 3, 20), _date("meeting-1", cancelled=True)) == "meeting-1"
    assert found(date(2027, 3, 20), _date("meeting-1"), _date("meeting-101")) == "meeting-102"
    due[0] = _meeting(1, date(2027, 3, 26), held="held")
    assert found(date(2027, 3, 20)) == "meeting-101"
    due[0] = _meeting(1, date(2027, 3, 26), held="planned")
    assert found(date(2027, 3, 20)) == "meeting-1"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("15:30", "15:30"),
        ("3:30 PM", "15:30"),
        ("3 p.m.", "15:00"),
        ("12am", "00:00"),
        ("noon", "12:00"),
        ("9", "09:00"),
    ],
)
def test_time_of_day_is_read_as_people_type_it(typed: str, read: str) -> None:
    assert f"{parse_time(typed):%H:%M}" == read


@pytest.mark.parametrize("typed", ["", "25:00", "3:60", "13 pm", "0am", "half past three", "١٢:٠٠"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="such as 3:30 PM"):
        parse_time(typed)
