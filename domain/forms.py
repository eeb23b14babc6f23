"""Participants' answers on a page: which questions are asked, which answers are valid, what workflows learn of them.

Every answer is stored as text under its question's name; a question without an answer has no entry.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError

from domain.date_parsing import parse_day, parse_days, parse_time
from domain.formatting import DEFAULT_LOCALE, format_weekday
from domain.input_files.spelling import as_typed
from domain.languages import gettext, translated
from schemas.addresses import NOT_PLAIN, EmailAddress
from schemas.base import FrozenModel
from schemas.cohort.settings import CONTROLS, CohortSettings
from schemas.enums import MilestoneKind, Side, WindowStatus
from schemas.forms.catalog import CONFIDENCE, FORMS, GOAL, Question, Reader
from schemas.forms.questions import LANGUAGES, FormPage, QuestionKind
from schemas.mentorship.state import Answer
from schemas.translatable import gettext_noop

TICKED = "yes"

_ADDRESS = TypeAdapter[str](EmailAddress)
_NO_ADDRESS = gettext_noop("Please enter an email address, such as name@example.org.")
_NOT_PLAIN = gettext_noop(
    "We can’t email this address. Please enter one with plain letters before the @, such as name@example.org."
)
_NOT_ON_A_LINE = re.compile(f"[{CONTROLS}]")


class FormReading(FrozenModel):
    """A submitted form: the answers that can be stored, and for the others what is wrong, by question name."""

    answers: dict[str, str]
    problems: dict[str, str]


class _Unusable(Exception):
    """An answer cannot be stored; the message tells the participant what to do."""


def questions_for(kind: MilestoneKind, side: Side, goals: Sequence[str] = ()) -> tuple[Question, ...]:
    """Return the questions that a milestone asks one side, in order, in the reader's language.

    ``goals`` are the mentee's own words. A goal check-in asks one question per goal, so it asks nothing while there are
    no goals; a self-assessment ends with one per goal. Raises KeyError for a milestone that has no form.
    """
    about_goal = _ABOUT_EACH_GOAL.get(kind)
    about_goals = (about_goal(number, words) for number, words in enumerate(goals, start=1)) if about_goal else ()
    return translated(FORMS[kind]).for_side(side) + tuple(
        question for question in about_goals if side in question.asked
    )


def goal_question(number: int, words: str) -> Question:
    """Return the question about the mentee's goal of this number (from 1), in the mentee's own words."""
    return translated(GOAL).model_copy(update={"name": f"goal_{number}", "label": words})


def confidence_question(number: int, words: str) -> Question:
    """Return how the mentee is asked to rate their confidence in the goal of this number (from 1), see A15."""
    label = gettext(CONFIDENCE.label, goal=words)
    return translated(CONFIDENCE).model_copy(update={"name": f"confidence_{number}", "label": label})


def form_for(form: FormPage, cohort: CohortSettings) -> FormPage:
    """Return a form as a class asks it, in the language of who reads it: which language is asked where it has several.

    Only those that it offers can be chosen.
    """
    offered = [language for language in LANGUAGES if language.value in cohort.languages]
    questions = [
        question.model_copy(update={"choices": tuple(offered)}) if question.name == "language" else question
        for question in form.questions
        if question.name != "language" or len(offered) > 1
    ]
    return translated(form.model_copy(update={"questions": tuple(questions)}))


def read_answers(questions: Sequence[Question], posted: Mapping[str, str]) -> FormReading:
    """Read what was posted against the questions; fields that no question has are ignored.

    Choices must be among those offered, counts whole numbers within their bounds, days days, addresses addresses, texts
    not too long. Several ticks are posted joined by commas, and returned in the order in which they are offered.
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
    return FormReading(answers=answers, problems=problems)


def answer_label(question: Question, answer: str, locale: str = DEFAULT_LOCALE) -> str:
    """Return an answer by the label that the participant chose, and days in full, each on its line."""
    if question.kind == "tick":
        return gettext("Yes")
    if question.kind in {"date", "dates"}:
        return "\n".join(_day_label(day, locale) for day in answer.split(","))
    labels = {str(choice.value): choice.label for choice in question.choices}
    if question.kind == "ticks":
        return ", ".join(labels.get(value, value) for value in answer.split(","))
    return labels.get(answer, answer)


def _day_label(typed: str, locale: str) -> str:
    try:
        return format_weekday(date.fromisoformat(typed), locale)
    except ValueError:
        # What was refused is shown as it was typed.
        return typed


def answers_readable_by(reader: Reader, questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, str]:
    """Return what of somebody's answers a reader may see (A34); whatever shows or sends answers asks this first.

    An answer to a question that is not among ``questions`` is nobody's to read.
    """
    return {
        question.name: answers[question.name]
        for question in questions
        if question.name in answers and reader in readers_of(question, answers)
    }


