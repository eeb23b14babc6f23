"""What only one kind of email knows: goals recalled, a topic suggested, words of thanks, what changed."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeAlias

from domain.calendar import months_after
from domain.safe_text import text_lines
from emails.at_once import ComingDay
from emails.contexts import MeetingAhead
from emails.facts import Facts, written_on
from emails.guidance import Guidance, guidance, topic_prompt
from schemas.emails.messages import SendEmail
from schemas.enums import ChangeKind, EmailKind, MilestoneKind, Outcome, Recipient
from schemas.mentorship.responses import DueMilestone

Particulars: TypeAlias = dict[str, Any]
ASK_YOUR_PARTNER_WITHIN = timedelta(days=7)
MOST_COMING_DAYS = 4


# What goes with the thing asked, in whichever email it is asked.
_TEXTS = {
    MilestoneKind.AGREEMENT: ("agreement", "stuck"),
    MilestoneKind.MEETING: ("meeting",),
    MilestoneKind.AGREEMENT_REVIEW: ("feedback",),
    MilestoneKind.CLOSING_CONVERSATION: ("closing",),
}
_RECALL_GOALS = (EmailKind.AGREEMENT, EmailKind.CHECK_IN, EmailKind.MEETING)


def particulars(order: SendEmail, facts: Facts) -> Particulars:
    """Return what an email knows beyond what every email does.

    A meeting keeps its goals, topic and preparation also where it is announced beside something else (A33, A37).
    """
    asked = [facts.due[ask.milestone] for ask in order.asks]
    first, others = asked[:1], asked[1:]
    return {
        "guidance": tuple(text for due in first if due.kind == str(order.kind) for text in _texts(due)),
        "beside": tuple(text for due in others for text in _texts(due)),
        "meeting_beside": _meeting_beside(order, facts, others),
        **(_OF[order.kind](order, facts) if order.kind in _OF else {}),
    }


def _texts(due: DueMilestone) -> tuple[Guidance, ...]:
    topic = (topic_prompt(due.number),) if due.kind is MilestoneKind.MEETING else ()
    return topic + tuple(guidance(name) for name in _TEXTS.get(due.kind, ()))


def _meeting_beside(order: SendEmail, facts: Facts, others: list[DueMilestone]) -> MeetingAhead | None:
    meeting = next((due for due in others if due.kind is MilestoneKind.MEETING), None)
    if meeting is None:
        return None
    goals = () if order.kind in _RECALL_GOALS else _recalled(order, facts)
    return MeetingAhead(day=_meeting_day(meeting, facts), goals=goals)


def _welcome(order: SendEmail, facts: Facts) -> Particulars:
    agreement = facts.due.get(MilestoneKind.AGREEMENT)
    return {
        "contact_by": facts.due[MilestoneKind.FIRST_CONTACT].closes_on,
        "agreement_on": agreement.opens_on if agreement else None,
    }


def _agreement(order: SendEmail, facts: Facts) -> Particulars:
    return {"goals": facts.pair.goals}


def _self_assessment(order: SendEmail, facts: Facts) -> Particulars:
    return {"number": _first(order, facts).number}


def _meeting(order: SendEmail, facts: Facts) -> Particulars:
    return {"meeting_on": _meeting_day(_first(order, facts), facts), "goals": _recalled(order, facts)}


def _thanks(order: SendEmail, facts: Facts) -> Particulars:
    return {"closing": _first(order, facts).number > 1}


def _check_in(order: SendEmail, facts: Facts) -> Particulars:
    goals = _recalled(order, facts)
    twice = tuple(goal for number, goal in enumerate(goals, start=1) if number in facts.stuck)
    return {
        "number": _first(order, facts).number,
        "goals": goals,
        "stuck_goals": twice,
        "openings": facts.openings,
        "guidance": (guidance("stuck"),) if twice else (),
    }


def _goal_check_in(order: SendEmail, facts: Facts) -> Particulars:
    return {"goals": facts.pair.goals}


def _involvement(order: SendEmail, facts: Facts) -> Particulars:
    return {"openings": tuple(opening for opening in facts.openings if opening.area == "involvement")}


def _farewell(order: SendEmail, facts: Facts) -> Particulars:
    """The outcome may not be recorded yet; until then the dates tell an early end from a whole mentorship."""
    cohort = facts.pair.cohort
    whole = facts.pair.ends_on >= months_after(cohort.kickoff, cohort.timeline.months)
    follow_ups = tuple(due.opens_on for due in facts.coming if due.kind is MilestoneKind.FOLLOW_UP)
    return {
        "outcome": facts.outcome or (Outcome.COMPLETED if whole else Outcome.ENDED_EARLY),
        "follow_ups": follow_ups,
    }


def _follow_up(order: SendEmail, facts: Facts) -> Particulars:
    """A former mentee may mentor from the next class on, or later where the cohort has them sit out (A18)."""
    cohort = facts.pair.cohort
    from_year = cohort.kickoff.year + max(cohort.eligibility.sit_out_years, 1)
    return {"may_mentor_from": from_year if order.to is Recipient.MENTEE else None}


def _agreed(order: SendEmail, facts: Facts) -> Particulars:
    return {"agreed_on": written_on(order, facts)}


def _gratitude(order: SendEmail, facts: Facts) -> Particulars:
    return {"words": text_lines(facts.thanks), "sent_on": written_on(order, facts)}


def _terms_changed(order: SendEmail, facts: Facts) -> Particulars:
    if order.change is None:
        raise ValueError(f"{order.key} does not say what changed")
    rhythm = order.change is ChangeKind.CADENCE
    return {
        "change": order.change,
        "since": order.pause_from_on if order.change is ChangeKind.PAUSE else None,
        "goes_on": order.pause_until_on if order.change is ChangeKind.PAUSE else None,
        "coming": _coming(facts) if rhythm else (),
    }


def _partner_unreachable(order: SendEmail, facts: Facts) -> Particulars:
    return {"by": written_on(order, facts) + ASK_YOUR_PARTNER_WITHIN}


def _first(order: SendEmail, facts: Facts) -> DueMilestone:
    return facts.due[order.asks[0].milestone]


def _recalled(order: SendEmail, facts: Facts) -> tuple[str, ...]:
    """Return the mentee's goals where an email recalls them: in those to the mentor (A33)."""
    return facts.pair.goals if order.to is Recipient.MENTOR else ()


