"""The immediate effects of what somebody did: who gets an email, and what changes about the mentorship."""

from datetime import datetime

from domain.calendar import local_day
from domain.mentorship.progression import (
    awaited_sides,
    email_kind,
    milestone_of,
    planned_email_key,
    record_answer,
    sent_emails,
)
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side, StaffReason, WindowStatus
from schemas.errors import Refusal
from schemas.ids import email_key
from schemas.mentorship.changes import ResolveRequest
from schemas.mentorship.state import Agreed, Answer, Ask, EmailRequest, MentorshipState, PlannedEmail
from schemas.mentorship.terms import Cadence

MOST_YEARS = 20


def apply_answer(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Return the state after an answer came, with its immediate effects.

    A repetition changes nothing. A request for a call counts whenever it comes, once for each form.
    """
    if answer.meeting:
        return record_meeting(state, answer)
    before = _with_call(state, answer)
    state = record_answer(before, answer) if before.plan else before
    if state is before:
        return _with_agreement(before, answer) if _was_overtaken(before, answer) else before
    milestone = milestone_of(state, answer.milestone)
    if _is_news(before, answer):
        state = _with_agreement(state, answer)
    if milestone and milestone.kind is MilestoneKind.THANKS:
        words_of = (Ask(milestone=milestone.id),)
        state = add_email_request(
            state, EmailKind.GRATITUDE, Recipient.MENTOR, milestone.id, at=answer.received_at, asks=words_of
        )
    return _with_first_meeting(state, answer)


def record_meeting(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Return the state after the two agreed on the date of a meeting, moved it or cancelled it.

    It is unchanged where that is known already, and after the end. Both are emailed by whoever stored it.
    """
    meeting = answer.meeting
    if meeting is None or state.outcome or state.terms.ending:
        return state
    agreed = {known.number: known for known in state.terms.agreed_meetings}
    known = agreed.get(meeting.number)
    # As with other answers: a number that PostgreSQL gave before a restore may come again, but later.
    if known and known.revision >= meeting.revision and known.stored_at >= answer.stored_at:
        return state
    newest = agreed | {meeting.number: meeting.model_copy(update={"stored_at": answer.stored_at})}
    return revise_terms(state, agreed_meetings=tuple(newest[number] for number in sorted(newest)))


def would_change(state: MentorshipState, answer: Answer) -> bool:
    """Tell whether a mentorship has not heard of an answer that it can still take in."""
    changed = (record_meeting if answer.meeting else record_answer)(state, answer) != state
    return changed or _is_unheard_call(state, answer)


def check_moment(state: MentorshipState, answer: Answer) -> None:
    """Raise Refusal where an answer is dated in a year in which this mentorship cannot have had one."""
    years = answer.received_at.year - state.terms.kickoff_on.year
    if not -1 <= years <= MOST_YEARS:
        raise Refusal(f"An answer of {answer.received_at.year} cannot be one to {state.terms.mentorship_id}.")


def record_undeliverable(state: MentorshipState, side: Side, at: datetime) -> MentorshipState:
    """Return the state after a side's address refused an email; staff and the partner get one email each about it."""
    if side in state.unreachable:
        return state
    # To the second: a corrected address that is wrong, too, may refuse an email on the same day.
    subject = f"{side}-{at:%Y%m%dT%H%M%S}"
    state = state.model_copy(update={"unreachable": (*state.unreachable, side)})
    state = add_staff_note(state, StaffReason.UNDELIVERABLE, f"undeliverable-{subject}", at, side)
    if side.partner in state.unreachable:
        return state
    return add_email_request(state, EmailKind.PARTNER_UNREACHABLE, Recipient(side.partner), subject, at=at)


def resolve_concerns(state: MentorshipState) -> MentorshipState:
    """Return the state after staff attended to the concerns that only they can settle."""
    return state.model_copy(update={"open_call_requests": (), "unreachable": (), "unrecognized_messages": 0})


def request_resend(state: MentorshipState, side: Side, now: datetime, decision: str = "") -> MentorshipState:
    """Request an email to one side again: what waits for their answer, or else the last email that asked nothing.

    Its key has the id of staff's decision. Raises Refusal where nothing was sent yet.
    """
    email = _waiting_email(state, side, now) or _last_email(state, side)
    if email is None:
        raise Refusal(f"Nothing was sent to the {side} yet, so there is nothing to send again.")
    again = state.resend_count + 1
    request = EmailRequest(
        key=f"{planned_email_key(state, email)}/again-{decision or again}",
        kind=email_kind(state, email),
        to=email.to,
        at=now,
        asks=email.asks,
    )
    # Staff would not write again to an address they know to be wrong.
    reachable = tuple(other for other in state.unreachable if other is not side)
    return state.model_copy(
        update={"pending_emails": (*state.pending_emails, request), "resend_count": again, "unreachable": reachable}
    )


def add_email_request(
    state: MentorshipState, kind: EmailKind, to: Recipient, subject: str, *, at: datetime, asks: tuple[Ask, ...] = ()
) -> MentorshipState:
    """Request an email that leaves at once; ``subject`` distinguishes those of the same kind."""
    request = EmailRequest(
        key=email_key(state.terms.mentorship_id, kind, subject, to), kind=kind, to=to, at=at, asks=asks
    )
    return state.model_copy(update={"pending_emails": (*state.pending_emails, request)})


def add_staff_note(
    state: MentorshipState, reason: StaffReason, subject: str, at: datetime, about: Side | None = None
) -> MentorshipState:
    """Request a note to staff that leaves at once."""
    key = email_key(state.terms.mentorship_id, EmailKind.STAFF_NOTE, subject, Recipient.STAFF)
    request = EmailRequest(key=key, kind=EmailKind.STAFF_NOTE, to=Recipient.STAFF, at=at, reason=reason, about=about)
    return state.model_copy(update={"pending_emails": (*state.pending_emails, request)})


def _with_call(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Note a request for a call (A34): staff get another note only after they attended to the one before."""
    call, last = f"{answer.side}:{answer.milestone}", _last_answer(state, answer.milestone, answer.side)
    # A form shows its tick again, so a later revision of it is no new request; the agreement's page does not show it.
    requested_before = last is not None and last.call_requested and (answer.version is None or answer == last)
    if not answer.call_requested or call in state.open_call_requests or requested_before:
        return state
    state = state.model_copy(update={"open_call_requests": (*state.open_call_requests, call)})
    subject = f"{StaffReason.CALL_REQUESTED}-{answer.milestone}-{answer.side}-{answer.revision}"
    return add_staff_note(state, StaffReason.CALL_REQUESTED, subject, answer.received_at, answer.side)


def _is_unheard_call(state: MentorshipState, answer: Answer) -> bool:
    """Tell whether this is a request for a call that answers no milestone, is not open, and was not resolved since."""
    if not answer.call_requested or milestone_of(state, answer.milestone):
        return False
    resolved_since = any(
        isinstance(made.change, ResolveRequest) and made.at >= answer.received_at for made in state.decisions
    )
    return f"{answer.side}:{answer.milestone}" not in state.open_call_requests and not resolved_since


def _last_answer(state: MentorshipState, milestone: str, side: Side) -> Answer | None:
    answers = (answer for answer in state.answers if answer.milestone == milestone and answer.side is side)
    return next(answers, None)


def _is_news(before: MentorshipState, answer: Answer) -> bool:
    """Tell whether an answer changes the agreement or agrees to it; a private request for a call does not (A34)."""
    if answer.version is None:
        return False
    return (answer.version, answer.confirmed) != _standing(before, answer.milestone, answer.side)


def _standing(state: MentorshipState, milestone: str, side: Side) -> tuple[int, bool]:
    """Return which version of the agreement a side answered last, 0 for none, and whether it agreed to it."""
    answer = _last_answer(state, milestone, side)
    return (answer.version or 0, answer.confirmed) if answer else (0, False)


def _was_overtaken(state: MentorshipState, answer: Answer) -> bool:
    """Tell whether this answer completed an agreement, but a newer draft was signaled before it."""
    milestone = milestone_of(state, answer.milestone) if answer.agreed and state.plan else None
    if milestone is None or milestone.open_until is None or answer.received_at >= milestone.open_until:
        return False
    agreed_on = state.terms.agreed_on
    return agreed_on is None or agreed_on < local_day(answer.received_at, state.terms.time_zone)


def _with_agreement(state: MentorshipState, answer: Answer) -> MentorshipState:
    """Email whoever is behind about a change once, until they have answered; email both when it is final (A26, A30).

    Answers can arrive out of order: a side that answers may be behind with what its partner wrote in the meantime.
    """
    told = tuple(side for side in state.notified_of_agreement if side is not answer.side)
    asks = (Ask(milestone=answer.milestone),)
    if answer.agreed:
        for side in Side:
            state = add_email_request(
                state, EmailKind.AGREED, Recipient(side), f"v{answer.version}", at=answer.received_at, asks=asks
            )
        return _agreed(_with_told(state, told), answer.agreed, answer.received_at)
    standings = {side: _standing(state, answer.milestone, side) for side in Side}
    behind = [side for side in Side if side not in told and standings[side] < standings[side.partner]]
    for side in behind:
        version, _ = standings[side.partner]
        state = add_email_request(
            state, EmailKind.AGREEMENT_CHANGED, Recipient(side), f"v{version}", at=answer.received_at, asks=asks
        )
    return _with_told(state, (*told, *behind))


def _with_told(state: MentorshipState, sides: tuple[Side, ...]) -> MentorshipState:
    return state.model_copy(update={"notified_of_agreement": sides})


def _agreed(state: MentorshipState, agreed: Agreed, at: datetime) -> MentorshipState:
    """Let the pair's own rhythm decide the plan from now on (A28, A29)."""
    today = local_day(at, state.terms.time_zone)
    cadence = Cadence(since=today, meetings=agreed.meetings, goal_updates=agreed.goal_updates)
    # Signals can arrive out of order, so the cadence is sorted in by its day.
    cadences = sorted((*state.terms.cadences, cadence), key=lambda agreed: agreed.since)
    return revise_terms(state, cadences=tuple(cadences), goals=agreed.goals, agreed_on=today)


def _with_first_meeting(state: MentorshipState, answer: Answer) -> MentorshipState:
    met = answer.met or answer.status is WindowStatus.MET
    if not met or state.terms.first_met_on:
        return state
    # The first meeting brings the offer to thank the mentor into the plan (A39).
    return revise_terms(state, first_met_on=local_day(answer.received_at, state.terms.time_zone))


def revise_terms(state: MentorshipState, **changes: object) -> MentorshipState:
    """Return a mentorship with new terms; they are another revision, which needs a new plan."""
    terms = state.terms.model_copy(update={**changes, "revision": state.terms.revision + 1})
    return state.model_copy(update={"terms": terms})


def _waiting_email(state: MentorshipState, side: Side, now: datetime) -> PlannedEmail | None:
    due = state.plan.milestones if state.plan else ()
    asks = tuple(
        Ask(milestone=milestone.id)
        for milestone in due
        if milestone.opens_at <= now < milestone.answerable_until and side in awaited_sides(state, milestone)
    )
    return PlannedEmail(to=Recipient(side), at=now, asks=asks) if asks else None


def _last_email(state: MentorshipState, side: Side) -> PlannedEmail | None:
    """Return the last email that asked for nothing: what others asked still waits, or is over."""
    sent = (email for email in reversed(sent_emails(state)) if email.to == Recipient(side))
    with_milestones = ((email, milestone_of(state, email.asks[0].milestone)) for email in sent)
    return next((email for email, milestone in with_milestones if milestone and not milestone.asked), None)
