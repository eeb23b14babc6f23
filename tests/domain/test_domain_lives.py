"""What holds of every mentorship, whoever answers what and when."""

from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.forecast import forecast
from domain.steps import after, key_of, next_moment, phase_at, plan_of, received, waiting_for, waits_for
from domain.timeline import ONE_EMAIL_WITHIN
from schemas.mentorship import Answer, Forecast, MentorshipState
from schemas.words import Phase, Recipient, Side

WINDOWED = [Phase.PREPARING, Phase.ENABLING, Phase.CLOSURE]


def _lived_in_silence(state: MentorshipState) -> list[tuple[Any, ...]]:
    """Live to the end and write down every email and note, as (moment, to whom, what is asked)."""
    written: list[tuple[Any, ...]] = []
    while moment := next_moment(state):
        written += [(email.at, email.to, email.asks) for email in moment.emails]
        written += [(note.at, Recipient.STAFF, ()) for note in moment.notes]
        state = after(state, moment)
    return written


def _as_written(lines: list[Forecast]) -> list[tuple[Any, ...]]:
    return [(line.at, line.to, line.asks) for line in lines]


@given(...)
def test_forecast_is_what_a_silent_pair_then_lives(state: MentorshipState) -> None:
    assert _as_written(forecast(state)) == _lived_in_silence(state)


@given(...)
def test_carrying_out_the_next_moment_takes_just_that_out_of_the_forecast(state: MentorshipState) -> None:
    before = _as_written(forecast(state))
    if moment := next_moment(state):
        done = len(moment.emails) + len(moment.notes)
        assert _as_written(forecast(after(state, moment))) == before[done:]


@given(...)
def test_moments_only_ever_move_forward(state: MentorshipState) -> None:
    moments = []
    while moment := next_moment(state):
        assert state.done_through is None or moment.at > state.done_through
        moments.append(moment.at)
        state = after(state, moment)
    assert all(earlier < later for earlier, later in pairwise(moments))
    assert state.outcome is not None


@given(...)
def test_every_milestone_closes_once(state: MentorshipState) -> None:
    while moment := next_moment(state):
        state = after(state, moment)
    closed = Counter(closing.milestone for closing in state.closings)
    assert closed == Counter(due.id for due in plan_of(state).milestones if due.asked)


@given(...)
def test_no_two_emails_of_a_mentorship_share_a_key(state: MentorshipState) -> None:
    keys = []
    while moment := next_moment(state):
        keys += [key_of(state, email) for email in moment.emails]
        state = after(state, moment)
    assert len(keys) == len(set(keys))


@given(state=..., pick=st.integers(0, 200), side=...)
def test_answer_only_ever_takes_emails_away(state: MentorshipState, pick: int, side: Side) -> None:
    asked = [due for due in plan_of(state).milestones if due.asked]
    due = asked[pick % len(asked)]
    answer = Answer(milestone=due.id, side=side, revision=9, received_at=due.opens_at)
    foretold = {(at, to): set(asks) for at, to, asks in _as_written(forecast(state)) if to is not Recipient.STAFF}
    for at, to, asks in _as_written(forecast(received(state, answer))):
        if to is not Recipient.STAFF:
            assert set(asks) <= foretold[at, to]


@given(...)
def test_nobody_is_asked_for_what_they_answered(state: MentorshipState) -> None:
    while moment := next_moment(state):
        for email in moment.emails:
            for ask in email.asks:
                due = plan_of(state).milestone(ask.milestone)
                assert not due.asked or waits_for(state, due)
                assert not any(a.milestone == due.id and Recipient(a.side) == email.to for a in state.answers)
        state = after(state, moment)


@given(...)
def test_emails_still_to_come_stay_three_days_apart(state: MentorshipState) -> None:
    for side in Side:
        moments = [line.at for line in forecast(state) if line.to == Recipient(side)]
        assert all(later - earlier >= ONE_EMAIL_WITHIN for earlier, later in pairwise(moments))


@given(...)
def test_one_answer_of_each_side_to_each_milestone_is_remembered(state: MentorshipState) -> None:
    counted = Counter((answer.milestone, answer.side) for answer in state.answers)
    assert set(counted.values()) <= {1}
    assert all(a.received_at < plan_of(state).milestone(a.milestone).closes_at for a in state.answers)


@given(...)
def test_state_survives_the_way_through_temporal(state: MentorshipState) -> None:
    assert MentorshipState.model_validate_json(state.model_dump_json()) == state


@given(...)
def test_nothing_is_awaited_outside_its_window(state: MentorshipState) -> None:
    plan = plan_of(state)
    last = max(due.closes_at for due in plan.milestones)
    assert waiting_for(state, last) == ()
    assert phase_at(state, plan.ends_at) is Phase.AFTER
    assert all(phase_at(state, due.opens_at) in WINDOWED for due in plan.milestones if due.opens_at < plan.ends_at)