def _meeting_day(meeting: DueMilestone, facts: Facts) -> date:
    return meeting.opens_on - timedelta(days=facts.pair.cohort.timeline.meeting.opens)


def _coming(facts: Facts) -> tuple[ComingDay, ...]:
    days = [
        ComingDay(kind=due.kind, day=_meeting_day(due, facts) if due.kind is MilestoneKind.MEETING else due.closes_on)
        for due in facts.coming
        if due.kind in (MilestoneKind.MEETING, MilestoneKind.GOAL_CHECK_IN)
    ]
    return tuple(sorted(days, key=lambda coming: coming.day)[:MOST_COMING_DAYS])


_OF: dict[EmailKind, Callable[[SendEmail, Facts], Particulars]] = {
    EmailKind.WELCOME: _welcome,
    EmailKind.AGREEMENT: _agreement,
    EmailKind.SELF_ASSESSMENT: _self_assessment,
    EmailKind.MEETING: _meeting,
    EmailKind.THANKS: _thanks,
    EmailKind.CHECK_IN: _check_in,
    EmailKind.GOAL_CHECK_IN: _goal_check_in,
    EmailKind.INVOLVEMENT: _involvement,
    EmailKind.FAREWELL: _farewell,
    EmailKind.FOLLOW_UP: _follow_up,
    EmailKind.AGREED: _agreed,
    EmailKind.GRATITUDE: _gratitude,
    EmailKind.TERMS_CHANGED: _terms_changed,
    EmailKind.PARTNER_UNREACHABLE: _partner_unreachable,
}
