"""The mentorship's own days and the calendar's: a pause puts off what comes after it, and nothing before (A6, A28)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mentorship.calendar_math import (
    ends_on,
    goal_update_days,
    last_own_day,
    meeting_days,
    on_calendar,
    own_day,
    paused_on,
    quarter_on,
)
from schemas.mentorship.terms import Cadence, Pause, Rhythm, Terms

KICKOFF = date(2019, 5, 10)
A_DAY = timedelta(days=1)


@st.composite
def paused_terms(draw: st.DrawFn) -> Terms:
    """Draw terms with up to four separate pauses in any order."""
    pauses, day = [], KICKOFF
    for _ in range(draw(st.integers(0, 4))):
        day += timedelta(days=draw(st.integers(1, 150)))
        until = day + timedelta(days=draw(st.integers(1, 120)))
        pauses.append(Pause(from_on=day, until_on=until))
        day = until
    return _terms(pauses=tuple(draw(st.permutations(pauses))))


def _terms(**fields: object) -> Terms:
    base = {"mentorship_id": "mile-2019-001", "cohort_id": "mile-2019", "kickoff_on": KICKOFF}
    return Terms.model_validate(base | fields)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


OWN_DAYS = st.integers(0, 900).map(lambda days: KICKOFF + timedelta(days=days))


@given(terms=paused_terms(), day=OWN_DAYS)
def test_own_day_of_a_calendar_day_is_the_one_it_came_from(terms: Terms, day: date) -> None:
    assert own_day(terms, on_calendar(terms, day)) == day


@given(terms=paused_terms(), day=OWN_DAYS)
def test_calendar_day_comes_back_unless_it_lies_in_a_pause(terms: Terms, day: date) -> None:
    there_and_back = on_calendar(terms, own_day(terms, day))
    pause = paused_on(terms, day)
    assert there_and_back == (pause.until_on if pause else day)


@given(terms=paused_terms(), day=OWN_DAYS)
def test_later_days_stay_later(terms: Terms, day: date) -> None:
    days = [day + n * A_DAY for n in range(40)]
    assert all(earlier < later for earlier, later in pairwise([on_calendar(terms, day) for day in days]))
    assert all(earlier <= later for earlier, later in pairwise([own_day(terms, day) for day in days]))


@given(terms=paused_terms(), day=OWN_DAYS)
def test_clock_counts_the_days_outside_pauses(terms: Terms, day: date) -> None:
    calendar = [KICKOFF + n * A_DAY for n in range((on_calendar(terms, day) - KICKOFF).days)]
    counted = [day for day in calendar if not any(p.from_on <= day < p.until_on for p in terms.pauses)]
    assert len(counted) == (day - KICKOFF).days
    assert paused_on(terms, on_calendar(terms, day)) is None


@given(terms=paused_terms())
def test_pauses_are_added_to_the_end_in_whatever_order_they_came(terms: Terms) -> None:
    end = last_own_day(terms)
    for pause in sorted(terms.pauses, key=lambda pause: pause.from_on):
        end += pause.length if pause.from_on <= end else timedelta(0)
    assert ends_on(terms) == end


def test_extension_adds_calendar_months() -> None:
    assert ends_on(_terms(extended_months=3)) == _day("2021-02-10")


def test_goals_are_reported_on_in_the_cohorts_rhythm_until_the_pair_has_its_own() -> None:
    monthly = Cadence(since=_day("2019-09-01"), goal_updates=Rhythm(every_months=1))
    days = goal_update_days(_terms(cadences=(monthly,)))
    assert days[:4] == [_day("2019-08-10"), _day("2019-09-10"), _day("2019-10-10"), _day("2019-11-10")]
    assert days[-1] == _day("2020-11-10")
    assert len(days) == 16


def test_report_that_was_asked_for_already_is_still_due_after_a_change_of_rhythm() -> None:
    seldom = Rhythm(every_months=12)
    days_asked = goal_update_days(_terms(cadences=(Cadence(since=_day("2019-07-20"), goal_updates=seldom),)))
    unasked = goal_update_days(_terms(cadences=(Cadence(since=_day("2019-07-19"), goal_updates=seldom),)))
    assert days_asked == [_day("2019-08-10"), _day("2020-05-10"), _day("2020-11-10")]
    assert unasked == [_day("2020-05-10"), _day("2020-11-10")]


def test_a24_pair_without_an_agreement_meets_by_the_rhythm_of_its_cohort() -> None:
    middles = ["2019-06-25", "2019-09-25", "2019-12-26", "2020-03-26", "2020-06-25", "2020-09-25"]
    assert meeting_days(_terms()) == [_day(middle) for middle in middles]
    only_goals = Cadence(since=KICKOFF, goal_updates=Rhythm(every_months=1))
    assert meeting_days(_terms(cadences=(only_goals,))) == meeting_days(_terms())


def test_pair_that_agrees_late_keeps_the_meetings_it_was_reminded_of() -> None:
    monthly = Cadence(since=_day("2019-07-01"), meetings=Rhythm(every_months=1))
    days = meeting_days(_terms(cadences=(monthly,)))
    assert [day.isoformat() for day in days[:3]] == ["2019-06-25", "2019-07-25", "2019-08-25"]


@pytest.mark.parametrize(
    ("every_months", "meetings", "first"), [(1, 17, "2019-06-25"), (3, 6, "2019-06-25"), (6, 3, "2019-08-10")]
)
def test_meetings_fall_in_the_middle_of_each_stretch(every_months: int, meetings: int, first: str) -> None:
    days = meeting_days(
        _terms(cadences=(Cadence(since=_day("2019-06-01"), meetings=Rhythm(every_months=every_months)),))
    )
    assert len(days) == meetings
    assert days[0] == _day(first)


def test_own_dates_are_kept_to_the_day_and_left_out_where_the_clock_stands_still() -> None:
    on = (_day("2019-07-01"), _day("2019-08-15"), _day("2019-10-01"))
    pause = Pause(from_on=_day("2019-08-01"), until_on=_day("2019-09-01"))
    terms = _terms(cadences=(Cadence(since=KICKOFF, meetings=Rhythm(on=on)),), pauses=(pause,))
    assert [on_calendar(terms, day) for day in meeting_days(terms)] == [on[0], on[2]]


def test_last_window_goes_on_after_the_end() -> None:
    assert quarter_on(_terms(), _day("2019-05-10")) == 1
    assert quarter_on(_terms(), _day("2021-05-10")) == 6
