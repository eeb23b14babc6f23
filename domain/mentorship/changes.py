"""What staff may change about a running mentorship: each change makes new terms, and both participants get an email."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendar import local_day
from domain.labels import label
from domain.mentorship.calendar_math import ends_on, last_own_day, own_day
from domain.mentorship.response_effects import add_email_request, revise_terms
from schemas.enums import ChangeKind, EmailKind, MilestoneKind, Outcome, Recipient, Side
from schemas.errors import Refusal
from schemas.mentorship.changes import CadenceRequest, Change, EndRequest, ExtendRequest, PauseRequest, ResumeRequest
from schemas.mentorship.state import Ask, MentorshipState
from schemas.mentorship.terms import Cadence, Ending, Pause, Rhythm, Terms

MAX_PAUSE = timedelta(days=366)
MAX_EXTENSION_MONTHS = 24
MIN_TIME_FOR_SUCCESSOR = timedelta(days=60)
ONE_DAY = timedelta(days=1)


def apply_change(state: MentorshipState, change: Change, now: datetime) -> MentorshipState:
    """Return a mentorship with a change made and an email to both requested; raises Refusal where it cannot be made."""
    if state.outcome is not None:
        raise Refusal(f"{state.terms.mentorship_id} is over ({label(state.outcome)}), so you can't change it.")
    today = local_day(now, state.terms.time_zone)
    terms = _CHANGE[change.kind](state.terms, change, today)
    state = revise_terms(state, **terms)
    return _ended(state, change, now) if isinstance(change, EndRequest) else _notify_both(state, change, now)


def successor_terms(state: MentorshipState, today: date) -> Terms:
    """Return the terms by which another mentor takes over: the same quarters and the same end, from today (A25).

    Raises Refusal where somebody has taken over already, the mentorship is over, or too few days are left.
    """
    left = last_own_day(state.terms) - own_day(state.terms, today)
    if state.successor:
        raise Refusal(f"{state.successor} has already taken over from {state.terms.mentorship_id}.")
    if state.outcome not in (None, Outcome.MENTOR_WITHDREW):
        raise Refusal(f"{state.terms.mentorship_id} is over ({label(state.outcome)}), so no one can take it over.")
    if left < MIN_TIME_FOR_SUCCESSOR:
        days = "1 day is" if left.days == 1 else f"{max(left.days, 0)} days are"
        raise Refusal(f"Only {days} left, too few for a new mentor; extend the mentorship first, or end it.")
    return state.terms.model_copy(
        update={
            "begins_on": today,
            "predecessor": state.terms.mentorship_id,
            # The new pair agrees on goals and schedule for itself (A27).
            "cadences": (),
            "agreed_on": None,
            "first_met_on": None,
            "agreed_meetings": (),
            "ending": None,
            "pauses": tuple(_cut_short(pause, today) for pause in state.terms.pauses),
            "revision": 0,
        }
    )


def _cut_short(pause: Pause, today: date) -> Pause:
    """Whoever takes over begins today: a pause that runs is over."""
    runs = pause.from_on <= today < pause.until_on
    return pause.model_copy(update={"until_on": max(today, pause.from_on)}) if runs else pause


def _paused(terms: Terms, change: PauseRequest, today: date) -> dict[str, Any]:
    # A pause begins tomorrow at the earliest, so that today's questions stay open today.
    if change.from_on <= today:
        raise Refusal(f"A pause can begin tomorrow, {today + ONE_DAY}, or later; {change.from_on} is not.")
    if change.until_on <= change.from_on:
        raise Refusal(f"The day it goes on, {change.until_on}, must be after the pause's first day, {change.from_on}.")
    if change.until_on - change.from_on > MAX_PAUSE:
        raise Refusal("A pause can't be longer than a year. End the mentorship instead.")
    if change.from_on > ends_on(terms):
        raise Refusal(f"The mentorship ends on {ends_on(terms)}, before the pause would begin.")
    for pause in terms.pauses:
        if pause.from_on <= change.until_on and change.from_on <= pause.until_on:
            raise Refusal(f"There is already a pause from {pause.from_on} until {pause.until_on}. Resume it first.")
    return {"pauses": (*terms.pauses, Pause(from_on=change.from_on, until_on=change.until_on))}


def _resumed(terms: Terms, _: ResumeRequest, today: date) -> dict[str, Any]:
    ahead = [pause for pause in terms.pauses if pause.until_on > today]
    if not ahead:
        raise Refusal("The mentorship is not paused, and no pause is planned.")
    pause = min(ahead, key=lambda pause: pause.from_on)
    if pause.until_on == today + ONE_DAY:
        raise Refusal("The mentorship already resumes tomorrow.")
    # A pause that has begun keeps its past days, which have moved what was due; one that has not is removed.
    others = tuple(other for other in terms.pauses if other is not pause)
    if pause.from_on > today:
        return {"pauses": others}
    return {"pauses": (*others, pause.model_copy(update={"until_on": today + ONE_DAY}))}


def _extended(terms: Terms, change: ExtendRequest, _: date) -> dict[str, Any]:
    months = terms.extended_months + change.months
    if months > MAX_EXTENSION_MONTHS:
        raise Refusal(f"That would be {months} months more than agreed; at most {MAX_EXTENSION_MONTHS} are possible.")
    return {"extended_months": months}


def _with_cadence(terms: Terms, change: CadenceRequest, today: date) -> dict[str, Any]:
    if change.meetings is None and change.goal_updates is None:
        raise Refusal("Say how often the pair meets, or how often goals are reported on.")
    for rhythm in filter(None, (change.meetings, change.goal_updates)):
        _check(rhythm, today, ends_on(terms))
    in_force = terms.cadences[-1] if terms.cadences else Cadence(since=today)
    cadence = Cadence(
        since=today,
        meetings=change.meetings or in_force.meetings,
        goal_updates=change.goal_updates or in_force.goal_updates,
    )
    if (cadence.meetings, cadence.goal_updates) == (in_force.meetings, in_force.goal_updates):
        raise Refusal("The pair has this cadence already.")
    return {"cadences": (*terms.cadences, cadence)}


def _check(rhythm: Rhythm, today: date, last: date) -> None:
    if (rhythm.every_months is None) == (not rhythm.on):
        raise Refusal("Give a number of months or a list of days, one of the two.")
    for day in rhythm.on:
        if not today < day <= last:
            raise Refusal(f"{day} is not between tomorrow and the mentorship's end, {last}.")


def _with_ending(terms: Terms, change: EndRequest, today: date) -> dict[str, Any]:
    if change.outcome is Outcome.COMPLETED:
        raise Refusal("A mentorship completes by itself on its last day. Give another outcome.")
    if today > ends_on(terms):
        raise Refusal(f"The mentorship ended on {ends_on(terms)}.")
    return {"ending": Ending(on=today, outcome=change.outcome, reason=change.reason)}


_CHANGE: dict[ChangeKind, Callable[[Terms, Any, date], dict[str, Any]]] = {
    ChangeKind.PAUSE: _paused,
    ChangeKind.RESUME: _resumed,
    ChangeKind.EXTEND: _extended,
    ChangeKind.CADENCE: _with_cadence,
    ChangeKind.END: _with_ending,
}


def _ended(state: MentorshipState, change: EndRequest, now: datetime) -> MentorshipState:
    state = state.model_copy(update={"outcome": change.outcome})
    # The farewell leaves at once, outside the plan, and its page has the survey and the certificate.
    asks = (Ask(milestone=MilestoneKind.FAREWELL), Ask(milestone=MilestoneKind.CLOSURE_SURVEY))
    for side in Side:
        state = add_email_request(state, EmailKind.FAREWELL, Recipient(side), change.outcome, at=now, asks=asks)
    return state


def _notify_both(state: MentorshipState, change: Change, now: datetime) -> MentorshipState:
    # The id of the decision: after a restore the same revision may be another change, which has emails of its own.
    subject = f"{change.kind}-{change.decision or state.terms.revision}"
    for side in Side:
        state = add_email_request(state, EmailKind.TERMS_CHANGED, Recipient(side), subject, at=now)
    pause = (
        {"pause_from_on": change.from_on, "pause_until_on": change.until_on} if isinstance(change, PauseRequest) else {}
    )
    requests = (
        request.model_copy(update={"change": change.kind, **pause}) for request in state.pending_emails[-len(Side) :]
    )
    return state.model_copy(update={"pending_emails": (*state.pending_emails[: -len(Side)], *requests)})
