"""What a mentorship does next: from its plan and what was answered, the next moment, what it brings, what follows.

The workflow takes these steps, and the forecast (domain.mentorship.forecast) takes them ahead of time, so both agree.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from domain.calendar import local_day
from domain.mentorship.calendar_math import quarter_on
from schemas.base import FrozenModel
from schemas.enums import EmailKind, MilestoneKind, Outcome, Phase, Side, WindowStatus
from schemas.ids import email_key
from schemas.mentorship.state import Answer, Closing, EmailRequest, MentorshipState, Milestone, Plan, PlannedEmail, when

CLOSURE_KINDS = (MilestoneKind.CLOSING_CONVERSATION, MilestoneKind.CLOSURE_SURVEY)
# A month, which is longer than daily backups are kept: whoever restores an older one restores both databases.
RECENT_EMAILS = timedelta(days=35)
# The close of these has no effects, whatever was answered.
CLOSED_WITHOUT_WAKING = (MilestoneKind.WELCOME, MilestoneKind.MEETING, MilestoneKind.THANKS, MilestoneKind.FAREWELL)


class Moment(FrozenModel):
    """All that is due in a mentorship at the same time."""

    at: datetime
    emails: tuple[PlannedEmail, ...] = ()
    closes: tuple[Milestone, ...] = ()
    ends: bool = False
    needs_timer: bool = True


def plan_of(state: MentorshipState) -> Plan:
    """Return the plan of a mentorship that has begun."""
    if state.plan is None:
        raise ValueError(f"{state.terms.mentorship_id} has no plan yet")
    return state.plan


def next_moment(state: MentorshipState) -> Moment | None:
    """Return the next moment at which something happens if nobody replies before, or None when all is done.

    At the last one the last window closes: answers can be changed until then.
    """
    last = None
    for moment in _moments(state):
        if moment.needs_timer:
            return moment
        if any(due.closes_at == moment.at for due in moment.closes):
            last = moment
    return last


def complete_moment(state: MentorshipState, moment: Moment) -> MentorshipState:
    """Return the state after a moment was executed."""
    ended = {"outcome": state.outcome or Outcome.COMPLETED} if moment.ends else {}
    return close(state, moment.closes).model_copy(update={"done_through": moment.at, **ended})


def close(state: MentorshipState, milestones: Iterable[Milestone]) -> MentorshipState:
    """Return the state in which these milestones have closed, as things stand."""
    closings = (*state.closings, *(closing_of(state, milestone) for milestone in milestones))
    return state.model_copy(update={"closings": closings})


def settled_windows(state: MentorshipState, at: datetime) -> tuple[Milestone, ...]:
    """Return the settled milestones whose windows were over by a moment and have not closed yet."""
    return tuple(due for due in (_past_windows(state, at) if state.plan else ()) if _is_settled(state, due))


def record_enqueued(state: MentorshipState, emails: Sequence[EmailRequest], now: datetime) -> MentorshipState:
    """Return the state after emails were enqueued; it keeps them for as long as a backup may be older than they."""
    recent = (email for email in (*state.recent_emails, *emails) if email.at > now - RECENT_EMAILS)
    return state.model_copy(
        update={
            "pending_emails": tuple(email for email in state.pending_emails if email not in emails),
            "recent_emails": tuple({email.key: email for email in recent}.values()),
        }
    )


def record_answer(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Return the state after an answer came: the last revision before the window closes counts.

    It is unchanged where the answer comes too late or is known already.
    """
    milestone = milestone_of(state, answer.milestone)
    # The moment at which the page stored the answer counts: while Temporal is down, its signal comes hours later.
    if milestone is None or answer.received_at >= milestone.answerable_until:
        return state
    # How a milestone closed is recorded for reports, so a late signal does not change it any more.
    if milestone.open_until is None and any(closing.milestone == milestone.id for closing in state.closings):
        return state
    earlier = _latest_answer(state, answer.milestone, answer.side)
    # A signal can arrive twice, and an older revision after a newer one. Where PostgreSQL lost a response in a restore,
    # the next one has a number again that was used before, but is stored later.
    if earlier is not None and earlier.revision >= answer.revision and earlier.stored_at >= answer.stored_at:
        return state
    others = tuple(other for other in state.answers if other is not earlier)
    return state.model_copy(update={"answers": (*others, answer)})


