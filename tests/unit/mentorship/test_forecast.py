"""The forecast is what happens if nobody replies, and the preview of a change is what the change does."""

from collections.abc import Iterable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.mentorship.changes import apply_change
from domain.mentorship.forecast import forecast
from domain.mentorship.progression import complete_moment, email_kind, next_moment, plan_of
from domain.mentorship.what_if import changed_emails, what_if
from schemas.enums import EmailKind, EndingReason, MilestoneKind, Outcome, Recipient
from schemas.errors import Refusal
from schemas.mentorship.changes import Change, EndRequest, ExtendRequest, PauseRequest
from schemas.mentorship.state import Ask, Forecast, MentorshipState
from tests.unit.mentorship.histories import (
    A_FEW_HISTORIES,
    AN_HOUR,
    History,
    after_one_moment,
    changes,
    day_in,
    executed_to_the_end,
    redrawn,
)

Line = tuple[Recipient, EmailKind, Ask]


def _lines(forecasts: Iterable[Forecast]) -> dict[Line, Forecast]:
    return {(email.to, email.kind, email.asks[0]): email for email in forecasts}


def _forecast_lines(state: MentorshipState) -> dict[Line, Forecast]:
    lines = forecast(state)
    assert len(_lines(lines)) == len(lines)
    return _lines(lines)


def _changed(history: History, change: Change) -> MentorshipState | None:
    try:
        return apply_change(history.state, change, history.now)
    except Refusal:
        return None


@A_FEW_HISTORIES
@given(...)
def test_forecast_is_what_a_silent_pair_then_gets(history: History) -> None:
    expected = [(line.at, line.to, line.kind, line.asks) for line in forecast(history.state)]
    got = []
    state = history.state
    while moment := next_moment(state):
        got += [(email.at, email.to, email_kind(state, email), email.asks) for email in moment.emails]
        state = complete_moment(state, moment)
    assert expected == got
    assert len(got) == len(executed_to_the_end(history).sent) - len(history.sent)


@A_FEW_HISTORIES
@given(...)
def test_executing_a_moment_removes_just_its_emails_from_the_forecast(history: History) -> None:
    following = after_one_moment(history)
    done = len(following.sent) - len(history.sent)
    assert forecast(following.state) == forecast(history.state)[done:]


@A_FEW_HISTORIES
@given(history=..., data=st.data())
def test_what_a_change_would_bring_is_what_it_brings(history: History, data: st.DataObject) -> None:
    change = data.draw(changes(day_in(history.state, history.now)))
    changed = _changed(history, change)
    if changed is None:
        with pytest.raises(Refusal):
            what_if(history.state, change, history.now)
        return
    before, then = _forecast_lines(history.state), _forecast_lines(redrawn(changed, history.now))
    effect = what_if(history.state, change, history.now)
    at_once = len(changed.pending_emails) - len(history.state.pending_emails)
    assert [(line.at, line.to, line.kind) for line in effect.added[:at_once]] == [
        (errand.at, errand.to, errand.kind) for errand in changed.pending_emails[len(history.state.pending_emails) :]
    ]
    added, dropped = _lines(effect.added[at_once:]), _lines(effect.dropped)
    moved = _lines(move.email for move in effect.moved)
    assert added == {line: then[line] for line in then.keys() - before.keys()}
    assert dropped == {line: before[line] for line in before.keys() - then.keys()}
    stayed = then.keys() & before.keys()
    assert moved == {line: then[line] for line in stayed if then[line].at != before[line].at}
    assert [move.before for move in effect.moved] == [before[line].at for line in moved]
    assert (effect.ends_on_before, effect.ends_on) == (
        plan_of(history.state).ends_on,
        plan_of(redrawn(changed, history.now)).ends_on,
    )


def test_forecast_says_why_and_what_follows_in_silence(begun: MentorshipState) -> None:
    lines = forecast(begun)
    reminder = next(line for line in lines if line.kind is EmailKind.FIRST_CONTACT)
    assert reminder.why == "no answer to first contact yet, 11 days left"
    assert reminder.if_nobody_replies == "staff see it in the weekly digest after 2019-05-31"
    window = next(line for line in lines if line.kind is EmailKind.CHECK_IN)
    assert window.why == "check-in 1 opens"
    assert "staff see it after two check-ins without a meeting" in window.if_nobody_replies
    farewell = next(line for line in lines if line.kind is EmailKind.FAREWELL)
    assert farewell.if_nobody_replies == "no answer needed"


def test_extension_of_a_silent_pair_moves_what_hangs_on_the_end_and_adds_a_window(begun: MentorshipState) -> None:
    effect = what_if(begun, ExtendRequest(months=3), plan_of(begun).emails[0].at + AN_HOUR)
    moved = {move.email.asks[0].milestone for move in effect.moved}
    assert moved >= {MilestoneKind.CLOSING_CONVERSATION, MilestoneKind.FAREWELL, "follow_up-1", "follow_up-2"}
    assert {line.asks[0].milestone for line in effect.added if line.asks} == {"check_in-7", "meeting-7"}
    assert [line.kind for line in effect.added[:2]] == [EmailKind.TERMS_CHANGED] * 2
    assert (effect.ends_on_before.isoformat(), effect.ends_on.isoformat()) == ("2020-11-10", "2021-02-10")


def test_early_end_drops_every_email_to_come_and_says_farewell_at_once(begun: MentorshipState) -> None:
    end = EndRequest(outcome=Outcome.ENDED_EARLY, reason=EndingReason.TIME)
    effect = what_if(begun, end, plan_of(begun).emails[0].at + AN_HOUR)
    assert [line.kind for line in effect.added] == [EmailKind.FAREWELL] * 2
    assert list(effect.dropped) == forecast(begun)
    assert effect.moved == ()


def test_asking_what_a_change_would_bring_changes_nothing(begun: MentorshipState) -> None:
    now = plan_of(begun).emails[0].at + AN_HOUR
    before = begun.model_copy(deep=True)
    pause = PauseRequest(from_on=day_in(begun, now).replace(day=20), until_on=day_in(begun, now).replace(day=30))
    assert what_if(begun, pause, now).moved
    assert begun == before


@A_FEW_HISTORIES
@given(...)
def test_a_plan_made_again_by_the_same_rules_changes_no_email_to_come(history: History) -> None:
    moment = next_moment(history.state)
    # What is overdue would move to the next morning.
    assume(moment is None or moment.at > history.now)
    assert changed_emails(history.state, history.now) == ()


def test_emails_that_another_plan_adds_moves_and_drops_are_told_with_both_days(begun: MentorshipState) -> None:
    window = begun.terms.timeline.first_contact.model_copy(update={"reminders": (12, 16)})
    timeline = begun.terms.timeline.model_copy(update={"first_contact": window, "follow_up_after_months": (3,)})
    changed = begun.model_copy(update={"terms": begun.terms.model_copy(update={"timeline": timeline})})
    emails = changed_emails(changed, plan_of(begun).emails[0].at - AN_HOUR)
    told = [(email.kind, email.asks[0].occurrence, email.before is None, email.after is None) for email in emails]
    follow_ups = [(EmailKind.FOLLOW_UP, occurrence, False, True) for occurrence in (0, 0, 1, 1)]
    assert told == [(EmailKind.FIRST_CONTACT, 1, False, False), (EmailKind.FIRST_CONTACT, 2, True, False), *follow_ups]
    assert emails[0].before == next(e.at for e in forecast(begun) if e.kind is EmailKind.FIRST_CONTACT)
    assert emails[0].after is not None
    assert (emails[0].after - emails[0].before).days == 2
