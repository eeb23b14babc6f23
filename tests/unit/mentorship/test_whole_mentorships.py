"""What holds of every mentorship, whoever answers what and when, and whatever is changed."""

from collections import Counter
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from domain.mentorship.concerns import concerns
from domain.mentorship.forecast import forecast
from domain.mentorship.progression import (
    CLOSED_WITHOUT_WAKING,
    complete_moment,
    is_plan_stale,
    next_moment,
    phase_at,
    plan_of,
    waiting_for,
)
from domain.mentorship.response_effects import apply_answer
from schemas.enums import Phase
from tests.unit.mentorship.histories import A_FEW_HISTORIES, History, answers, executed_to_the_end


@A_FEW_HISTORIES
@given(...)
def test_moments_only_ever_move_forward_and_every_mentorship_ends(history: History) -> None:
    state, moments = history.state, []
    while moment := next_moment(state):
        assert state.done_through is None or moment.at > state.done_through
        moments.append(moment.at)
        state = complete_moment(state, moment)
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert state.outcome is not None


@A_FEW_HISTORIES
@given(...)
def test_every_milestone_closes_once(history: History) -> None:
    earlier = {closing.milestone for closing in history.state.closings}
    ended = executed_to_the_end(history).state
    closed = Counter(closing.milestone for closing in ended.closings[len(history.state.closings) :])
    to_close = [due for due in plan_of(ended).milestones if due.asked and due.id not in earlier]
    # Nobody is woken to close these; they are closed with what comes next, if anything does.
    loud = {due.id for due in to_close if due.kind not in CLOSED_WITHOUT_WAKING}
    assert set(closed.values()) <= {1}
    assert loud <= set(closed) <= {due.id for due in to_close}


@A_FEW_HISTORIES
@given(history=..., data=st.data())
def test_answer_only_ever_takes_emails_away_where_it_changes_no_terms(history: History, data: st.DataObject) -> None:
    answer = data.draw(answers(history.state, history.now))
    taken = apply_answer(history.state, answer)
    # A new version of the agreement is awaited again from whoever agreed to the one before.
    assume(not is_plan_stale(taken) and answer.version is None)
    forecasts = {(line.at, line.to): set(line.asks) for line in forecast(history.state)}
    for line in forecast(taken):
        assert set(line.asks) <= forecasts[line.at, line.to]


@A_FEW_HISTORIES
@given(history=..., data=st.data())
def test_repetition_of_an_answer_changes_nothing(history: History, data: st.DataObject) -> None:
    answer = data.draw(answers(history.state, history.now))
    once = apply_answer(history.state, answer)
    assert apply_answer(once, answer) == once


@A_FEW_HISTORIES
@given(...)
def test_one_answer_of_each_side_to_each_milestone_is_remembered(history: History) -> None:
    counted = Counter((answer.milestone, answer.side) for answer in history.state.answers)
    assert set(counted.values()) <= {1}


@A_FEW_HISTORIES
@given(...)
def test_nothing_is_awaited_after_everything_closed(history: History) -> None:
    drawn = plan_of(history.state)
    assert waiting_for(history.state, max(due.closes_at for due in drawn.milestones)) == ()
    assert phase_at(history.state, drawn.ends_at) is Phase.AFTER


@A_FEW_HISTORIES
@given(...)
def test_mentorship_that_is_over_concerns_staff_only_where_they_are_asked_for(history: History) -> None:
    ended = executed_to_the_end(history).state
    open_requests = (bool(ended.open_call_requests), bool(ended.unreachable), bool(ended.unrecognized_messages))
    assert len(concerns(ended)) == sum(open_requests)
