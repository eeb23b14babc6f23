"""What a cohort gained, in figures: counted from its rows, with cells too small to show withheld."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from statistics import median

from domain.forms import answers_readable_by
from domain.report.counts import choice_figures, goal_figures, sum_figures
from domain.report.people import (
    application_figures,
    covered_regions,
    group_figures,
    opening_figure,
    people_figures,
)
from domain.report.scales import course_figures, mean_of, rating, responses_to, scale_questions
from domain.report.suppression import MIN_CELL_SIZE, suppressed_counts
from schemas.enums import Outcome, Side, WindowStatus
from schemas.forms.catalog import CLOSURE_SURVEY, FORMS
from schemas.report.figures import AgreementFigure, ItemFigure, RateFigure, Report, WindowFigure
from schemas.report.records import CohortRecords, ResponseRecord, WindowRecord

# How many pairs there were, completed, go on or were taken over is the program's own record and always shown. How the
# others ended is private, and withheld where they are few.
PARTED = (Outcome.ENDED_EARLY, Outcome.MENTOR_WITHDREW, Outcome.MENTEE_WITHDREW)
BEST_NEWS_FIRST = (WindowStatus.MET, WindowStatus.PLANNED, WindowStatus.NOT_YET, WindowStatus.UNANSWERED)


def make_report(records: CohortRecords, interim_on: date | None = None) -> Report:
    """Compute a cohort's figures from its rows; ``interim_on`` is the day of a report that is not the last one.

    A window counts for a mentorship by the better news of its two sides; what would reveal fewer than five people is
    withheld; sentences are quoted only where their author ticked that they may be.
    """
    return Report(
        cohort_id=records.cohort_id,
        interim_on=interim_on,
        mentorships=len(records.outcomes),
        replaced=records.replaced,
        outcomes=_outcomes(records),
        windows=tuple(_windows(records.windows)),
        rates=tuple(_rates(records)),
        items=tuple(_items(records.responses)),
        agreement=_agreement(records) if records.outcomes else None,
        courses=tuple(course_figures(records.responses)),
        choices=(*choice_figures(records.responses), *goal_figures(records.responses)),
        sums=tuple(sum_figures(records.responses)),
        quotes=tuple(_quotes(records.responses)),
        people=tuple(people_figures(records)),
        covered=covered_regions(records),
        groups=tuple(group_figures(records)),
        applications=tuple(application_figures(records.applications)),
        openings=opening_figure(records),
        inquiries=None if 0 < records.inquiries < MIN_CELL_SIZE else records.inquiries,
    )


def _outcomes(records: CohortRecords) -> dict[str, int | None]:
    """Count how mentorships ended; whose mentor was replaced is not counted among those whose mentor withdrew."""
    counts = Counter(str(outcome or "running") for outcome in records.outcomes)
    counts[Outcome.MENTOR_WITHDREW] -= records.replaced
    counts["replaced"] = records.replaced
    hidden = [PARTED[place] for place in suppressed_counts([counts[outcome] for outcome in PARTED])]
    # Their sum follows from the others in any case.
    counts["parted"] = sum(counts.pop(outcome, 0) for outcome in hidden)
    shown = (Outcome.COMPLETED, "replaced", *PARTED, "parted", "running")
    return {str(outcome): counts[outcome] for outcome in shown if counts[outcome]}


def _agreement(records: CohortRecords) -> AgreementFigure:
    days = [agreement.days for agreement in records.agreements]
    return AgreementFigure(
        mentorships=len(records.outcomes),
        agreed=len(days),
        in_time=sum(agreement.in_time for agreement in records.agreements),
        median_days=median(days) if len(days) >= MIN_CELL_SIZE else None,
    )


def _windows(windows: Iterable[WindowRecord]) -> Iterable[WindowFigure]:
    by_number: dict[int, Counter[WindowStatus]] = {}
    for window in windows:
        better = min(window.mentor, window.mentee, key=BEST_NEWS_FIRST.index)
        by_number.setdefault(window.number, Counter())[better] += 1
    for number, counts in sorted(by_number.items()):
        others = BEST_NEWS_FIRST[1:]
        hidden = suppressed_counts([counts[status] for status in others])
        why = {status.value: None if place in hidden else counts[status] for place, status in enumerate(others)}
        met, together = counts[WindowStatus.MET], sum(counts[others[place]] for place in hidden)
        yield WindowFigure(
            number=number, mentorships=counts.total(), met=met, together=together if hidden else None, **why
        )


def _rates(records: CohortRecords) -> Iterable[RateFigure]:
    answered = Counter((response.form, response.side) for response in records.responses)
    for form in FORMS:
        for side in Side:
            count = records.asked.get(f"{form}/{side}", 0)
            if count:
                yield RateFigure(form=form, side=side, asked=count, answered=answered[form, side])


def _items(responses: Iterable[ResponseRecord]) -> Iterable[ItemFigure]:
    for side in Side:
        surveys = responses_to(responses, CLOSURE_SURVEY.kind, side)
        for question in scale_questions(CLOSURE_SURVEY.kind, side):
            rated = [
                (survey.person, point) for survey in surveys if (point := rating(question, survey.answers)) is not None
            ]
            mean = mean_of([point for _, point in rated], [person for person, _ in rated])
            yield ItemFigure(question=question.name, label=question.label, side=side, answered=len(rated), mean=mean)


def _quotes(responses: Iterable[ResponseRecord]) -> Iterable[str]:
    for response in responses:
        form = FORMS.get(response.form)
        sentences = [question for question in form.questions if question.kind == "text"] if form else []
        yield from answers_readable_by("report", sentences, response.answers).values()
