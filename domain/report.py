"""What a cohort gained, in figures: counted from its rows, with cells too small to show withheld."""

from collections import Counter
from collections.abc import Iterable
from statistics import fmean

from domain.answers import TICKED
from schemas.forms import CLOSURE_SURVEY, FORMS, Question
from schemas.report import CohortRecords, ItemFigure, RateFigure, Report, ResponseRecord, WindowFigure, WindowRecord
from schemas.words import MilestoneKind, Side, WindowStatus

SMALLEST_CELL = 5
BEST_NEWS_FIRST = (WindowStatus.MET, WindowStatus.PLANNED, WindowStatus.NOT_YET, WindowStatus.UNANSWERED)


def figures(records: CohortRecords) -> Report:
    """Compute a cohort's figures from its rows.

    A window counts for a mentorship by the better news of its two sides; means of fewer than five answers are
    withheld; sentences are quoted only where their author ticked that they may be.
    """
    return Report(
        cohort_id=records.cohort_id,
        mentorships=len(records.outcomes),
        outcomes=dict(Counter(outcome or "running" for outcome in records.outcomes)),
        windows=tuple(_windows(records.windows)),
        rates=tuple(_rates(records)),
        items=tuple(_items(records.responses)),
        quotes=tuple(_quotes(records.responses)),
    )


def _windows(windows: Iterable[WindowRecord]) -> Iterable[WindowFigure]:
    by_number: dict[int, Counter[WindowStatus]] = {}
    for window in windows:
        better = min(window.mentor, window.mentee, key=BEST_NEWS_FIRST.index)
        by_number.setdefault(window.number, Counter())[better] += 1
    for number, counts in sorted(by_number.items()):
        news = {status.value: counts[status] for status in BEST_NEWS_FIRST}
        yield WindowFigure(number=number, mentorships=counts.total(), **news)


def _rates(records: CohortRecords) -> Iterable[RateFigure]:
    answered = Counter((response.form, response.side) for response in records.responses)
    for form in FORMS:
        for side in Side:
            asked = records.asked.get(f"{form}/{side}", 0)
            if asked:
                yield RateFigure(form=form, side=side, asked=asked, answered=answered[form, side])


def _items(responses: Iterable[ResponseRecord]) -> Iterable[ItemFigure]:
    surveys = [response for response in responses if response.form is MilestoneKind.CLOSURE_SURVEY]
    for side in Side:
        for question in CLOSURE_SURVEY.for_side(side):
            if _is_scale(question):
                points = [
                    int(s.answers[question.name]) for s in surveys if s.side is side and question.name in s.answers
                ]
                yield ItemFigure(
                    question=question.name,
                    label=question.label,
                    side=side,
                    answered=len(points),
                    mean=round(fmean(points), 2) if len(points) >= SMALLEST_CELL else None,
                )


def _is_scale(question: Question) -> bool:
    return bool(question.choices) and all(str(choice.value).isdigit() for choice in question.choices)


def _quotes(responses: Iterable[ResponseRecord]) -> Iterable[str]:
    for response in responses:
        if response.answers.get("quote_me") == TICKED and response.answers.get("takeaway"):
            yield response.answers["takeaway"]