def is_plan_stale(state: MentorshipState) -> bool:
    """Tell whether a mentorship needs a new plan: it has none, one for other terms, or an operator asked for one."""
    return state.plan is None or state.plan.revision != state.terms.revision or state.plan_requested


def sent_emails(state: MentorshipState) -> tuple[PlannedEmail, ...]:
    """Return the emails of the plan whose moments are past."""
    if state.plan is None or state.done_through is None:
        return ()
    return tuple(email for email in state.plan.emails if email.at <= state.done_through)


def milestone_of(state: MentorshipState, milestone_id: str) -> Milestone | None:
    """Return a milestone of the plan, or None where the plan has none of this id."""
    return next((due for due in plan_of(state).milestones if due.id == milestone_id), None)


def answer_of(state: MentorshipState, milestone_id: str, side: Side) -> Answer | None:
    """Return what one participant answered to a milestone since it opened, or None.

    What was confirmed of an agreement counts for its newest version only (A30).
    """
    answer = _latest_answer(state, milestone_id, side)
    # The plan is searched only for what was answered: of most milestones nothing was.
    milestone = milestone_of(state, milestone_id) if answer else None
    if answer is None or milestone is None or answer.received_at < milestone.opens_at:
        return None
    if answer.version is None:
        return answer
    newest = max(other.version or 0 for other in state.answers if other.milestone == milestone_id)
    return answer if answer.confirmed and answer.version == newest else None


def awaited_sides(state: MentorshipState, milestone: Milestone) -> tuple[Side, ...]:
    """Return the sides whose answer a milestone still waits for."""
    silent = tuple(side for side in milestone.asked if answer_of(state, milestone.id, side) is None)
    if milestone.settled_by_either and any(answer_of(state, milestone.id, side) for side in Side):
        return ()
    return silent


def closing_of(state: MentorshipState, milestone: Milestone) -> Closing:
    """Return how a milestone closes as things stand; a silence is recorded as such, never as an answer."""
    if milestone.kind is not MilestoneKind.CHECK_IN:
        return Closing(milestone=milestone.id, silent=awaited_sides(state, milestone))
    answers = {side: answer_of(state, milestone.id, side) for side in Side}
    status = {side: answer.status if answer else WindowStatus.UNANSWERED for side, answer in answers.items()}
    return Closing(
        milestone=milestone.id,
        silent=awaited_sides(state, milestone),
        mentor=status[Side.MENTOR],
        mentee=status[Side.MENTEE],
    )


def due_email(state: MentorshipState, email: PlannedEmail) -> PlannedEmail | None:
    """Return a planned email without the asks that are answered, or None where none is left."""
    side = Side(email.to)
    asks = tuple(ask for ask in email.asks if _still_asked(state, plan_of(state).milestone(ask.milestone), side))
    return email.model_copy(update={"asks": asks}) if asks else None


def email_kind(state: MentorshipState, email: PlannedEmail) -> EmailKind:
    """Return the kind of an email: that of the first thing it asks for."""
    return EmailKind(plan_of(state).milestone(email.asks[0].milestone).kind)


def planned_email_key(state: MentorshipState, email: PlannedEmail) -> str:
    """Return the unique key of an email."""
    ask = email.asks[0]
    # The key names the opening day: a window that was postponed and opens again is asked about again.
    subject = f"{ask.milestone}@{plan_of(state).milestone(ask.milestone).opens_on}"
    return email_key(state.terms.mentorship_id, email_kind(state, email), subject, email.to, ask.occurrence)


