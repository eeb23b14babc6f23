"""What people are asked about the match proposed to them, and about the half-day session."""

from collections.abc import Mapping

from schemas.cohort.settings import HalfDaySession
from schemas.enums import DeclineReason, RsvpStatus, Side
from schemas.forms.questions import Choice, Question

ANY_HALF_DAY = "any"
NEEDS_KEPT_DAYS = 30

QUESTION_FIRST = Question(
    name="question",
    kind="text",
    label="What would you like to know first?",
    hint="Staff will answer by email. You can commit or decline here after that.",
    required=True,
    longest=2000,
    readers=("you", "staff"),
)

DECLINE_REASON = Question(
    name="reason",
    kind="choice",
    label="Why doesn’t this match suit you?",
    hint="It helps staff find someone else for you. We never tell your partner the reason.",
    choices=(
        Choice(value=DeclineReason.TIME, label="I have less time than I thought"),
        Choice(value=DeclineReason.KNOWN_TO_EACH_OTHER, label="We know each other already"),
        Choice(value=DeclineReason.OTHER_GOALS, label="Our goals and experience don’t fit"),
        Choice(value=DeclineReason.DISTANCE, label="We are too far apart"),
        Choice(value=DeclineReason.WITHOUT_SAYING, label="I would rather not say"),
    ),
    required=True,
    readers=("you", "staff"),
)

_NOT_THERE = {
    Side.MENTOR: "Your mentorship starts as planned, whatever you answer.",
    Side.MENTEE: "If you can’t be there on the last day, staff will talk with you about how your mentorship starts.",
}
_MEALS = Question(
    name="meals",
    kind="text",
    label="Is there anything you don’t eat?",
    hint="For example vegetarian, halal, or no nuts.",
    longest=1000,
    readers=("you", "staff"),
)
_ACCESS = Question(
    name="access",
    kind="text",
    label="What do you need to take part?",
    hint="For example a step-free entrance, captions, a seat near the front, or a quiet room.",
    longest=1000,
    readers=("you", "staff"),
)


def rsvp_questions(session: HalfDaySession, side: Side, days: Mapping[str, str]) -> tuple[Question, ...]:
    """Return what one side is asked about the half-day session; ``days`` says in words when each half day is, by id.

    Which half day is only asked where there are several.
    """
    return (_status(side), *((_which(session, days),) if len(session.half_days) > 1 else ()), _MEALS, _ACCESS)


def _status(side: Side) -> Question:
    return Question(
        name="status",
        kind="choice",
        label="Will you come?",
        hint=_NOT_THERE[side],
        choices=(
            Choice(value=RsvpStatus.YES, label="Yes, I will come"),
            Choice(value=RsvpStatus.NO, label="No, I can’t come"),
            Choice(value=RsvpStatus.UNSURE, label="I don’t know yet"),
        ),
        required=True,
        readers=("you", "staff"),
    )


def _which(session: HalfDaySession, days: Mapping[str, str]) -> Question:
    return Question(
        name="half_day",
        kind="choice",
        label="Which half day suits you?",
        choices=(
            *(Choice(value=half.id, label=f"{half.label}: {days[half.id]}") for half in session.half_days),
            Choice(value=ANY_HALF_DAY, label="Either one, or I don’t know yet"),
        ),
        readers=("you", "staff"),
    )
