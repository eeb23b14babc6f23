"""What a mentorship does next: from its plan and what was answered, the next moment, what it brings, what follows.

The workflow lives these steps and the forecast (domain/forecast.py) walks them ahead, so both are of one mind.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.calendar import local_day
from domain.timeline import quarter_on
from schemas.base import Value
from schemas.ids import email_key
from schemas.mentorship import Answer, Closing, MentorshipState, Milestone, Plan, PlannedEmail, StaffNote, when
from schemas.words import EmailKind, MilestoneKind, Outcome, Phase, Side, StaffReason, WindowStatus

PHASE_OF = {
    MilestoneKind.WELCOME: Phase.PREPARING,
    MilestoneKind.FIRST_CONTACT: Phase.PREPARING,
    MilestoneKind.CHECK_IN: Phase.ENABLING,
    MilestoneKind.GOAL_CHECK_IN: Phase.ENABLING,
    MilestoneKind.CLOSURE_SURVEY: Phase.CLOSURE,
}
UNMET_WINDOWS_BEFORE_STAFF_ARE_TOLD = 2


class Moment(Value):
    """All that is due at one instant of a mentorship's life."""

    at: datetime
    emails: tuple[PlannedEmail, ...] = ()
    notes: tuple[StaffNote, ...] = ()
    closes: tuple[Milestone, ...] = ()
    ends: bool = False

    @property
    def something_happens(self) -> bool:
        """Tell whether anything is left to do."""
        return bool(self.emails or self.notes or self.closes or self.ends)


def plan_of(state: MentorshipState) -> Plan:
    """Return the plan of a mentorship that has begun."""
    if state.plan is None:
        raise ValueError(f"{state.terms.mentorship_id} has no plan yet")
    return state.plan


def next_moment(state: MentorshipState) -> Moment | None:
    """Return the next instant at which something happens if nobody replies before, or None when all is done."""
    return next((moment for moment in _moments(state) if moment.something_happens), None)


def after(state: MentorshipState, moment: Moment) -> MentorshipState:
    """Return what a mentorship remembers once a moment was carried out."""
    closings = (*state.closings, *(closing_of(state, milestone) for milestone in moment.closes))
    ended = {"outcome": state.outcome or Outcome.COMPLETED} if moment.ends else {}
    return state.model_copy(update={"done_through": moment.at, "closings": closings, **ended})


