"""What a pair is asked to find a date for a meeting, and to change or cancel one."""

from schemas.enums import Side
from schemas.forms.questions import Choice, FormPage, Question, Reader

_OF_BOTH: tuple[Reader, ...] = ("you", "partner")

MINUTES = Question(
    name="minutes",
    kind="choice",
    label="How long?",
    choices=tuple(Choice(value=str(minutes), label=f"{minutes} minutes") for minutes in (30, 45, 60, 90)),
    required=True,
    readers=_OF_BOTH,
)
PLACE = Question(
    name="place",
    kind="line",
    label="Where?",
    hint="A place, a phone number, or the link of a video call.",
    readers=_OF_BOTH,
    longest=300,
)
QUESTION = Question(
    name="question",
    kind="line",
    label="What is the one question you would like to ask?",
    hint="Your mentor gets it with the invitation.",
    asked=(Side.MENTEE,),
    readers=_OF_BOTH,
    longest=300,
)
# Beside the suggested times: days and times of one's own.
OWN_TIMES = 3
NEW_DATE = tuple(
    question
    for number in range(1, OWN_TIMES + 1)
    for question in (
        Question(name=f"day_{number}", kind="date", label=f"Another day ({number})", readers=_OF_BOTH),
        Question(
            name=f"time_{number}",
            kind="time",
            label=f"Its time ({number})",
            hint="Such as 3:30 PM.",
            readers=_OF_BOTH,
        ),
    )
)

PROPOSE = FormPage(
    title="Find a date for your next meeting",
    lead="Choose up to five times. Your partner picks from them, and you both get an invitation.",
    questions=(*NEW_DATE, MINUTES, PLACE, QUESTION),
)
CHOOSE = FormPage(
    title="Which of these times suit you?",
    lead="Check all that suit you. The first of them becomes your meeting, and you both get an invitation.",
    questions=(QUESTION,),
)
CHANGE_PLACE = FormPage(
    title="Change where you meet",
    lead="You both get the invitation again. The date stays as it is.",
    questions=(MINUTES, PLACE, QUESTION),
)


def times_question(values: tuple[tuple[str, str], ...], label: str, hint: str = "") -> Question:
    """Return the question that offers moments, each as (value, words)."""
    choices = tuple(Choice(value=value, label=words) for value, words in values)
    return Question(name="times", kind="ticks", label=label, hint=hint, choices=choices, readers=_OF_BOTH)
