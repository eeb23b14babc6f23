"""What a cohort gained, in figures: counted from its rows, with cells too small to show withheld."""

from collections import Counter
from collections.abc import Iterable
from statistics import median

from domain.answers import readable_by
from domain.report_counts import choices, sums
from domain.report_scales import SMALLEST_CELL, courses, mean_of, rating, responses_to, scales
from schemas.forms import CLOSURE_SURVEY, FORMS
from schemas.report import (
    AgreementFigure,
    CohortRecords,
    ItemFigure,
    RateFigure,
    Report,
    ResponseRecord,
    WindowFigure,
    WindowRecord,
)
from schemas.words import Outcome, Side, WindowStatus

BEST_NEWS_FIRST = (WindowStatus.MET, WindowStatus.PLANNED, WindowStatus.NOT_YET, WindowStatus.UNANSWERED)


def figures(records: CohortRecords) -> Report:
    """Compute a cohort's figures from its rows.

    A window counts for a mentorship by the better news of its two sides; what rests on fewer than five answers is
    withheld; sentences are quoted only where their author ticked that they may be.
    """
    return Report(
        cohort_id=records.cohort_id,
        mentorships=len(records.outcomes),
        replaced=records.replaced,
        outcomes=_outcomes(records),
        windows=tuple(_windows(records.windows)),
        rates=tuple(_rates(records)),
        items=tuple(_items(records.responses)),
        agreement=_agreement(records) if records.outcomes else None,
        courses=tuple(courses(records.responses)),
        choices=tuple(choices(records.responses)),
        sums=tuple(sums(records.responses)),
        quotes=tuple(_quotes(records.responses)),
    )


def _outcomes(records: CohortRecords) -> dict[str, int]:
    """Count how mentorships ended; whose mentor was replaced is not counted among those whose mentor withdrew."""
    counts = Counter(str(outcome or "running") for outcome in records.outcomes)
    if records.replaced:
        counts[Outcome.MENTOR_WITHDREW] -= records.replaced
        counts["replaced"] = records.replaced
    return {outcome: count for outcome, count in counts.items() if count}


def _agreement(records: CohortRecords) -> AgreementFigure:
    days = [agreement.days for agreement in records.agreements]
    return AgreementFigure(
        mentorships=len(records.outcomes),
        agreed=len(days),
        in_time=sum(agreement.in_time for agreement in records.agreements),
        median_days=median(days) if len(days) >= SMALLEST_CELL else None,
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
    for side in Side:
        surveys = responses_to(responses, CLOSURE_SURVEY.kind, side)
        for question in scales(CLOSURE_SURVEY.kind, side):
            points = [point for survey in surveys if (point := rating(question, survey.answers)) is not None]
            yield ItemFigure(
                question=question.name, label=question.label, side=side, answered=len(points), mean=mean_of(points)
            )


def _quotes(responses: Iterable[ResponseRecord]) -> Iterable[str]:
    for response in responses:
        form = FORMS.get(response.form)
        sentences = [question for question in form.questions if question.kind == "text"] if form else []
        yield from readable_by("report", sentences, response.answers).values()
