"""Decisions of staff about a mentorship: each is made once, also where a restored database has to be told again.

A decision has an id. Its workflow keeps those it made, PostgreSQL keeps those staff saw confirmed. Where a backup of
one of the two was restored, what the workflow has not heard of is made again, in the order and as of the moments in
which it came, so that the mentorship goes on as if nothing had been restored (docs/decisions/0033).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from domain.calendar import local_day
from domain.mentorship.changes import apply_change, successor_terms
from domain.mentorship.progression import is_plan_stale
from domain.mentorship.response_effects import apply_answer, request_resend, resolve_concerns, would_change
from schemas.enums import Outcome
from schemas.errors import Refusal
from schemas.mentorship.changes import EndRequest, ReplaceRequest, ResendRequest, ResolveRequest, StaffDecision
from schemas.mentorship.state import Answer, MentorshipState

Step = Answer | StaffDecision


def make_decision(state: MentorshipState, decision: StaffDecision, successor: str | None = None) -> MentorshipState:
    """Return the state after a decision; it is unchanged where this decision was made before.

    ``successor`` is the mentorship by which another mentor takes over. Raises Refusal where it cannot be made.
    """
    if is_made(state, decision):
        return state
    after = _after(state, decision, successor)
    # One without an id was requested by an older release, and is known to this workflow alone.
    return after.model_copy(update={"decisions": (*after.decisions, decision)}) if decision.id else after


def is_made(state: MentorshipState, decision: StaffDecision) -> bool:
    """Tell whether a mentorship has made a decision."""
    return any(made.id == decision.id for made in state.decisions) and bool(decision.id)


def missed_decisions(state: MentorshipState, confirmed: Iterable[StaffDecision]) -> tuple[StaffDecision, ...]:
    """Return the decisions that staff saw confirmed and the workflow has not made, in order."""
    return tuple(sorted((one for one in confirmed if not is_made(state, one)), key=_moment))


def missed_steps(
    state: MentorshipState, answers: Iterable[Answer], confirmed: Iterable[StaffDecision], until: datetime
) -> tuple[Step, ...]:
    """Return the answers and decisions of up to a moment that the workflow has not heard of and can take in, in order.

    It is at most those up to the first that calls for a new plan, because only that plan tells what those after it are
    about. A decision is left out where it can no longer be made, and where staff have decided otherwise since.
    """
    steps: list[Step] = [*answers, *missed_decisions(state, confirmed)]
    taken: list[Step] = []
    for step in sorted((step for step in steps if _moment(step) <= until), key=_moment):
        after = _taken_in(state, step)
        if after == state:
            continue
        taken.append(step)
        state = after
        if is_plan_stale(state):
            break
    return tuple(taken)


def in_order(answers: Sequence[Answer], decisions: Sequence[StaffDecision]) -> tuple[Step, ...]:
    """Return answers and decisions in the order in which they came."""
    steps: list[Step] = [*answers, *decisions]
    return tuple(sorted(steps, key=_moment))


def is_left_to_staff(state: MentorshipState, decision: StaffDecision) -> bool:
    """Tell whether staff have to say if a missed decision still holds.

    It was refused when it was to be made again, or they have decided about the terms since without knowing of it.
    """
    harmless = (ResendRequest, ResolveRequest)
    is_overtaken = not isinstance(decision.change, harmless) and any(
        made.at > decision.at for made in state.decisions if not isinstance(made.change, harmless)
    )
    return is_overtaken or decision.id in state.refused_decisions


def _taken_in(state: MentorshipState, step: Step) -> MentorshipState:
    if isinstance(step, Answer):
        # Known answers have no effect; the others have the effects that they had then.
        return apply_answer(state, step) if would_change(state, step) else state
    if is_left_to_staff(state, step):
        return state
    try:
        return make_decision(state, step)
    except Refusal:
        return state


def _after(state: MentorshipState, decision: StaffDecision, successor: str | None) -> MentorshipState:
    change = decision.change
    if isinstance(change, ResendRequest):
        return request_resend(state, change.side, decision.at, change.decision)
    if isinstance(change, ResolveRequest):
        return resolve_concerns(state)
    if isinstance(change, ReplaceRequest):
        return _replaced(state, decision, change, successor)
    return apply_change(state, change, decision.at)


def _replaced(
    state: MentorshipState, decision: StaffDecision, change: ReplaceRequest, successor: str | None
) -> MentorshipState:
    # Once they have started, nothing speaks against it any more, whatever happened meanwhile.
    if successor is None:
        successor_terms(state, local_day(decision.at, state.terms.time_zone))
    if state.outcome is None:
        ending = EndRequest(outcome=Outcome.MENTOR_WITHDREW, reason=change.reason, decision=change.decision)
        state = apply_change(state, ending, decision.at)
    return state.model_copy(update={"successor": successor or state.successor})


def _moment(step: Step) -> datetime:
    return step.received_at if isinstance(step, Answer) else step.at
