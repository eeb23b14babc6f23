"""What holds of every plan, whatever a cohort's settings, its kickoff and its time zone (A6, A22, A27, A28)."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from hypothesis import example, given
from hypothesis import strategies as st

from domain.calendar import end_of, local_day, months_after, morning
from domain.timeline import plan, quarter_on, quarters
from schemas.mentorship import Milestone, Plan, PlannedEmail, Terms, Timeline, Window
from schemas.words import MilestoneKind, Recipient, Side

MINNESOTA = holidays.country_holidays("US", subdiv="MN")
IMPATIENT = Timeline(
    check_in_every_months=1,
    first_contact=Window(opens=-20, closes=-5),
    check_in=Window(opens=-60, reminders=(-51,), closes=-50),
    closure_survey=Window(opens=-366, closes=-359),
)
LENIENT = Timeline(
    months=3,
    first_contact=Window(opens=30, reminders=(300, 40), closes=366),
    check_in=Window(opens=14, closes=28),
    goal_check_in=Window(opens=340, reminders=(364,), closes=366),
)
CROWDED = Timeline(
    check_in_every_months=1,
    first_contact=Window(opens=0, reminders=(40, 10), closes=60),
    check_in=Window(opens=-40, reminders=(-3, -20), closes=0),
)


def _drawn(terms: Terms) -> Plan:
    return plan(terms, morning(terms.kickoff_on, terms.time_zone) - timedelta(hours=1))


def _terms(timeline: Timeline) -> Terms:
    kickoff_on = date(2019, 5, 10)
    return Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=kickoff_on, timeline=timeline)


def _to(drawn: Plan, side: Side) -> list[PlannedEmail]:
    return [email for email in drawn.emails if email.to == Recipient(side)]


def _asks(drawn: Plan) -> Iterator[tuple[PlannedEmail, Milestone, int]]:
    for email in drawn.emails:
        for ask in email.asks:
            yield email, drawn.milestone(ask.milestone), ask.occurrence


@given(...)
def test_mentorship_ends_on_the_day_of_the_month_it_began(terms: Terms) -> None:
    drawn = _drawn(terms)
    assert drawn.ends_on == months_after(terms.kickoff_on, terms.timeline.months)
    assert local_day(drawn.ends_at - timedelta(minutes=1), terms.time_zone) == drawn.ends_on
    assert local_day(drawn.ends_at, terms.time_zone) == drawn.ends_on + timedelta(days=1)


@given(...)
@example(terms=_terms(IMPATIENT))
@example(terms=_terms(LENIENT))
def test_every_milestone_lies_within_the_mentorship_and_only_the_survey_outlives_it(terms: Terms) -> None:
    drawn = _drawn(terms)
    for due in drawn.milestones:
        assert terms.kickoff_on <= due.opens_on <= due.closes_on - timedelta(days=7), due
        assert due.closes_at <= drawn.ends_at or due.kind is MilestoneKind.CLOSURE_SURVEY, due
        assert morning(terms.kickoff_on, terms.time_zone) <= due.opens_at < due.closes_at, due
        assert due.closes_at == end_of(due.closes_on, terms.time_zone), due
        assert not due.told_at or due.closes_at <= due.told_at <= due.closes_at + timedelta(days=6), due


@given(...)
@example(terms=_terms(LENIENT))
def test_milestones_and_emails_stand_in_order_and_under_one_id_each(terms: Terms) -> None:
    drawn = _drawn(terms)
    assert [due.opens_at for due in drawn.milestones] == sorted(due.opens_at for due in drawn.milestones)
    assert [email.at for email in drawn.emails] == sorted(email.at for email in drawn.emails)
    assert len({due.id for due in drawn.milestones}) == len(drawn.milestones)


@given(...)
def test_every_email_goes_out_at_nine_on_a_business_day(terms: Terms) -> None:
    for email in _drawn(terms).emails:
        wall = email.at.astimezone(ZoneInfo(terms.time_zone))
        assert wall.time() == time(9)
        assert wall.weekday() < 5
        assert wall.date() not in MINNESOTA


@given(...)
@example(terms=_terms(IMPATIENT))
@example(terms=_terms(LENIENT))
def test_nobody_gets_two_emails_within_three_days(terms: Terms) -> None:
    for side in Side:
        for earlier, later in pairwise(_to(_drawn(terms), side)):
            assert later.at - earlier.at >= timedelta(hours=72), (earlier, later)


@given(...)
@example(terms=_terms(IMPATIENT))
@example(terms=_terms(LENIENT))
@example(terms=_terms(CROWDED))
def test_everybody_who_is_asked_is_asked_once_before_any_reminder(terms: Terms) -> None:
    drawn = _drawn(terms)
    for due in drawn.milestones:
        for side in due.asked:
            occurrences = [
                ask.occurrence for email in _to(drawn, side) for ask in email.asks if ask.milestone == due.id
            ]
            assert occurrences[:1] == [0], (side, due)
            assert occurrences == sorted(set(occurrences)), (side, due)


@given(...)
@example(terms=_terms(LENIENT))
def test_every_email_comes_while_what_it_asks_for_is_open(terms: Terms) -> None:
    for email, due, _ in _asks(_drawn(terms)):
        assert due.opens_at <= email.at < due.closes_at, (email, due)


@given(...)
@example(terms=_terms(CROWDED))
def test_both_are_welcomed_with_the_first_email_as_its_first_subject(terms: Terms) -> None:
    drawn = _drawn(terms)
    for side in Side:
        first, *_ = _to(drawn, side)
        assert first.asks[0].milestone == MilestoneKind.WELCOME
        assert local_day(first.at, terms.time_zone) - terms.kickoff_on <= timedelta(days=4)


@given(...)
def test_mentee_without_goals_is_never_asked_about_them(terms: Terms) -> None:
    asked = {due.kind for due in _drawn(terms).milestones}
    assert (MilestoneKind.GOAL_CHECK_IN in asked) == bool(terms.goals)


@given(terms=..., late=st.integers(1, 700))
def test_plan_drawn_up_late_neither_writes_into_the_past_nor_asks_for_what_is_over(terms: Terms, late: int) -> None:
    now = morning(terms.kickoff_on + timedelta(days=late), terms.time_zone) + timedelta(hours=9)
    drawn = plan(terms, now)
    assert drawn.milestones == _drawn(terms).milestones
    assert all(email.at > now for email in drawn.emails)
    assert all(email.at < due.closes_at for email, due, _ in _asks(drawn))


@given(...)
def test_windows_follow_each_other_without_a_gap_from_kickoff_to_the_end(terms: Terms) -> None:
    windows = quarters(terms)
    assert windows[0][1] == terms.kickoff_on
    assert windows[-1][2] == months_after(terms.kickoff_on, terms.timeline.months)
    assert [number for number, _, _ in windows] == list(range(1, len(windows) + 1))
    assert all(earlier[2] == later[1] for earlier, later in pairwise(windows))
    assert [quarter_on(terms, last) for _, _, last in windows] == [number for number, _, _ in windows]
    assert quarter_on(terms, windows[-1][2] + timedelta(days=90)) == len(windows)


def test_friday_to_monday_is_not_three_days_where_an_hour_is_lost_between_them() -> None:
    reminded_on_friday_and_monday = Window(opens=0, reminders=(7, 10), closes=21)
    terms = _terms(Timeline(first_contact=reminded_on_friday_and_monday))
    days = {}
    for kickoff_on in (date(2019, 3, 1), date(2019, 3, 15)):
        drawn = _drawn(terms.model_copy(update={"kickoff_on": kickoff_on}))
        days[kickoff_on.day] = [email.at.day for email in _to(drawn, Side.MENTOR)[:3]]
    assert days == {1: [1, 8, 12], 15: [15, 22, 25]}
