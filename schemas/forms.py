"""Every question participants are asked, written once: pages, emails, storage and reports read it from here."""

from typing import Literal

from schemas.base import Value
from schemas.words import GoalStatus, MilestoneKind, Side, WindowStatus

Reader = Literal["you", "partner", "staff", "staff_counts"]

READERS: dict[Reader, str] = {
    "you": "you",
    "partner": "your partner",
    "staff": "the programme's staff",
    "staff_counts": "the programme's staff, as counts without names",
}


class Choice(Value):
    """One answer a person can pick."""

    value: str
    label: str


class Question(Value):
    """One question: how it is asked, what may be answered, and who may read the answer.

    ``kind``: ``choice`` picks one of ``choices``, ``tick`` is yes or nothing, ``count`` a whole number 0..99, ``text``
    up to 4,000 characters. ``asked`` names the sides the question is put to.
    """

    name: str
    kind: Literal["choice", "tick", "count", "text"]
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    required: bool = False
    asked: tuple[Side, ...] = (Side.MENTOR, Side.MENTEE)
    readers: tuple[Reader, ...] = ("you", "staff_counts")


class Form(Value):
    """The questions of one milestone; ``minutes`` is how long answering takes."""

    kind: MilestoneKind
    title: str
    ask: str
    minutes: int
    questions: tuple[Question, ...]

    def for_side(self, side: Side) -> tuple[Question, ...]:
        """Return the questions put to this side, in order."""
        return tuple(question for question in self.questions if side in question.asked)


def _scale(low: str, high: str) -> tuple[Choice, ...]:
    labels = (f"1 – {low}", "2", "3", "4", f"5 – {high}")
    return tuple(Choice(value=str(point), label=label) for point, label in enumerate(labels, start=1))


CALL_REQUEST = Question(
    name="call_requested",
    kind="tick",
    label="Please call me",
    hint="Staff are told at once. Your partner never learns that you asked.",
    readers=("you", "staff"),
)

GOAL_CHOICES = (
    Choice(value=GoalStatus.ON_TRACK, label="On track"),
    Choice(value=GoalStatus.CHANGED, label="Changed"),
    Choice(value=GoalStatus.STUCK, label="Stuck"),
    Choice(value=GoalStatus.DONE, label="Done"),
)

FIRST_CONTACT = Form(
    kind=MilestoneKind.FIRST_CONTACT,
    title="Have you been in contact?",
    ask="tell us that the two of you have been in contact",
    minutes=1,
    questions=(
        Question(
            name="contacted",
            kind="choice",
            label="Have the two of you been in contact?",
            hint="Any medium counts: a call, a video meeting, an email, a coffee.",
            choices=(Choice(value="yes", label="Yes, we have been in contact"),),
            required=True,
            readers=("you", "partner", "staff"),
        ),
    ),
)

CHECK_IN = Form(
    kind=MilestoneKind.CHECK_IN,
    title="Your check-in",
    ask="tell us how it is going",
    minutes=2,
    questions=(
        Question(
            name="status",
            kind="choice",
            label="Have the two of you met since we last asked?",
            hint="Any medium counts. There is no wrong answer and no penalty.",
            choices=(
                Choice(value=WindowStatus.MET, label="We have met"),
                Choice(value=WindowStatus.PLANNED, label="We have a date"),
                Choice(value=WindowStatus.NOT_YET, label="Not yet"),
            ),
            required=True,
            readers=("you", "staff"),
        ),
        Question(
            name="meetings",
            kind="count",
            label="How often have you met since then?",
        ),
        Question(
            name="satisfaction",
            kind="choice",
            label="How satisfied are you with your mentorship at the moment?",
            choices=_scale("not at all", "very"),
        ),
        CALL_REQUEST,
        Question(
            name="note_to_self",
            kind="text",
            label="Anything you want to remember for your next meeting",
            hint="Only you can read this.",
            readers=("you",),
        ),
    ),
)

GOAL_CHECK_IN = Form(
    kind=MilestoneKind.GOAL_CHECK_IN,
    title="Your goals",
    ask="say how each of your goals is getting on",
    minutes=2,
    questions=(),
)

CLOSURE_SURVEY = Form(
    kind=MilestoneKind.CLOSURE_SURVEY,
    title="Closing your mentorship",
    ask="tell us what your mentorship was for you",
    minutes=5,
    questions=(
        Question(
            name="satisfaction",
            kind="choice",
            label="All in all, how satisfied are you with your mentorship?",
            choices=_scale("not at all", "very"),
            required=True,
        ),
        Question(
            name="learned",
            kind="choice",
            label="I learned from my mentee and grew as a professional",
            choices=_scale("not at all", "very much"),
            asked=(Side.MENTOR,),
        ),
        Question(
            name="again",
            kind="choice",
            label="Would you mentor again?",
            choices=(
                Choice(value="yes", label="Yes"),
                Choice(value="later", label="Yes, but not in the next class"),
                Choice(value="no", label="No"),
            ),
            asked=(Side.MENTOR,),
            readers=("you", "staff"),
        ),
        Question(
            name="advice",
            kind="choice",
            label="I received knowledge and advice that helps my career",
            choices=_scale("not at all", "very much"),
            asked=(Side.MENTEE,),
        ),
        Question(
            name="connected",
            kind="choice",
            label="I feel connected to other library professionals in Minnesota",
            choices=_scale("not at all", "very much"),
        ),
        Question(
            name="takeaway",
            kind="text",
            label="One thing you take away",
            hint="Only you can read this, unless you tick the next box.",
            readers=("you",),
        ),
        Question(
            name="quote_me",
            kind="tick",
            label="The report may quote my sentence, without my name",
            readers=("you", "staff"),
        ),
        CALL_REQUEST,
    ),
)

FORMS: dict[MilestoneKind, Form] = {
    form.kind: form for form in (FIRST_CONTACT, CHECK_IN, GOAL_CHECK_IN, CLOSURE_SURVEY)
}


def goal_question(number: int, words: str) -> Question:
    """Return the question about the mentee's goal of this number (from 1), in the mentee's own words."""
    return Question(
        name=f"goal_{number}",
        kind="choice",
        label=words,
        choices=GOAL_CHOICES,
        required=True,
        asked=(Side.MENTEE,),
        readers=("you", "partner", "staff_counts"),
    )