def received(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Return what a mentorship remembers once an answer came: the last revision before the window closes counts."""
    milestone = next((due for due in plan_of(state).milestones if due.id == answer.milestone), None)
    earlier = answer_of(state, answer.milestone, answer.side)
    if milestone is None or answer.received_at >= milestone.closes_at or _closed(state, milestone):
        return state
    if earlier is not None and earlier.revision >= answer.revision:
        return state
    others = tuple(kept for kept in state.answers if kept is not earlier)
    return state.model_copy(update={"answers": (*others, answer)})


def answer_of(state: MentorshipState, milestone_id: str, side: Side) -> Answer | None:
    """Return what one participant answered to a milestone, or None."""
    return next((a for a in state.answers if a.milestone == milestone_id and a.side is side), None)


def waits_for(state: MentorshipState, milestone: Milestone) -> tuple[Side, ...]:
    """Return the sides whose answer a milestone still waits for."""
    silent = tuple(side for side in milestone.asked if answer_of(state, milestone.id, side) is None)
    if milestone.settled_by_either and any(answer_of(state, milestone.id, side) for side in Side):
        return ()
    return silent


def closing_of(state: MentorshipState, milestone: Milestone) -> Closing:
    """Return how a milestone closes as things stand; a silence is recorded as such, never as an answer."""
    if milestone.kind is not MilestoneKind.CHECK_IN:
        return Closing(milestone=milestone.id, silent=waits_for(state, milestone))
    said = {side: answer_of(state, milestone.id, side) for side in Side}
    status = {side: answer.status if answer else WindowStatus.UNANSWERED for side, answer in said.items()}
    return Closing(
        milestone=milestone.id,
        silent=waits_for(state, milestone),
        mentor=status[Side.MENTOR],
        mentee=status[Side.MENTEE],
    )


def due_email(state: MentorshipState, email: PlannedEmail) -> PlannedEmail | None:
    """Return a planned email without what is answered already, or None when nothing is left to ask."""
    side = Side(email.to)
    asks = tuple(ask for ask in email.asks if _still_asked(state, plan_of(state).milestone(ask.milestone), side))
    return email.model_copy(update={"asks": asks}) if asks else None


def kind_of(state: MentorshipState, email: PlannedEmail) -> EmailKind:
    """Return the kind of an email: that of the first thing it asks for."""
    return EmailKind(plan_of(state).milestone(email.asks[0].milestone).kind)


def key_of(state: MentorshipState, email: PlannedEmail) -> str:
    """Return the unique key of an email."""
    ask = email.asks[0]
    return email_key(state.terms.mentorship_id, kind_of(state, email), ask.milestone, email.to, ask.occurrence)


def phase_at(state: MentorshipState, now: datetime) -> Phase:
    """Return the phase a mentorship is in: that of the milestone opened last, and after its end the time after."""
    if now >= plan_of(state).ends_at:
        return Phase.AFTER
    opened = [milestone for milestone in plan_of(state).milestones if milestone.opens_at <= now]
    return PHASE_OF[opened[-1].kind] if opened else Phase.PREPARING


def quarter_at(state: MentorshipState, now: datetime) -> int:
    """Return the number of the check-in window a mentorship is in."""
    return quarter_on(state.terms, local_day(now, state.terms.time_zone))


def summary(moment: Moment) -> str:
    """Return what operators read beside the timer of a moment: when, and what happens then."""
    asked = [f"{email.asks[0].milestone} to {email.to}" for email in moment.emails]
    closed = [f"close {milestone.id}" for milestone in moment.closes]
    told = [f"tell staff: {note.reason}" for note in moment.notes]
    ended = ["end"] if moment.ends else []
    return f"{when(moment.at)} {', '.join([*asked, *closed, *told, *ended])}"


def waiting_for(state: MentorshipState, now: datetime) -> tuple[str, ...]:
    """Return whose answer to what is awaited now, as ``mentor:check_in-3``, sorted."""
    return tuple(
        sorted(
            f"{side}:{milestone.id}"
            for milestone in plan_of(state).milestones
            if milestone.opens_at <= now < milestone.closes_at
            for side in waits_for(state, milestone)
        )
    )


def _moments(state: MentorshipState) -> Iterator[Moment]:
    plan = plan_of(state)
    instants = {email.at for email in plan.emails} | {plan.ends_at}
    instants |= {at for due in plan.milestones for at in (due.closes_at, due.told_at) if at}
    for at in sorted(instants):
        if state.done_through is None or at > state.done_through:
            yield _moment(state, plan, at)


def _moment(state: MentorshipState, plan: Plan, at: datetime) -> Moment:
    planned = (due_email(state, email) for email in plan.emails if email.at == at)
    return Moment(
        at=at,
        emails=tuple(email for email in planned if email),
        notes=tuple(_notes(state, plan, at)),
        closes=tuple(due for due in plan.milestones if due.closes_at == at and due.asked),
        ends=plan.ends_at == at,
    )


def _notes(state: MentorshipState, plan: Plan, at: datetime) -> Iterator[StaffNote]:
    for milestone in plan.milestones:
        reason = _worth_a_note(state, plan, milestone) if milestone.told_at == at else None
        if reason:
            yield StaffNote(reason=reason, milestone=milestone.id, at=at)


def _worth_a_note(state: MentorshipState, plan: Plan, milestone: Milestone) -> StaffReason | None:
    """Staff hear of a missing first contact, and of every second window in a row in which nobody says they met."""
    if milestone.kind is MilestoneKind.FIRST_CONTACT and waits_for(state, milestone):
        return StaffReason.NO_FIRST_CONTACT
    if milestone.kind is MilestoneKind.CHECK_IN:
        unmet = _unmet_in_a_row(state, plan, milestone)
        if unmet and unmet % UNMET_WINDOWS_BEFORE_STAFF_ARE_TOLD == 0:
            return StaffReason.SILENT
    return None


def _unmet_in_a_row(state: MentorshipState, plan: Plan, upto: Milestone) -> int:
    windows = [due for due in plan.milestones if due.kind is MilestoneKind.CHECK_IN and due.number <= upto.number]
    in_a_row = 0
    for window in sorted(windows, key=lambda due: due.number):
        closing = closing_of(state, window)
        in_a_row = 0 if WindowStatus.MET in (closing.mentor, closing.mentee) else in_a_row + 1
    return in_a_row


def _closed(state: MentorshipState, milestone: Milestone) -> bool:
    return any(closing.milestone == milestone.id for closing in state.closings)


def _still_asked(state: MentorshipState, milestone: Milestone, side: Side) -> bool:
    if not milestone.asked:
        return True
    if milestone.settled_by_either:
        return bool(waits_for(state, milestone))
    return side in waits_for(state, milestone)
