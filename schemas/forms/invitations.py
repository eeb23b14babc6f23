"""What people are asked about the match proposed to them, and about the half-day session."""

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
MEALS = Question(
    name="meals",
    kind="text",
    label="Is there anything you don’t eat?",
    hint="For example vegetarian, halal, or no nuts.",
    longest=1000,
    readers=("you", "staff"),
)
ACCESS = Question(
    name="access",
    kind="text",
    label="What do you need to take part?",
    hint="For example a step-free entrance, captions, a seat near the front, or a quiet room.",
    longest=1000,
    readers=("you", "staff"),
)

STATUS = {
    side: Question(
        name="status",
        kind="choice",
        label="Will you come?",
        hint=hint,
        choices=(
            Choice(value=RsvpStatus.YES, label="Yes, I will come"),
            Choice(value=RsvpStatus.NO, label="No, I can’t come"),
            Choice(value=RsvpStatus.UNSURE, label="I don’t know yet"),
        ),
        required=True,
        readers=("you", "staff"),
    )
    for side, hint in _NOT_THERE.items()
}
# Asked where there are several; each is a choice before this one.
HALF_DAY = Question(
    name="half_day",
    kind="choice",
    label="Which half day suits you?",
    choices=(Choice(value=ANY_HALF_DAY, label="Either one, or I don’t know yet"),),
    readers=("you", "staff"),
)
