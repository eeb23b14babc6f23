"""Figures about answers on scales: means, and how they changed over time.

A mean of fewer than five people's answers is withheld.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from domain.forms import confidence_question
from domain.report.suppression import is_too_few
from schemas.enums import MilestoneKind, Side
from schemas.forms.agreement import MOST_GOALS
from schemas.forms.catalog import FORMS, Question
from schemas.report.figures import CourseFigure, PointFigure
from schemas.report.records import ResponseRecord

# A self-assessment is asked at the start, halfway and at the end; only people who answered the first and last count.
START, END = 1, 3

GOAL_RATINGS = tuple(confidence_question(number, "") for number in range(1, MOST_GOALS + 1))
OWN_GOALS = GOAL_RATINGS[0].model_copy(update={"name": "own_goals", "label": "I am confident about my goals"})


def responses_to(responses: Iterable[ResponseRecord], form: MilestoneKind, side: Side) -> list[ResponseRecord]:
    """Return the responses one side gave to one form."""
    return [response for response in responses if response.form is form and response.side is side]


def is_scale(question: Question) -> bool:
    """Tell whether a question is answered by one of several points."""
    return bool(question.choices) and all(str(choice.value).isdigit() for choice in question.choices)


def scale_questions(form: MilestoneKind, side: Side) -> tuple[Question, ...]:
    """Return the questions a form puts to a side that are answered on a scale."""
    about_goals = (OWN_GOALS,) if form is MilestoneKind.SELF_ASSESSMENT and side in OWN_GOALS.asked else ()
    return tuple(question for question in (*FORMS[form].for_side(side), *about_goals) if is_scale(question))


def rating(question: Question, answers: Mapping[str, str]) -> float | None:
    """Return the point somebody chose, or None; the mean of their points where each of their goals was rated (A15)."""
    questions = GOAL_RATINGS if question == OWN_GOALS else (question,)
    points = [int(answers[rated.name]) for rated in questions if rated.name in answers]
    return fmean(points) if points else None


def mean_of(points: Collection[float], people: Collection[str]) -> float | None:
    """Return the mean of what these people answered, two digits after the point, or None where it is withheld."""
    return None if is_too_few(people) else round(fmean(points), 2)


def course_figures(responses: Sequence[ResponseRecord]) -> Iterator[CourseFigure]:
    """Yield the means of every scale that is put more than once, each time by itself (A10, A11, A13, A15, A18).

    All means of a self-assessment are of the same people: two means of almost the same people would reveal the others.
    """
    for form in (MilestoneKind.SELF_ASSESSMENT, MilestoneKind.CHECK_IN, MilestoneKind.FOLLOW_UP):
        for side in Side:
            for question in scale_questions(form, side):
                if rated := _rated(question, responses_to(responses, form, side)):
                    points = _compared(rated) if form is MilestoneKind.SELF_ASSESSMENT else rated
                    yield _course(form, side, question, points)


def _rated(question: Question, responses: Iterable[ResponseRecord]) -> dict[int, dict[str, float]]:
    """Return each person's rating by the number of the time they were asked; nobody counts twice."""
    rated: dict[int, dict[str, float]] = defaultdict(dict)
    for response in responses:
        point = rating(question, response.answers)
        if point is not None:
            rated[response.number][response.person] = point
    return rated


def _compared(rated: Mapping[int, Mapping[str, float]]) -> dict[int, dict[str, float]]:
    both = rated.get(START, {}).keys() & rated.get(END, {}).keys()
    return {
        number: {person: point for person, point in rated.get(number, {}).items() if person in both}
        for number in range(START, END + 1)
    }


def _course(
    form: MilestoneKind, side: Side, question: Question, rated: Mapping[int, Mapping[str, float]]
) -> CourseFigure:
    return CourseFigure(
        form=form,
        question=question.name,
        label=question.label,
        ends=(question.choices[0].label, question.choices[-1].label),
        side=side,
        points=tuple(
            PointFigure(number=number, answered=len(points), mean=mean_of(points.values(), points))
            for number, points in sorted(rated.items())
        ),
    )
