"""Decisions of staff are made once, and a mentorship restored from a backup goes on as if nothing had happened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.mentorship.changes import apply_change
from domain.mentorship.decisions import (
    Step,
    in_order,
    is_left_to_staff,
    make_decision,
    missed_decisions,
    missed_steps,
)
from domain.mentorship.plan import plan
from domain.mentorship.progression import (
    complete_moment,
    is_plan_stale,
    next_moment,
    planned_email_key,
    sent_emails,
)
from domain.mentorship.response_effects import apply_answer
from schemas.enums import EndingReason, Outcome, Side, WindowStatus
from schemas.mentorship.changes import (
    CadenceRequest,
    EndRequest,
    ExtendRequest,
    PauseRequest,
    ReplaceRequest,
    ResendRequest,
    ResolveRequest,
    ResumeRequest,
    StaffChange,
    StaffDecision,
)
from schemas.mentorship.state import Agreed, Answer, MentorshipState
from schemas.mentorship.terms import Rhythm

BEGAN = datetime(2019, 5, 10, 12, tzinfo=UTC)
END = EndRequest(outcome=Outcome.ENDED_EARLY, reason=EndingReason.CIRCUMSTANCES)


def _day(number: int) -> datetime:
    return BEGAN + timedelta(days=number)


def _decided(day: int, change: StaffChange) -> StaffDecision:
    return StaffDecision(at=_day(day), change=change.model_copy(update={"decision": f"d{day}"}))


def _answered(day: int, milestone: str, side: Side = Side.MENTEE, **said: object) -> Answer:
    return Answer.model_validate({"milestone": milestone, "side": side, "received_at": _day(day)} | said)


# What happened in a mentorship, by day: its agreement, silences, and whatever staff can decide.
LIFE: tuple[Step, ...] = (
    _answered(9, "first_contact", Side.MENTOR, met=True),
    _answered(12, "agreement", version=1, confirmed=True),
    _answered(
        14,
        "agreement",
        Side.MENTOR,
        version=1,
        confirmed=True,
        agreed=Agreed(meetings=Rhythm(every_months=1), goal_updates=Rhythm(every_months=3), goals=2),
    ),
    _answered(75, "check_in-1", status=WindowStatus.MET, call_requested=True),
    _decided(76, ResolveRequest()),
    _decided(80, PauseRequest(from_on=_day(90).date(), until_on=_day(150).date())),
    _decided(100, ResumeRequest()),
    _decided(110, ResendRequest(side=Side.MENTOR)),
    _decided(130, CadenceRequest(meetings=Rhythm(every_months=2))),
    # Asked on one's own page, once resolved and once not.
    _answered(152, "call_request", call_requested=True),
    _decided(170, ResolveRequest()),
    _decided(200, ExtendRequest(months=2)),
    _answered(205, "check_in-2", Side.MENTOR, status=WindowStatus.PLANNED),
    _answered(220, "call_request", revision=2, call_requested=True),
    _decided(240, END),
)
TODAY = _day(260)


class Run:
    """A mentorship led as its workflow leads it; ``emails`` are the keys it enqueued, which the outbox keeps once."""

    def __init__(self, state: MentorshipState, emails: frozenset[str] = frozenset()) -> None:
        self.state, self.emails = state, emails

    def live(self, until: datetime, steps: Sequence[Step] = ()) -> "Run":
        """Execute what is due until a moment, and take in steps when they come."""
        for step in (*steps, None):
            at = (step.received_at if isinstance(step, Answer) else step.at) if step else until
            self._execute(at)
            if step:
                self._take_in(step)
        return self

    def live_again(self, until: datetime, stored: Sequence[Step]) -> "Run":
        """Execute what is due until a moment, and ask before each what was missed, as after a restore."""
        answers = [step for step in stored if isinstance(step, Answer)]
        decisions = [step for step in stored if isinstance(step, StaffDecision)]
        while True:
            due = next_moment(self.state)
            before = min(due.at, until) if due else until
            if missed := missed_steps(self.state, answers, decisions, before):
                kept = [step for step in missed if isinstance(step, Answer)]
                for step in in_order(kept, [step for step in missed if isinstance(step, StaffDecision)]):
                    self._take_in(step)
            elif due is None or due.at > until:
                return self
            else:
                self._execute(due.at)

    def _execute(self, until: datetime) -> None:
        while (due := next_moment(self.state)) and due.at <= until:
            keys = {planned_email_key(self.state, email) for email in due.emails}
            self.state, self.emails = complete_moment(self.state, due), self.emails | keys

    def _take_in(self, step: Step) -> None:
        at = step.received_at if isinstance(step, Answer) else step.at
        after = apply_answer(self.state, step) if isinstance(step, Answer) else make_decision(self.state, step)
        self.emails |= {request.key for request in after.pending_emails}
        after = after.model_copy(update={"pending_emails": ()})
        if is_plan_stale(after):
            after = after.model_copy(update={"plan": plan(after.terms, at, sent_emails(after))})
        self.state = after


@pytest.fixture
def started(begun: MentorshipState) -> MentorshipState:
    return begun.model_copy(update={"plan": plan(begun.terms, BEGAN)})


def test_one_restored_at_any_moment_becomes_what_it_would_have_been(started: MentorshipState) -> None:
    undisturbed = Run(started).live(TODAY, LIFE)
    assert undisturbed.state.outcome is Outcome.ENDED_EARLY
    assert [made.id for made in undisturbed.state.decisions] == [s.id for s in LIFE if isinstance(s, StaffDecision)]
    for day in range(0, 260, 5):
        before = [step for step in LIFE if (step.received_at if isinstance(step, Answer) else step.at) <= _day(day)]
        restored = Run(started).live(_day(day), before)
        assert restored.live_again(TODAY, LIFE).state == undisturbed.state, day
        # What was enqueued before the restore has the same keys, so the outbox sends none of it again.
        assert restored.emails == undisturbed.emails


def test_request_for_a_call_that_is_open_or_was_resolved_is_not_told_again(started: MentorshipState) -> None:
    asked, resolved = _answered(20, "call_request", call_requested=True), _decided(21, ResolveRequest())
    assert missed_steps(started, [asked], [], TODAY) == (asked,)
    open_ = apply_answer(started, asked)
    assert missed_steps(open_, [asked], [], TODAY) == ()
    assert missed_steps(make_decision(open_, resolved), [asked], [resolved], TODAY) == ()
    again = _answered(22, "call_request", revision=2, call_requested=True)
    assert missed_steps(make_decision(open_, resolved), [again], [resolved], TODAY) == (again,)


def test_decision_that_was_made_is_not_made_again(started: MentorshipState) -> None:
    extended = _decided(20, ExtendRequest(months=2))
    once = make_decision(started, extended)
    assert make_decision(once, extended) == once
    assert once.terms.extended_months == 2
    assert missed_decisions(once, [extended]) == ()


def test_another_decision_of_the_same_kind_has_emails_of_its_own(started: MentorshipState) -> None:
    keys = [
        {request.key for request in make_decision(started, _decided(day, ExtendRequest(months=2))).pending_emails}
        for day in (20, 30)
    ]
    assert len(keys[0] | keys[1]) == 4
    unnamed = apply_change(started, ExtendRequest(months=2), _day(20))
    assert [request.key.split("/")[-3] for request in unnamed.pending_emails] == ["extend-1", "extend-1"]


def test_what_staff_decided_otherwise_since_waits_for_them(started: MentorshipState) -> None:
    lost, since = _decided(20, ExtendRequest(months=2)), _decided(30, ExtendRequest(months=3))
    now = make_decision(started, since)
    assert is_left_to_staff(now, lost)
    assert missed_steps(now, [], [lost, since], TODAY) == ()
    resent = _decided(31, ResendRequest(side=Side.MENTOR))
    assert not is_left_to_staff(make_decision(started, _decided(40, ResolveRequest())), lost)
    assert not is_left_to_staff(now, resent)


def test_what_was_refused_once_is_left_to_staff_and_later_steps_are_not(started: MentorshipState) -> None:
    refused, later = _decided(20, ReplaceRequest(mentor="M99")), _decided(21, ExtendRequest(months=2))
    assert missed_steps(started, [], [refused, later], TODAY) == (refused,)
    knowing = started.model_copy(update={"refused_decisions": (refused.id,)})
    assert is_left_to_staff(knowing, refused)
    assert missed_steps(knowing, [], [refused, later], TODAY) == (later,)


def test_what_can_no_longer_be_made_is_left_out(started: MentorshipState) -> None:
    ended = Run(started).live(_day(40), [_decided(30, END)]).state
    assert missed_steps(ended, [], [_decided(35, ExtendRequest(months=2))], TODAY) == ()


def test_nothing_is_made_before_its_moment(started: MentorshipState) -> None:
    decision = _decided(20, ExtendRequest(months=2))
    assert missed_steps(started, [], [decision], _day(19)) == ()
    assert missed_steps(started, [], [decision], _day(20)) == (decision,)


def test_replacement_ends_the_mentorship_and_names_its_successor(started: MentorshipState) -> None:
    decision = _decided(20, ReplaceRequest(mentor="M02"))
    assert missed_steps(started, [], [decision], TODAY) == (decision,)
    replaced = make_decision(started, decision, "mile-2019-009")
    assert (replaced.outcome, replaced.successor) == (Outcome.MENTOR_WITHDREW, "mile-2019-009")
    assert make_decision(replaced, decision) == replaced
