"""Which answers count: in time, the last revision, each side for themselves (A22, A34)."""

from datetime import timedelta

import pytest

from domain.mentorship.progression import (
    answer_of,
    awaited_sides,
    closing_of,
    complete_moment,
    next_moment,
    plan_of,
    record_answer,
)
from schemas.enums import MilestoneKind, Side, WindowStatus
from schemas.mentorship.state import Answer, MentorshipState

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE
SURVEY = MilestoneKind.CLOSURE_SURVEY


def _answer(state: MentorshipState, milestone: str, side: Side, **fields: object) -> Answer:
    at = plan_of(state).milestone(milestone).closes_at - timedelta(days=10)
    return Answer.model_validate({"milestone": milestone, "side": side, "received_at": at, **fields})


@pytest.mark.parametrize(("seconds_left", "counts"), [(1, True), (0, False), (-1, False)])
def test_answer_counts_until_the_last_second_of_its_window(
    begun: MentorshipState, seconds_left: int, counts: bool
) -> None:
    closes_at = plan_of(begun).milestone("check_in-1").closes_at
    came = closes_at - timedelta(seconds=seconds_left)
    answer = Answer(milestone="check_in-1", side=MENTEE, received_at=came, status=WindowStatus.MET)
    assert (answer_of(record_answer(begun, answer), "check_in-1", MENTEE) is not None) == counts


def test_answer_delivered_after_the_closing_changes_nothing(begun: MentorshipState) -> None:
    in_time = _answer(begun, "check_in-1", MENTOR, status=WindowStatus.MET)
    closed = begun
    while not closed.closings or closed.closings[-1].milestone != "goal_check_in-1":
        moment = next_moment(closed)
        assert moment is not None
        closed = complete_moment(closed, moment)
    assert "check_in-1" in [closing.milestone for closing in closed.closings]
    assert record_answer(closed, in_time) == closed


def test_answer_to_what_the_plan_does_not_know_changes_nothing(begun: MentorshipState) -> None:
    unknown = _answer(begun, "check_in-1", MENTOR).model_copy(update={"milestone": "check_in-99"})
    assert record_answer(begun, unknown) == begun


def test_highest_revision_counts_in_whatever_order_they_come(begun: MentorshipState) -> None:
    first, second = (
        _answer(begun, "check_in-1", MENTOR, revision=revision, status=status)
        for revision, status in ((1, WindowStatus.NOT_YET), (2, WindowStatus.MET))
    )
    forward, backward = (
        record_answer(record_answer(begun, first), second),
        record_answer(record_answer(begun, second), first),
    )
    assert forward.answers == backward.answers == (second,)
    assert record_answer(forward, second) == forward


def test_partners_answers_are_kept_apart(begun: MentorshipState) -> None:
    mentor = _answer(begun, "check_in-1", MENTOR, status=WindowStatus.MET)
    mentee = _answer(begun, "check_in-1", MENTEE, status=WindowStatus.NOT_YET)
    state = record_answer(record_answer(begun, mentor), mentee)
    assert record_answer(state, mentor) == state
    closing = closing_of(state, plan_of(state).milestone("check_in-1"))
    assert (closing.mentor, closing.mentee, closing.silent) == (WindowStatus.MET, WindowStatus.NOT_YET, ())


def test_survey_waits_for_both_sides_each_for_themselves(begun: MentorshipState) -> None:
    survey = plan_of(begun).milestone(SURVEY)
    assert awaited_sides(begun, survey) == (MENTOR, MENTEE)
    assert awaited_sides(record_answer(begun, _answer(begun, SURVEY, MENTOR)), survey) == (MENTEE,)