def readers_of(question: Question, answers: Mapping[str, str]) -> tuple[Reader, ...]:
    """Return who may read the answer to a question, given the boxes its author ticked."""
    # Sharing needs a consent of its own: a box that its author ticked (A9).
    added = (consent.reader for consent in question.consents if answers.get(consent.tick) == TICKED)
    return (*question.readers, *added)


def answer_for_workflow(
    kind: MilestoneKind,
    answers: Mapping[str, str],
    *,
    milestone: str,
    side: Side,
    revision: int,
    received_at: datetime,
) -> Answer:
    """Return what the workflow may know of a response: enumerations and moments, never anyone's words (A34)."""
    status = WindowStatus(answers["status"]) if kind is MilestoneKind.CHECK_IN else None
    meeting_held = kind is MilestoneKind.MEETING and answers["held"] == "held"
    return Answer(
        milestone=milestone,
        side=side,
        revision=revision,
        received_at=received_at,
        status=status,
        call_requested=answers.get("call_requested") == TICKED,
        met=meeting_held or status is WindowStatus.MET,
    )


def _read(question: Question, posted: str) -> str:
    typed = _clean(posted)
    if typed:
        return _READ[question.kind](question, typed)
    if question.required:
        raise _Unusable(gettext(_OPEN.get(question.kind, _ANSWER)))
    return ""


def _clean(posted: str) -> str:
    # Browsers send line ends as CRLF, which would count twice; PostgreSQL stores no NUL, and no one can type one.
    return as_typed(posted.replace("\r\n", "\n").replace("\x00", "").strip())


def _choice(question: Question, typed: str) -> str:
    if typed not in {str(choice.value) for choice in question.choices}:
        raise _Unusable(gettext("Please choose one of these answers."))
    return typed


def _tick(_: Question, typed: str) -> str:
    if typed != TICKED:
        raise _Unusable(gettext("Please check the box, or leave it empty."))
    return typed


def _ticks(question: Question, typed: str) -> str:
    ticked = set(typed.split(","))
    offered = [str(choice.value) for choice in question.choices]
    if not ticked <= set(offered):
        raise _Unusable(gettext("Please check only boxes on this page."))
    return ",".join(value for value in offered if value in ticked)


def _count(question: Question, typed: str) -> str:
    least, most = question.least, question.most
    # isdigit() accepts digits of other scripts, and int() refuses more than 4,300 digits with an error of its own.
    plain = typed.isascii() and typed.isdigit() and len(typed.lstrip("0")) <= len(str(most))
    if not (plain and least <= int(typed) <= most):
        problem = _NUMBER_SUCH_AS_3 if least <= 3 <= most else _NUMBER
        raise _Unusable(gettext(problem, least=least, most=most))
    return str(int(typed))


def _text(question: Question, typed: str) -> str:
    if len(typed) > question.longest:
        raise _Unusable(
            gettext(
                "This has %(count)s characters. Please shorten it to %(most)s or fewer.",
                count=format(len(typed), ","),
                most=format(question.longest, ","),
            )
        )
    return typed


def _line(question: Question, typed: str) -> str:
    if _NOT_ON_A_LINE.search(typed):
        raise _Unusable(gettext("Please write this on one line, in plain characters."))
    return _text(question, typed)


def _email(question: Question, typed: str) -> str:
    try:
        return _ADDRESS.validate_python(_line(question, typed))
    except ValidationError as refused:
        not_plain = refused.errors()[0]["type"] == NOT_PLAIN
        raise _Unusable(gettext(_NOT_PLAIN if not_plain else _NO_ADDRESS)) from None


def _date(_: Question, typed: str) -> str:
    return _days(lambda: (parse_day(typed),))


def _time(_: Question, typed: str) -> str:
    try:
        return f"{parse_time(typed):%H:%M}"
    except ValueError as wrong:
        raise _Unusable(str(wrong)) from None


def _dates(question: Question, typed: str) -> str:
    return _days(lambda: parse_days(_text(question, typed)))


def _days(read: Callable[[], Sequence[date]]) -> str:
    try:
        return ",".join(day.isoformat() for day in read())
    except ValueError as wrong:
        raise _Unusable(str(wrong)) from None


_READ: dict[QuestionKind, Callable[[Question, str], str]] = {
    "choice": _choice,
    "tick": _tick,
    "ticks": _ticks,
    "count": _count,
    "date": _date,
    "dates": _dates,
    "time": _time,
    "text": _text,
    "line": _line,
    "email": _email,
}
_ANSWER = gettext_noop("Please answer this question.")
_OPEN: dict[QuestionKind, str] = {
    "choice": gettext_noop("Please choose an answer."),
    "ticks": gettext_noop("Please check at least one box."),
}
_NUMBER = gettext_noop("Please enter a whole number from %(least)s to %(most)s.")
_NUMBER_SUCH_AS_3 = gettext_noop("Please enter a whole number from %(least)s to %(most)s, such as 3.")
_ABOUT_EACH_GOAL = {
    MilestoneKind.GOAL_CHECK_IN: goal_question,
    MilestoneKind.SELF_ASSESSMENT: confidence_question,
}
