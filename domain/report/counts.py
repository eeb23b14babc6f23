"""Figures about what participants chose, ticked and counted, derived from the questions themselves.

What would reveal fewer than five people is withheld.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from domain.report.scales import is_scale
from domain.report.suppression import MIN_CELL_SIZE, is_too_few, suppressed_cells
from schemas.enums import MilestoneKind, Side
from schemas.forms.agreement import MOST_GOALS
from schemas.forms.catalog import FORMS, GOAL_CHOICES, Question
from schemas.report.figures import ChoiceFigure, CountedChoice, SumFigure
from schemas.report.records import ResponseRecord

# Check-ins are counted by window, both sides together.
COUNTED_PER_NUMBER = (MilestoneKind.CHECK_IN,)
# Either answers for both.
COUNTED_PER_PAIR = (MilestoneKind.FIRST_CONTACT, MilestoneKind.MEETING, MilestoneKind.CLOSING_CONVERSATION)
GOALS = Question(name="goals", kind="choice", label="How the goals stood when last asked about", choices=GOAL_CHOICES)

# What was chosen, and by whom: a person, or a pair.
Given = tuple[str, frozenset[str]]


def choice_figures(responses: Sequence[ResponseRecord]) -> Iterator[ChoiceFigure]:
    """Yield how often each answer was chosen: by side, or once per pair where either answers for both.

    Each follow-up is counted by itself, everything else over all times it was asked (A11, A12, A18, A24, A32, A40).
    """
    for form in FORMS:
        for question in filter(_is_choice, FORMS[form].questions if form not in COUNTED_PER_NUMBER else ()):
            for side in (None,) if form in COUNTED_PER_PAIR else question.asked:
                for number, chosen in _chosen(question, _answers(responses, form, side)).items():
                    yield _choice(form, number, side, question, chosen)


def goal_figures(responses: Sequence[ResponseRecord]) -> Iterator[ChoiceFigure]:
    """Yield how mentees' goals stood when they were last asked, each goal counted once (A12)."""
    last: dict[str, ResponseRecord] = {}
    for response in _answers(responses, MilestoneKind.GOAL_CHECK_IN, Side.MENTEE):
        previous = last.get(response.person, response)
        last[response.person] = max(previous, response, key=lambda response: (response.number, response.mentorship))
    names = [f"goal_{number}" for number in range(1, MOST_GOALS + 1)]
    stood = [
        (person, frozenset({response.answers[name]}))
        for person, response in last.items()
        for name in names
        if name in response.answers
    ]
    if stood:
        yield _choice(MilestoneKind.GOAL_CHECK_IN, 0, Side.MENTEE, GOALS, stood)


def sum_figures(responses: Sequence[ResponseRecord]) -> Iterator[SumFigure]:
    """Yield what pairs counted and ticked, over all times they were asked (A14, A16, A36).

    What both sides were asked counts once each time, by the larger of their two answers.
    """
    for form in FORMS:
        first_questions: dict[str, Question] = {}
        for question in filter(_is_summed, FORMS[form].questions):
            # Both sides may be asked for the same number, each in words of their own.
            first = first_questions.setdefault(question.name, question) is question
            if first and (counted := _counted(question, _answers(responses, form))):
                yield _sum(form, question, counted)


def _is_choice(question: Question) -> bool:
    staff_readers = {"staff", "staff_counts"} & set(question.readers)
    return bool(staff_readers) and len(question.choices) > 1 and not is_scale(question)


def _is_summed(question: Question) -> bool:
    # Requests for a call and consents to be quoted are not counted: they are private (A34).
    return question.kind in {"count", "tick"} and "staff_counts" in question.readers


def _answers(
    responses: Iterable[ResponseRecord], form: MilestoneKind, side: Side | None = None
) -> list[ResponseRecord]:
    return [response for response in responses if response.form is form and side in (None, response.side)]


