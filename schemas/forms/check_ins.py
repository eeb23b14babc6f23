"""What is asked again and again: how the mentorship is going, and how each goal is getting on."""

from schemas.enums import GoalStatus, MilestoneKind, Side, WindowStatus
from schemas.forms.questions import CALL_REQUEST, Choice, Form, Question, scale

CHECK_IN = Form(
    kind=MilestoneKind.CHECK_IN,
    title="Your check-in",
    ask="tell us how it is going",
    link="Answer the check-in",
    submit="Send my check-in",
    minutes=2,
    questions=(
        Question(
            name="status",
            kind="choice",
            label="Have you two met since we last asked?",
            hint="In person, phone, video, or email all count. There is no wrong answer.",
            choices=(
                Choice(value=WindowStatus.MET, label="We have met"),
                Choice(value=WindowStatus.PLANNED, label="We have a date"),
                Choice(value=WindowStatus.NOT_YET, label="Not yet"),
            ),
            required=True,
            readers=("you", "staff"),
        ),
        Question(name="meetings", kind="count", label="How many times have you met since then?"),
        Question(
            name="introductions",
            kind="count",
            label="How many people have you introduced your mentee to since then?",
            hint="To colleagues, groups, or committees. We only ask for the number, not for names.",
            asked=(Side.MENTOR,),
        ),
        Question(
            name="introductions",
            kind="count",
            label="How many people have you met through your mentor since then?",
            hint="Colleagues, groups, or committees. We only ask for the number, not for names.",
            asked=(Side.MENTEE,),
        ),
        Question(
            name="opportunity",
            kind="tick",
            label="I took an opportunity that my mentor or the program told me about",
            asked=(Side.MENTEE,),
        ),
        Question(
            name="satisfaction",
            kind="choice",
            label="How satisfied are you with your mentorship right now?",
            choices=scale("not at all", "very"),
        ),
        CALL_REQUEST,
        Question(
            name="note_to_self",
            kind="text",
            label="What do you want to remember for your next meeting?",
            readers=("you",),
        ),
    ),
)

GOAL_CHECK_IN = Form(
    kind=MilestoneKind.GOAL_CHECK_IN,
    title="Your goals",
    ask="tell us how each goal is going",
    link="Update your goals",
    submit="Send my goal update",
    minutes=2,
    questions=(),
)

GOAL_CHOICES = (
    Choice(value=GoalStatus.ON_TRACK, label="On track"),
    Choice(value=GoalStatus.CHANGED, label="Changed"),
    Choice(value=GoalStatus.STUCK, label="Stuck"),
    Choice(value=GoalStatus.DONE, label="Done"),
)

# About each goal; its label is the goal in the mentee's own words.
GOAL = Question(
    name="goal",
    kind="choice",
    label="",
    choices=GOAL_CHOICES,
    required=True,
    asked=(Side.MENTEE,),
    readers=("you", "partner", "staff_counts"),
)
