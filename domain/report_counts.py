"""What a cohort's participants chose, ticked and counted, in figures read off the questions themselves.

What rests on fewer than five answers is withheld, so that no figure gives away what one person answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.report_scales import SMALLEST_CELL, is_scale
from schemas.forms import FORMS, Question
from schemas.report import ChoiceFigure, CountedChoice, ResponseRecord, SumFigure
from schemas.words import MilestoneKind, Side

# Check-ins are counted by window, both sides together.
COUNTED_APART = (MilestoneKind.CHECK_IN,)
# Either answers for both.
OF_THE_PAIR = (MilestoneKind.FIRST_CONTACT, MilestoneKind.MEETING, MilestoneKind.CLOSING_CONVERSATION)


def choices(responses: Sequence[ResponseRecord]) -> Iterator[ChoiceFigure]:
    """Yield how often each answer was chosen: by side, or once per pair where either answers for both.

    Follow-ups are counted each by itself, all else over all times it was asked (A11, A12, A18, A24, A32, A40).
    """
    for form in FORMS:
        for question in filter(_is_choice, FORMS[form].questions if form not in COUNTED_APART else ()):
            for side in (None,) if form in OF_THE_PAIR else question.asked:
                for number, given in _given(question, _answers(responses, form, side)).items():
                    yield _choice(form, number, side, question, given)


def sums(responses: Sequence[ResponseRecord]) -> Iterator[SumFigure]:
    """Yield what pairs counted and ticked, over all times they were asked (A14, A16, A36).

    What both sides were asked counts once each time, by the larger of their two answers.
    """
    for form in FORMS:
        seen: dict[str, Question] = {}
        for question in filter(_is_summed, FORMS[form].questions):
            # Both sides may be asked for the same number, each in words of their own.
            first = seen.setdefault(question.name, question) is question
            if first and (counted := _counted(question, _answers(responses, form))):
                yield _sum(form, question, counted)


def _is_choice(question: Question) -> bool:
    told = {"staff", "staff_counts"} & set(question.readers)
    return bool(told) and len(question.choices) > 1 and not is_scale(question)


def _is_summed(question: Question) -> bool:
    # A wish for a call, and who lets themselves be quoted, is not for counting: staff alone know, and no partner.
    return question.kind in {"count", "tick"} and "staff_counts" in question.readers


def _answers(
    responses: Iterable[ResponseRecord], form: MilestoneKind, side: Side | None = None
) -> list[ResponseRecord]:
    return [response for response in responses if response.form is form and side in (None, response.side)]


def _given(question: Question, responses: Iterable[ResponseRecord]) -> dict[int, list[set[str]]]:
    """Return what was chosen in each response, or by each pair, by the number it is counted under."""
    given: dict[int, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    for place, response in enumerate(responses):
        if question.name in response.answers:
            pair = response.form in OF_THE_PAIR
            whose = (response.mentorship, str(response.number)) if pair else (str(place),)
            apart = response.number if response.form is MilestoneKind.FOLLOW_UP else 0
            given[apart][whose] |= set(response.answers[question.name].split(","))
    return {number: [_settled(question, chosen) for chosen in given[number].values()] for number in sorted(given)}


def _settled(question: Question, chosen: set[str]) -> set[str]:
    # Choices stand in order of good news: where one says it took place and the other that it is planned, it did.
    if question.kind == "ticks":
        return chosen
    return {next(str(choice.value) for choice in question.choices if choice.value in chosen)}


def _choice(
    form: MilestoneKind, number: int, side: Side | None, question: Question, given: Sequence[set[str]]
) -> ChoiceFigure:
    counts = Counter(value for chosen in given for value in chosen)
    shown = len(given) >= SMALLEST_CELL
    return ChoiceFigure(
        form=form,
        number=number,
        question=question.name,
        label=question.label,
        side=side,
        answered=len(given),
        choices=tuple(
            CountedChoice(label=choice.label, count=counts[str(choice.value)] if shown else None)
            for choice in question.choices
        ),
    )


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
    totals = [sum(windows.values()) for windows in counted.values()]
    shown = len(totals) >= SMALLEST_CELL
    return SumFigure(
        form=form,
        question=question.name,
        label=question.label,
        answered=len(totals),
        with_some=sum(total > 0 for total in totals) if shown else None,
        total=sum(totals) if shown else None,
    )