def _chosen(question: Question, responses: Iterable[ResponseRecord]) -> dict[int, list[Given]]:
    """Return what was chosen in each response, or by each pair, by the number it is counted under."""
    chosen_by_number: dict[int, dict[tuple[str, str], set[str]]] = defaultdict(lambda: defaultdict(set))
    for place, response in enumerate(responses):
        if question.name in response.answers:
            pair = response.form in COUNTED_PER_PAIR
            whose = (response.mentorship, str(response.number)) if pair else (response.person, str(place))
            apart = response.number if response.form is MilestoneKind.FOLLOW_UP else 0
            chosen_by_number[apart][whose] |= set(response.answers[question.name].split(","))
    return {
        number: [(whose, _settled(question, chosen)) for (whose, _), chosen in chosen_by_number[number].items()]
        for number in sorted(chosen_by_number)
    }


def _settled(question: Question, chosen: set[str]) -> frozenset[str]:
    # Choices are in order of good news: where one says that it took place and the other that it is planned, it did.
    if question.kind == "ticks":
        return frozenset(chosen)
    return frozenset({next(str(choice.value) for choice in question.choices if choice.value in chosen)})


def _choice(
    form: MilestoneKind, number: int, side: Side | None, question: Question, choices_made: Sequence[Given]
) -> ChoiceFigure:
    by_choice = [[whose for whose, chosen in choices_made if choice.value in chosen] for choice in question.choices]
    hidden = _hidden(question, [whose for whose, _ in choices_made], by_choice)
    return ChoiceFigure(
        form=form,
        number=number,
        question=question.name,
        label=question.label,
        side=side,
        answered=len(choices_made),
        choices=tuple(
            CountedChoice(label=choice.label, count=None if place in hidden else len(by_choice[place]))
            for place, choice in enumerate(question.choices)
        ),
        together=_together(question, choices_made, hidden),
    )


def _together(question: Question, choices_made: Sequence[Given], hidden: Collection[int]) -> int | None:
    """Return how often any of the withheld answers was given, where no single one follows from that."""
    values = {str(question.choices[place].value) for place in hidden}
    giving = [whose for whose, chosen in choices_made if chosen & values]
    if question.kind != "ticks":
        return len(giving) if 0 < len(hidden) < len(question.choices) else None
    # Each was ticked by four at most: as many as that could be would tell that each was ticked by four.
    most = (MIN_CELL_SIZE - 1) * len(hidden)
    return None if not hidden or is_too_few(giving) or len(set(giving)) >= most else len(giving)


def _hidden(question: Question, everybody: Sequence[str], by_choice: Sequence[Sequence[str]]) -> frozenset[int]:
    if is_too_few(everybody):
        return frozenset(range(len(by_choice)))
    if question.kind == "ticks":
        # Boxes are ticked one by one and make no whole, so nothing can be found by subtraction.
        return frozenset(place for place, whose in enumerate(by_choice) if whose and is_too_few(whose))
    return suppressed_cells(by_choice)


def _counted(question: Question, responses: Iterable[ResponseRecord]) -> dict[str, dict[int, int]]:
    """Return the larger of the two sides' counts, by mentorship and number; a box left empty counts nothing."""
    counted: dict[str, dict[int, int]] = defaultdict(dict)
    for response in responses:
        count = _count(question, response)
        if count is not None:
            windows = counted[response.mentorship]
            windows[response.number] = max(count, windows.get(response.number, 0))
    return counted


def _count(question: Question, response: ResponseRecord) -> int | None:
    if question.kind == "tick":
        return int(question.name in response.answers) if response.side in question.asked else None
    return int(response.answers[question.name]) if question.name in response.answers else None


def _sum(form: MilestoneKind, question: Question, counted: Mapping[str, Mapping[int, int]]) -> SumFigure:
    totals = {pair: sum(windows.values()) for pair, windows in counted.items()}
    with_some = [pair for pair, total in totals.items() if total]
    enough = not is_too_few(totals)
    return SumFigure(
        form=form,
        question=question.name,
        label=question.label,
        answered=len(totals),
        with_some=len(with_some)
        if enough and not suppressed_cells((with_some, [*totals.keys() - {*with_some}]))
        else None,
        total=sum(totals.values()) if enough and not (with_some and is_too_few(with_some)) else None,
    )
