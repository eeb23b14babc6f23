"""What holds of every plan, whatever the settings, the kickoff, the zone and the changes since (A6, A22)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
from hypothesis import example, given
from hypothesis import strategies as st

from domain.calendar import end_of_day, local_day, months_after, morning
from domain.mentorship.calendar_math import quarter_on, quarters
from domain.mentorship.milestones import milestones
from domain.mentorship.plan import plan
from domain.mentorship.progression import plan_of
from schemas.enums import EndingReason, MilestoneKind, Outcome, Recipient, Side
from schemas.mentorship.state import MentorshipState, Milestone, Plan, PlannedEmail
from schemas.mentorship.terms import Ending, Terms, TimelineSettings, Window
from tests.unit.mentorship.histories import A_FEW_HISTORIES, History, begin

MINNESOTA = holidays.country_holidays("US", subdiv="MN")
OUTLIVING = {"closure_survey", "self_assessment-3", "farewell"}
IMPATIENT = TimelineSettings(
    check_in_every_months=1,
    first_contact=Window(opens=-20, closes=-5),
    check_in=Window(opens=-60, reminders=(-51,), closes=-50),
    closure_survey=Window(opens=-366, closes=-359),
)
LENIENT = TimelineSettings(
    months=3,
    first_contact=Window(opens=30, reminders=(300, 40), closes=366),
    agreement=Window(opens=100, closes=366),
    check_in=Window(opens=14, closes=28),
    goal_check_in=Window(opens=340, reminders=(364,), closes=366),
)
CROWDED = TimelineSettings(
    check_in_every_months=1,
    first_contact=Window(opens=0, reminders=(40, 10), closes=60),
    check_in=Window(opens=-40, reminders=(-3, -20), closes=0),
)


def _terms(timeline: TimelineSettings) -> Terms:
    kickoff_on = date(2019, 5, 10)
    return Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=kickoff_on, timeline=timeline)


def _drawn(terms: Terms) -> Plan:
    return plan_of(begin(terms))


def _to(drawn: Plan, side: Side) -> list[PlannedEmail]:
    return [email for email in drawn.emails if email.to == Recipient(side)]


def _asks(state: MentorshipState) -> Iterator[tuple[PlannedEmail, Milestone, int]]:
    """Yield what is still asked, email by email."""
    drawn = plan_of(state)
    for email in drawn.emails:
        if state.done_through is None or email.at > state.done_through:
            for ask in email.asks:
                yield email, drawn.milestone(ask.milestone), ask.occurrence


def _unpaused(terms: Terms, days: int) -> date:
    """Count so many days from kickoff, leaving out those of a pause."""
    day = terms.kickoff_on
    while True:
        paused = any(pause.from_on <= day < pause.until_on for pause in terms.pauses)
        if days == 0 and not paused:
            return day
        days -= not paused
        day += timedelta(days=1)


@A_FEW_HISTORIES
@given(...)
def test_mentorship_ends_after_its_months_its_extension_and_its_pauses(history: History) -> None:
    drawn, terms = plan_of(history.state), history.state.terms
    months = terms.timeline.months + terms.extended_months
    if terms.ending is None:
        own_days = (months_after(terms.kickoff_on, months) - terms.kickoff_on).days
        assert drawn.ends_on == _unpaused(terms, own_days)
    else:
        assert drawn.ends_on == terms.ending.on
    assert local_day(drawn.ends_at - timedelta(minutes=1), terms.time_zone) == drawn.ends_on
    assert local_day(drawn.ends_at, terms.time_zone) == drawn.ends_on + timedelta(days=1)


@given(...)
def test_mentorship_ends_on_the_day_of_the_month_it_began(terms: Terms) -> None:
    assert _drawn(terms).ends_on == months_after(terms.kickoff_on, terms.timeline.months)


@A_FEW_HISTORIES
@given(...)
def test_every_milestone_lies_within_the_mentorship_and_few_outlive_it(history: History) -> None:
    drawn, terms = plan_of(history.state), history.state.terms
    for due in drawn.milestones:
        assert terms.first_day <= due.opens_on <= due.closes_on - timedelta(days=7), due
        outlives = due.id in OUTLIVING or due.kind is MilestoneKind.FOLLOW_UP
        assert due.closes_at <= drawn.ends_at or outlives, due
        assert due.opens_at < due.closes_at == end_of_day(due.closes_on, terms.time_zone), due
        assert due.open_until in (None, drawn.ends_at), due


def test_survey_of_an_early_end_opens_on_the_first_day_at_the_earliest() -> None:
    short = TimelineSettings(months=3, closure_survey=Window(opens=-100, closes=14))
    ending = Ending(on=date(2019, 6, 10), outcome=Outcome.ENDED_EARLY, reason=EndingReason.FIT)
    drawn = _drawn(_terms(short).model_copy(update={"ending": ending}))
    assert drawn.milestone("closure_survey").opens_on == date(2019, 5, 10)


@given(...)
@example(terms=_terms(IMPATIENT))
@example(terms=_terms(LENIENT))
def test_plan_at_kickoff_lies_within_the_mentorship(terms: Terms) -> None:
    drawn = _drawn(terms)
    for due in drawn.milestones:
        assert terms.kickoff_on <= due.opens_on <= due.closes_on - timedelta(days=7), due
        outlives = due.id in OUTLIVING or due.kind is MilestoneKind.FOLLOW_UP
        assert due.closes_at <= drawn.ends_at or outlives, due
        assert morning(terms.kickoff_on, terms.time_zone) <= due.opens_at, due


@A_FEW_HISTORIES
@given(...)
def test_milestones_and_emails_stand_in_order_and_under_one_id_each(history: History) -> None:
    drawn = plan_of(history.state)
    assert [due.opens_at for due in drawn.milestones] == sorted(due.opens_at for due in drawn.milestones)
    assert [email.at for email in drawn.emails] == sorted(email.at for email in drawn.emails)
    assert len({due.id for due in drawn.milestones}) == len(drawn.milestones)


@A_FEW_HISTORIES
@given(...)
def test_every_email_goes_out_at_nine_on_a_business_day_and_in_no_pause(history: History) -> None:
    state = history.state
    for email in plan_of(state).emails:
        wall = email.at.astimezone(ZoneInfo(state.terms.time_zone))
        assert wall.time() == time(9)
        assert wall.weekday() < 5
        assert wall.date() not in MINNESOTA
        assert not [pause for pause in state.terms.pauses if pause.from_on <= wall.date() < pause.until_on]


@A_FEW_HISTORIES
@given(...)
def test_nobody_gets_two_emails_within_three_days_whatever_was_replanned(history: History) -> None:
    for side in Side:
        for earlier, later in pairwise(_to(plan_of(history.state), side)):
            assert later.at - earlier.at >= timedelta(hours=72), (earlier, later)


@A_FEW_HISTORIES
@given(...)
def test_every_email_comes_while_what_it_asks_for_is_open(history: History) -> None:
    for email, due, _ in _asks(history.state):
        assert due.opens_at <= email.at < due.closes_at, (email, due)


@A_FEW_HISTORIES
@given(...)
def test_reminder_goes_only_to_those_who_are_asked(history: History) -> None:
    for email, due, occurrence in _asks(history.state):
        assert not occurrence or Side(email.to) in due.asked, (email, due)


@given(...)
@example(terms=_terms(IMPATIENT))
@example(terms=_terms(LENIENT))
@example(terms=_terms(CROWDED))
def test_everybody_who_is_asked_is_asked_once_before_any_reminder(terms: Terms) -> None:
    drawn = _drawn(terms)
    for due in drawn.milestones:
        for side in due.asked:
            emails = _to(drawn, side)
            occurrences = [ask.occurrence for email in emails for ask in email.asks if ask.milestone == due.id]
            assert occurrences[:1] == [0], (side, due)
            assert occurrences == sorted(set(occurrences)), (side, due)


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
    kinds = {due.kind for due in _drawn(terms).milestones}
    assert (MilestoneKind.GOAL_CHECK_IN in kinds) == bool(terms.goals)


@given(...)
def test_reviews_are_due_only_once_the_pair_agreed_and_meetings_before(terms: Terms) -> None:
    kinds = {due.kind for due in _drawn(terms).milestones}
    assert MilestoneKind.AGREEMENT_REVIEW not in kinds
    assert MilestoneKind.MEETING in kinds or terms.begins_on


@given(terms=..., late=st.integers(1, 700))
def test_late_plan_neither_emails_in_the_past_nor_asks_for_what_is_over(terms: Terms, late: int) -> None:
    now = morning(terms.kickoff_on + timedelta(days=late), terms.time_zone) + timedelta(hours=9)
    drawn = plan(terms, now)
    assert drawn.milestones == _drawn(terms).milestones
    assert all(email.at > now for email in drawn.emails)
    assert all(email.at < drawn.milestone(ask.milestone).closes_at for email in drawn.emails for ask in email.asks)
    assert all(local_day(email.at, terms.time_zone) not in MINNESOTA for email in drawn.emails)
    assert all(local_day(email.at, terms.time_zone).weekday() < 5 for email in drawn.emails)


@given(...)
def test_windows_follow_each_other_without_a_gap_from_kickoff_to_the_end(terms: Terms) -> None:
    windows = quarters(terms)
    assert windows[0][1] == terms.kickoff_on
    assert windows[-1][2] == months_after(terms.kickoff_on, terms.timeline.months)
    assert [number for number, _, _ in windows] == list(range(1, len(windows) + 1))
    assert all(earlier[2] == later[1] for earlier, later in pairwise(windows))
    assert [quarter_on(terms, last) for _, _, last in windows] == [number for number, _, _ in windows]
    assert quarter_on(terms, windows[-1][2] + timedelta(days=90)) == len(windows)


@given(...)
def test_reminders_of_a_window_lie_between_its_opening_and_its_close(terms: Terms) -> None:
    for due, reminders in milestones(terms):
        assert all(due.opens_on < day < due.closes_on for day in reminders), due


def test_pairs_that_begin_in_the_office_hours_of_one_day_have_one_plan_and_later_ones_the_next() -> None:
    # A Friday.
    terms, zone = _terms(TimelineSettings()), ZoneInfo("America/Chicago")
    other = terms.model_copy(update={"mentorship_id": "mile-2019-002"})
    first = plan(terms, datetime(2019, 5, 10, 8, tzinfo=zone))
    assert first == plan(other, datetime(2019, 5, 10, 16, 59, tzinfo=zone))
    late = plan(other, datetime(2019, 5, 10, 17, tzinfo=zone))
    begin_at = [min(email.at for email in drawn.emails).astimezone(zone) for drawn in (first, late)]
    assert begin_at == [datetime(2019, 5, day, 9, tzinfo=zone) for day in (10, 13)]
    without_goals = plan(other.model_copy(update={"goals": 0}), datetime(2019, 5, 10, 8, tzinfo=zone))
    assert {due.kind for due in first.milestones} - {due.kind for due in without_goals.milestones} == {"goal_check_in"}
    elsewhere = plan(terms.model_copy(update={"time_zone": "America/New_York"}), datetime(2019, 5, 10, 8, tzinfo=zone))
    assert elsewhere.emails[0].at == first.emails[0].at - timedelta(hours=1)


def test_friday_to_monday_is_not_three_days_where_an_hour_is_lost_between_them() -> None:
    reminded_on_friday_and_monday = Window(opens=0, reminders=(14, 17), closes=28)
    never_mind = Window(opens=60, closes=70)
    terms = _terms(TimelineSettings(first_contact=reminded_on_friday_and_monday, agreement=never_mind))
    days = {}
    for kickoff_on in (date(2019, 2, 22), date(2019, 3, 15)):
        drawn = _drawn(terms.model_copy(update={"kickoff_on": kickoff_on}))
        days[kickoff_on.day] = [local_day(email.at, terms.time_zone).day for email in _to(drawn, Side.MENTOR)[:3]]
    assert days == {22: [22, 8, 12], 15: [15, 29, 1]}