def phase_at(state: MentorshipState, now: datetime) -> Phase:
    """Return the phase of a mentorship (Zachary 2000): negotiating ends when both agreed, or should have."""
    if state.outcome or now >= plan_of(state).ends_at:
        return Phase.AFTER
    if any(due.opens_at <= now for due in plan_of(state).milestones if due.kind in CLOSURE_KINDS):
        return Phase.CLOSURE
    agreement = milestone_of(state, MilestoneKind.AGREEMENT)
    if state.terms.agreed_on or agreement is None or now >= agreement.closes_at:
        return Phase.ENABLING
    return Phase.NEGOTIATING if now >= agreement.opens_at else Phase.PREPARING


def quarter_at(state: MentorshipState, now: datetime) -> int:
    """Return the number of the check-in window a mentorship is in."""
    return quarter_on(state.terms, local_day(now, state.terms.time_zone))


def wait_summary(moment: Moment) -> str:
    """Return what operators read beside the timer of a moment: its time (UTC), and what happens then."""
    emails = [f"{email.asks[0].milestone} to {email.to}" for email in moment.emails]
    closings = [f"close {milestone.id}" for milestone in moment.closes]
    ending = ["end"] if moment.ends else []
    return f"{when(moment.at)} {', '.join([*emails, *closings, *ending])}"


def waiting_for(state: MentorshipState, now: datetime) -> tuple[str, ...]:
    """Return whose answer to what is awaited now, as ``mentor:check_in-3``, sorted."""
    return tuple(
        sorted(
            f"{side}:{milestone.id}"
            for milestone in plan_of(state).milestones
            if milestone.opens_at <= now < milestone.answerable_until
            for side in awaited_sides(state, milestone)
        )
    )


def _moments(state: MentorshipState) -> Iterator[Moment]:
    plan = plan_of(state)
    instants = {plan.ends_at} | {email.at for email in plan.emails}
    instants |= {due.closes_at for due in plan.milestones if due.kind not in CLOSED_WITHOUT_WAKING}
    earlier: tuple[Milestone, ...] = ()
    for at in sorted(instants):
        if state.done_through is None or at > state.done_through:
            moment = _moment(state, plan, at, earlier)
            yield moment
            earlier = moment.closes


def _moment(state: MentorshipState, plan: Plan, at: datetime, earlier: Collection[Milestone]) -> Moment:
    """Return what is due at a moment; the ``earlier`` windows were over at the one before, and needed no timer."""
    planned = (due_email(state, email) for email in plan.emails if email.at == at)
    emails, closes = tuple(email for email in planned if email), _past_windows(state, at)
    ends = plan.ends_at == at
    known = {due.id for due in earlier}
    needs_timer = ends or bool(emails) or any(due.id not in known and _needs_timer(state, due) for due in closes)
    return Moment(at=at, emails=emails, closes=closes, ends=ends, needs_timer=needs_timer)


def _past_windows(state: MentorshipState, at: datetime) -> tuple[Milestone, ...]:
    closed = {closing.milestone for closing in state.closings}
    return tuple(due for due in plan_of(state).milestones if due.asked and due.closes_at <= at and due.id not in closed)


def _needs_timer(state: MentorshipState, due: Milestone) -> bool:
    return due.kind not in CLOSED_WITHOUT_WAKING and not _is_settled(state, due)


def _is_settled(state: MentorshipState, due: Milestone) -> bool:
    """Tell whether a milestone waits for nobody and, if it is a check-in, somebody reported a meeting.

    Its close then changes nothing that lists show: neither whom it waits for nor a concern.
    """
    closing = closing_of(state, due)
    met = due.kind is not MilestoneKind.CHECK_IN or WindowStatus.MET in (closing.mentor, closing.mentee)
    return met and not closing.silent


def _latest_answer(state: MentorshipState, milestone_id: str, side: Side) -> Answer | None:
    return next((a for a in state.answers if a.milestone == milestone_id and a.side is side), None)


def _still_asked(state: MentorshipState, milestone: Milestone, side: Side) -> bool:
    if not milestone.asked:
        return True
    if milestone.settled_by_either:
        return bool(awaited_sides(state, milestone))
    return side in awaited_sides(state, milestone)
