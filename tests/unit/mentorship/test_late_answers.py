"""Answers that come late, again, out of order, or to what has moved or gone: each has its effect, or none (A34)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.mentorship.changes import apply_change
from domain.mentorship.progression import answer_of, complete_moment, next_moment, plan_of, waiting_for
from domain.mentorship.response_effects import apply_answer
from schemas.enums import EmailKind, EndingReason, MilestoneKind, Outcome, Side, WindowStatus
from schemas.mentorship.changes import CadenceRequest, EndRequest, ExtendRequest, PauseRequest
from schemas.mentorship.state import Answer, MentorshipState
from schemas.mentorship.terms import Rhythm
from tests.unit.mentorship.histories import AN_HOUR, History, day_in, executed_to_the_end, redrawn

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
AGREEMENT, SURVEY = MilestoneKind.AGREEMENT, MilestoneKind.CLOSURE_SURVEY
MET, NOT_YET = WindowStatus.MET, WindowStatus.NOT_YET


def _executed_until(state: MentorshipState, at: datetime) -> MentorshipState:
    while (moment := next_moment(state)) and moment.at <= at:
        state = complete_moment(state, moment)
    return state


def _closing(state: MentorshipState, milestone: str) -> datetime:
    return plan_of(state).milestone(milestone).closes_at


def _answer(milestone: str, side: Side, at: datetime, **fields: object) -> Answer:
    return Answer.model_validate({"milestone": milestone, "side": side, "received_at": at, **fields})


def test_answer_after_its_window_changes_nothing(begun: MentorshipState) -> None:
    closes_at = _closing(begun, "check_in-1")
    closed = _executed_until(begun, closes_at)
    late = _answer("check_in-1", MENTOR, closes_at, status=NOT_YET)
    assert apply_answer(closed, late) == closed


def test_answer_that_came_in_time_and_arrives_after_the_closing_changes_nothing(begun: MentorshipState) -> None:
    closes_at = _closing(begun, "check_in-1")
    closed = _executed_until(begun, closes_at)
    assert apply_answer(closed, _answer("check_in-1", MENTOR, closes_at - AN_HOUR, status=NOT_YET)) == closed


def test_agreement_may_be_made_after_it_was_due_and_until_the_end(begun: MentorshipState) -> None:
    late = _executed_until(begun, _closing(begun, AGREEMENT) + timedelta(days=100))
    draft = _answer(AGREEMENT, MENTEE, plan_of(begun).ends_at - AN_HOUR, version=1)
    assert [errand.kind for errand in apply_answer(late, draft).pending_emails] == [EmailKind.AGREEMENT_CHANGED]
    over = draft.model_copy(update={"received_at": plan_of(begun).ends_at})
    assert apply_answer(late, over) == late


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 1, 3), (3, 3, 2)])
def test_last_revision_counts_in_whatever_order_they_come(begun: MentorshipState, order: tuple[int, ...]) -> None:
    at = _closing(begun, "check_in-1") - timedelta(days=3)
    fields = {1: WindowStatus.PLANNED, 2: WindowStatus.PLANNED, 3: NOT_YET}
    state = begun
    for revision in order:
        state = apply_answer(state, _answer("check_in-1", MENTOR, at, revision=revision, status=fields[revision]))
    counted = answer_of(state, "check_in-1", MENTOR)
    assert counted is not None
    assert (counted.revision, counted.status) == (3, NOT_YET)


def test_answer_from_before_a_window_was_postponed_is_asked_for_again(begun: MentorshipState) -> None:
    survey = plan_of(begun).milestone(SURVEY)
    at = survey.opens_at + AN_HOUR
    answered = apply_answer(_executed_until(begun, at), _answer(SURVEY, MENTOR, at))
    assert answer_of(answered, SURVEY, MENTOR) is not None
    put_off = redrawn(apply_change(answered, ExtendRequest(months=2), at), at)
    assert answer_of(put_off, SURVEY, MENTOR) is None
    opens_at = plan_of(put_off).milestone(SURVEY).opens_at
    again = executed_to_the_end(History(put_off, at)).sent
    assert any(SURVEY in [window[0] for window in sent.windows] and sent.email.at >= opens_at for sent in again)
    anew = apply_answer(put_off, _answer(SURVEY, MENTOR, opens_at + AN_HOUR, revision=2))
    assert answer_of(anew, SURVEY, MENTOR) is not None


def test_answer_to_a_window_that_a_pause_holds_open_counts(begun: MentorshipState) -> None:
    window = plan_of(begun).milestone("check_in-1")
    at = window.opens_at + AN_HOUR
    tomorrow = day_in(begun, at) + timedelta(days=1)
    state = apply_change(
        _executed_until(begun, at), PauseRequest(from_on=tomorrow, until_on=tomorrow + timedelta(60)), at
    )
    paused = redrawn(state, at)
    answer = _answer("check_in-1", MENTEE, window.closes_at + timedelta(days=30), status=NOT_YET)
    assert answer_of(apply_answer(paused, answer), "check_in-1", MENTEE) == answer


def test_answer_to_a_milestone_that_was_dropped_changes_nothing(begun: MentorshipState) -> None:
    at = plan_of(begun).emails[0].at + AN_HOUR
    seldom = CadenceRequest(goal_updates=Rhythm(every_months=12))
    state = redrawn(apply_change(_executed_until(begun, at), seldom, at), at)
    assert [due.id for due in plan_of(state).milestones if due.kind is MilestoneKind.GOAL_CHECK_IN] == [
        "goal_check_in-1",
        "goal_check_in-2",
    ]
    assert apply_answer(state, _answer("goal_check_in-5", MENTEE, at)) == state


def test_answer_after_an_early_end_counts_for_the_survey_only(begun: MentorshipState) -> None:
    at = plan_of(begun).milestone("check_in-1").opens_at + AN_HOUR
    end = EndRequest(outcome=Outcome.ENDED_EARLY, reason=EndingReason.GOALS_REACHED)
    ended = redrawn(apply_change(_executed_until(begun, at), end, at), at)
    assert waiting_for(ended, at) == ("mentee:closure_survey", "mentor:closure_survey")
    for milestone in ("check_in-1", "agreement", "self_assessment-1"):
        assert apply_answer(ended, _answer(milestone, MENTEE, at + AN_HOUR, status=MET)) == ended
    surveyed = apply_answer(ended, _answer(SURVEY, MENTEE, at + AN_HOUR))
    assert waiting_for(surveyed, at + AN_HOUR) == ("mentor:closure_survey",)


def test_answer_after_all_is_over_changes_nothing(begun: MentorshipState) -> None:
    ended = executed_to_the_end(History(begun, datetime(2019, 5, 10, 13, tzinfo=UTC))).state
    for due in plan_of(ended).milestones:
        assert apply_answer(ended, _answer(due.id, MENTOR, datetime(2021, 7, 1, tzinfo=UTC))) == ended
