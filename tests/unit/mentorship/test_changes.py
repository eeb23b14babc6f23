"""What staff may change about a running mentorship, what is refused and why, and what becomes of it (A6, A25, A28)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.mentorship.calendar_math import meeting_days
from domain.mentorship.changes import apply_change, successor_terms
from domain.mentorship.progression import complete_moment, next_moment, plan_of
from domain.mentorship.response_effects import apply_answer
from schemas.enums import ChangeKind, EmailKind, EndingReason, Outcome, Recipient, Side
from schemas.errors import Refusal
from schemas.mentorship.changes import CadenceRequest, Change, EndRequest, ExtendRequest, PauseRequest, ResumeRequest
from schemas.mentorship.state import Answer, MentorshipState
from schemas.mentorship.terms import Cadence, Pause, Rhythm
from tests.unit.mentorship.histories import History, begin, day_in, executed_to_the_end, redrawn

NOW = datetime(2019, 9, 4, 17, tzinfo=UTC)
WITHDREW = EndRequest(outcome=Outcome.MENTOR_WITHDREW, reason=EndingReason.CIRCUMSTANCES)
QUARTERLY = Rhythm(every_months=3)


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


def _pause(from_on: str, until_on: str) -> PauseRequest:
    return PauseRequest(from_on=_day(from_on), until_on=_day(until_on))


@pytest.fixture
def running(begun: MentorshipState) -> MentorshipState:
    """The pair of 2019 on 4 September, having said nothing yet."""
    state = begun
    while (moment := next_moment(state)) and moment.at < NOW:
        state = complete_moment(state, moment)
    return state


def _after(state: MentorshipState, *changes: Change, now: datetime = NOW) -> MentorshipState:
    for change in changes:
        state = redrawn(apply_change(state, change, now), now)
    return state


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_pause("2019-09-04", "2019-10-01"), "can begin tomorrow, 2019-09-05"),
        (_pause("2019-10-01", "2019-10-01"), "must be after the pause's first day, 2019-10-01"),
        (_pause("2019-10-01", "2020-10-02"), "longer than a year"),
        (_pause("2020-11-11", "2020-12-01"), "ends on 2020-11-10, before the pause would begin"),
        (ResumeRequest(), "not paused, and no pause is planned"),
        (CadenceRequest(), "Say how often the pair meets"),
        (CadenceRequest(meetings=Rhythm()), "a number of months or a list of days"),
        (CadenceRequest(meetings=Rhythm(every_months=1, on=(_day("2019-10-01"),))), "one of the two"),
        (CadenceRequest(meetings=Rhythm(on=(_day("2019-09-04"),))), "2019-09-04 is not between tomorrow and"),
        (CadenceRequest(goal_updates=Rhythm(on=(_day("2020-11-11"),))), "2020-11-11 is not between tomorrow and"),
        (EndRequest(outcome=Outcome.COMPLETED, reason=EndingReason.TIME), "completes by itself on its last day"),
    ],
)
def test_change_that_makes_no_sense_is_refused_with_a_reason(
    running: MentorshipState, change: Change, why: str
) -> None:
    with pytest.raises(Refusal, match=why):
        apply_change(running, change, NOW)


@pytest.mark.parametrize(("from_on", "until_on"), [("2019-11-01", "2019-11-20"), ("2019-09-10", "2019-10-01")])
def test_pauses_may_neither_overlap_nor_touch(running: MentorshipState, from_on: str, until_on: str) -> None:
    paused = _after(running, _pause("2019-10-01", "2019-11-01"))
    with pytest.raises(Refusal, match="already a pause from 2019-10-01 until 2019-11-01"):
        apply_change(paused, _pause(from_on, until_on), NOW)


def test_extensions_add_up_to_two_years_at_most(running: MentorshipState) -> None:
    extended = _after(running, ExtendRequest(months=20))
    with pytest.raises(Refusal, match="25 months more than agreed; at most 24"):
        apply_change(extended, ExtendRequest(months=5), NOW)
    assert _after(extended, ExtendRequest(months=4)).terms.extended_months == 24


@pytest.mark.parametrize("change", [ExtendRequest(months=1), ResumeRequest(), WITHDREW])
def test_nothing_can_be_changed_about_what_is_over(running: MentorshipState, change: Change) -> None:
    with pytest.raises(Refusal, match="over \\(mentor withdrew\\), so you can't change it"):
        apply_change(_after(running, WITHDREW), change, NOW)
    ended = executed_to_the_end(History(running, NOW)).state
    with pytest.raises(Refusal, match="over \\(completed\\)"):
        apply_change(ended, change, plan_of(ended).ends_at + timedelta(days=1))


def test_both_get_an_email_about_a_change_and_when_a_pause_ends(running: MentorshipState) -> None:
    paused = apply_change(running, _pause("2019-10-01", "2019-11-01"), NOW)
    assert [
        (request.kind, request.to, request.change, request.pause_until_on) for request in paused.pending_emails
    ] == [(EmailKind.TERMS_CHANGED, Recipient(side), ChangeKind.PAUSE, _day("2019-11-01")) for side in Side]
    extended = apply_change(paused, ExtendRequest(months=1), NOW)
    assert [(request.change, request.pause_until_on) for request in extended.pending_emails[2:]] == [
        (ChangeKind.EXTEND, None)
    ] * 2
    assert len({request.key for request in extended.pending_emails}) == 4


def test_pause_postpones_all_that_comes_after_it_and_the_end(running: MentorshipState) -> None:
    paused = plan_of(_after(running, _pause("2019-10-01", "2019-11-01")))
    assert paused.ends_on == _day("2020-12-11")
    assert paused.milestone("check_in-2").closes_on == _day("2019-12-11")
    assert paused.milestone("agreement") == plan_of(running).milestone("agreement").model_copy(
        update={"open_until": paused.ends_at}
    )


def test_window_that_is_open_when_a_pause_begins_closes_so_much_later(running: MentorshipState) -> None:
    october = plan_of(running).milestone("check_in-2").opens_at + timedelta(hours=1)
    state = running
    while (moment := next_moment(state)) and moment.at < october:
        state = complete_moment(state, moment)
    paused = plan_of(_after(state, _pause("2019-10-25", "2019-11-25"), now=october)).milestone("check_in-2")
    before = plan_of(state).milestone("check_in-2")
    assert (paused.opens_on, paused.closes_on) == (before.opens_on, before.closes_on + timedelta(days=31))


def test_pause_goes_on_by_itself_or_is_cut_short_tomorrow(running: MentorshipState) -> None:
    paused = _after(running, _pause("2019-10-01", "2019-11-01"))
    within = NOW + timedelta(days=40)
    resumed = apply_change(paused, ResumeRequest(), within)
    assert resumed.terms.pauses == (Pause(from_on=_day("2019-10-01"), until_on=day_in(paused, within) + timedelta(1)),)
    with pytest.raises(Refusal, match="already resumes tomorrow"):
        apply_change(resumed, ResumeRequest(), within)


def test_planned_pause_is_removed_before_it_begins(running: MentorshipState) -> None:
    called_off = _after(running, _pause("2019-10-01", "2019-11-01"), ResumeRequest())
    assert called_off.terms.pauses == ()
    assert plan_of(called_off).milestones == plan_of(running).milestones


def test_pause_that_runs_is_resumed_before_one_that_is_planned(running: MentorshipState) -> None:
    paused = _after(running, _pause("2020-03-01", "2020-04-01"), _pause("2019-10-01", "2019-11-01"))
    resumed = apply_change(paused, ResumeRequest(), NOW + timedelta(days=40))
    assert sorted((pause.from_on, pause.until_on) for pause in resumed.terms.pauses) == [
        (_day("2019-10-01"), _day("2019-10-15")),
        (_day("2020-03-01"), _day("2020-04-01")),
    ]


def test_cadence_keeps_what_is_not_given(running: MentorshipState) -> None:
    both = _after(running, CadenceRequest(meetings=QUARTERLY), CadenceRequest(goal_updates=Rhythm(every_months=6)))
    assert both.terms.cadences[-1] == Cadence(
        since=_day("2019-09-04"), meetings=QUARTERLY, goal_updates=Rhythm(every_months=6)
    )
    # The first was by the cohort's rhythm.
    assert len(meeting_days(both.terms)) == 6


def test_early_end_keeps_what_was_and_offers_the_survey_once_with_the_farewell(running: MentorshipState) -> None:
    ended = _after(running, WITHDREW)
    assert ended.outcome is Outcome.MENTOR_WITHDREW
    assert [due.id for due in plan_of(ended).milestones] == ["closure_survey", "farewell"]
    assert [(request.kind, [ask.milestone for ask in request.asks]) for request in ended.pending_emails] == [
        (EmailKind.FAREWELL, ["farewell", "closure_survey"])
    ] * 2
    survey = Answer(milestone="closure_survey", side=Side.MENTEE, received_at=NOW + timedelta(days=3))
    lived = executed_to_the_end(History(apply_answer(ended, survey), NOW))
    assert lived.sent == ()
    assert lived.state.closings[-1].silent == (Side.MENTOR,)
    assert lived.state.outcome is Outcome.MENTOR_WITHDREW


def test_successor_keeps_the_quarters_and_the_end_and_nothing_the_old_pair_agreed_on(running: MentorshipState) -> None:
    agreed = _after(running, CadenceRequest(meetings=QUARTERLY), ExtendRequest(months=2), WITHDREW)
    terms = successor_terms(agreed, _day("2019-09-04"))
    assert (terms.begins_on, terms.predecessor, terms.kickoff_on) == (
        _day("2019-09-04"),
        "mile-2019-001",
        _day("2019-05-10"),
    )
    assert (terms.cadences, terms.revision) == ((), 0)
    assert (terms.agreed_on, terms.first_met_on, terms.ending) == (None, None, None)
    drawn = plan_of(begin(terms.model_copy(update={"mentorship_id": "mile-2019-002"})))
    assert drawn.ends_on == _day("2021-01-10")
    assert drawn.milestone("check_in-2") == plan_of(running).milestone("check_in-2")
    assert drawn.milestone("self_assessment-1").asked == (Side.MENTOR,)
    assert "check_in-1" not in [due.id for due in drawn.milestones]


def test_successor_is_refused_where_too_little_is_left_or_another_has_taken_over(running: MentorshipState) -> None:
    with pytest.raises(Refusal, match="Only 59 days are left"):
        successor_terms(running, _day("2020-09-12"))
    with pytest.raises(Refusal, match="mile-2019-009 has already taken over from mile-2019-001"):
        successor_terms(running.model_copy(update={"successor": "mile-2019-009"}), _day("2019-10-01"))
    over = running.model_copy(update={"outcome": Outcome.MENTEE_WITHDREW})
    with pytest.raises(Refusal, match="no one can take it over"):
        successor_terms(over, _day("2019-10-01"))


def test_days_of_a_pause_are_no_days_left_for_a_new_mentor(running: MentorshipState) -> None:
    paused = _after(running, _pause("2020-11-01", "2021-03-01"))
    with pytest.raises(Refusal, match="Only 9 days are left"):
        successor_terms(paused, _day("2020-12-01"))
