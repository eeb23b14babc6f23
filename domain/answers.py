"""What participants answered on a page: which questions are put, what may be answered, what workflows learn of it.

Every answer is kept as text under its question's name; what was left open is not kept at all.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from schemas.base import Value
from schemas.forms import FORMS, Question, goal_question
from schemas.mentorship import Answer
from schemas.words import MilestoneKind, Side, WindowStatus

TICKED = "yes"
LONGEST_TEXT = 4000


class Reading(Value):
    """A form as it came back: the answers that can be kept, and for the others what is wrong, by question name."""

    answers: dict[str, str]
    problems: dict[str, str]


class _Unusable(Exception):
    """One answer that cannot be kept; the message tells the participant what to do."""


def questions_for(kind: MilestoneKind, side: Side, goals: Sequence[str] = ()) -> tuple[Question, ...]:
    """Return the questions a milestone puts to one side, in order; ``goals`` are the mentee's own words.

    A goal check-in asks one question per goal, so it asks nothing while there are no goals. Raises KeyError for a
    milestone that has no form.
    """
    form = FORMS[kind]
    if kind is not MilestoneKind.GOAL_CHECK_IN:
        return form.for_side(side)
    asked = (goal_question(number, words) for number, words in enumerate(goals, start=1))
    return tuple(question for question in asked if side in question.asked)


def read_answers(questions: Sequence[Question], posted: Mapping[str, str]) -> Reading:
    """Read what was posted against the questions; fields nobody asked for are left aside.

    Choices must be among those offered, counts whole numbers 0..99, texts at most 4,000 characters.
    """
    answers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            answer = _read(question, posted.get(question.name, ""))
        except _Unusable as unusable:
            problems[question.name] = str(unusable)
        else:
            if answer:
                answers[question.name] = answer
    return Reading(answers=answers, problems=problems)


def shown(question: Question, answer: str) -> str:
    """Return an answer in the words the participant picked it by."""
    if question.kind == "tick":
        return "Yes"
    labels = {str(choice.value): choice.label for choice in question.choices}
    return labels.get(answer, answer)


def to_answer(
    kind: MilestoneKind,
    answers: Mapping[str, str],
    *,
    milestone: str,
    side: Side,
    revision: int,
    received_at: datetime,
) -> Answer:
    """Return what the workflow may know of a response: enumerations and moments, never the participant's words."""
    status = WindowStatus(answers["status"]) if kind is MilestoneKind.CHECK_IN else None
    return Answer(
        milestone=milestone,
        side=side,
        revision=revision,
        received_at=received_at,
        status=status,
        call_requested=answers.get("call_requested") == TICKED,
    )


def _read(question: Question, posted: str) -> str:
    typed = _clean(posted)
    if typed:
        return _READ[question.kind](question, typed)
    if question.required:
        raise _Unusable("Choose one of the answers." if question.kind == "choice" else "Please answer this question.")
    return ""


def _clean(posted: str) -> str:
    # Browsers send line ends as CRLF, which would count twice; PostgreSQL stores no NUL, and no one can type one.
    return posted.replace("\r\n", "\n").replace("\x00", "").strip()


def _choice(question: Question, typed: str) -> str:
    if typed not in {str(choice.value) for choice in question.choices}:
        raise _Unusable("Choose one of the answers shown here.")
    return typed


def _tick(_: Question, typed: str) -> str:
    if typed != TICKED:
        raise _Unusable("Tick the box, or leave it empty.")
    return typed


def _count(_: Question, typed: str) -> str:
    if not (typed.isascii() and typed.isdigit() and len(typed.lstrip("0")) <= 2):
        raise _Unusable("Write a whole number from 0 to 99, such as 3.")
    return str(int(typed))


def _text(_: Question, typed: str) -> str:
    if len(typed) > LONGEST_TEXT:
        raise _Unusable(f"This has {len(typed):,} characters. Shorten it to {LONGEST_TEXT:,} or fewer.")
    return typed


_READ: dict[str, Callable[[Question, str], str]] = {"choice": _choice, "tick": _tick, "count": _count, "text": _text}
