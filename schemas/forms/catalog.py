"""Every question participants are asked, written once: pages, emails, storage and reports read it from here."""

from schemas.enums import MilestoneKind, Side
from schemas.forms.check_ins import CHECK_IN, GOAL, GOAL_CHECK_IN, GOAL_CHOICES
from schemas.forms.closure import CLOSING_CONVERSATION, CLOSURE_SURVEY, FOLLOW_UP
from schemas.forms.enabling import AGREEMENT_REVIEW, INVOLVEMENT, MEETING, THANKS, TOPICS
from schemas.forms.questions import CALL_REQUEST, READERS, Choice, Consent, Form, Question, Reader, scale

__all__ = [
    "AGREEMENT_REVIEW",
    "CALL_REQUEST",
    "CHECK_IN",
    "CLOSING_CONVERSATION",
    "CLOSURE_SURVEY",
    "CONFIDENCE",
    "FIRST_CONTACT",
    "FOLLOW_UP",
    "FORMS",
    "GOAL",
    "GOAL_CHECK_IN",
    "GOAL_CHOICES",
    "INVOLVEMENT",
    "MEETING",
    "READERS",
    "SELF_ASSESSMENT",
    "THANKS",
    "TOPICS",
    "Choice",
    "Consent",
    "Form",
    "Question",
    "Reader",
    "scale",
]

FIRST_CONTACT = Form(
    kind=MilestoneKind.FIRST_CONTACT,
    title="Have you been in contact?",
    ask="tell us that you two have been in contact",
    link="Tell us you have been in contact",
    submit="We have been in contact",
    minutes=1,
    questions=(
        Question(
            name="contacted",
            kind="choice",
            label="Have the two of you been in contact?",
            hint="In person, phone, video, or email all count.",
            choices=(Choice(value="yes", label="Yes, we have been in contact"),),
            required=True,
            readers=("you", "partner", "staff"),
        ),
    ),
)

# Asked three times in the same words, so that start, middle and end can be compared (A10, A13, A15).
SELF_ASSESSMENT = Form(
    kind=MilestoneKind.SELF_ASSESSMENT,
    title="How you see yourself at work",
    ask="tell us how you see yourself at work right now",
    link="Start the self-assessment",
    minutes=1,
    questions=(
        Question(
            name="isolation",
            kind="choice",
            label="How often do you feel you have no one to ask about work?",
            hint="We ask this at the start, after nine months, and at the end.",
            choices=scale("never", "very often"),
            required=True,
        ),
        Question(
            name="skills",
            kind="choice",
            label="I have the skills I need for my goals",
            choices=scale("not at all", "fully"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="confidence",
            kind="choice",
            label="I feel confident about tasks that are new to me",
            choices=scale("not at all", "fully"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="communication",
            kind="choice",
            label="I listen, ask, and explain well",
            choices=scale("not at all", "fully"),
            asked=(Side.MENTOR,),
        ),
        Question(
            name="leadership",
            kind="choice",
            label="I lead well, with or without a title",
            choices=scale("not at all", "fully"),
            asked=(Side.MENTOR,),
        ),
    ),
)

# About each goal (A15); its label ends with the goal in the mentee's own words.
CONFIDENCE = Question(
    name="confidence",
    kind="choice",
    label="How confident are you about this goal? %(goal)s",
    choices=scale("not at all", "fully"),
    asked=(Side.MENTEE,),
)

FORMS: dict[MilestoneKind, Form] = {
    form.kind: form
    for form in (
        FIRST_CONTACT,
        SELF_ASSESSMENT,
        MEETING,
        THANKS,
        CHECK_IN,
        GOAL_CHECK_IN,
        INVOLVEMENT,
        AGREEMENT_REVIEW,
        CLOSING_CONVERSATION,
        CLOSURE_SURVEY,
        FOLLOW_UP,
    )
}
