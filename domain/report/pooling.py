"""Several classes in one report: their rows put together, and no more told than their own reports allow."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from domain.report.figures import PARTED, make_report
from schemas.enums import Side
from schemas.report.figures import AgreementFigure, ApplicationsFigure, Report, WindowFigure
from schemas.report.records import CohortRecords

WINDOW_STATUSES = ("planned", "not_yet", "unanswered")


def make_pooled_report(classes: Sequence[CohortRecords]) -> Report:
    """Compute the figures of several classes together; each has a report of its own, which readers can subtract.

    How mentorships ended, why pairs had not met and how applications stand is added up from these reports.
    """
    own = [make_report(records) for records in classes]
    pooled = make_report(_pooled(classes))
    return pooled.model_copy(
        update={
            "classes": tuple(records.cohort_id for records in classes),
            "outcomes": _outcomes(own),
            "windows": tuple(_windows(own)),
            "applications": tuple(_applications(own)),
            "agreement": _agreement(pooled.agreement, own),
            "inquiries": _sum(report.inquiries for report in own),
            "covered": None if any(report.covered is None for report in own) else pooled.covered,
        }
    )


def _pooled(classes: Sequence[CohortRecords]) -> CohortRecords:
    asked: Counter[str] = Counter()
    for records in classes:
        asked.update(records.asked)
    own = [_of_class(records) for records in classes]
    return CohortRecords(
        cohort_id=", ".join(records.cohort_id for records in classes),
        outcomes=tuple(outcome for records in own for outcome in records.outcomes),
        replaced=sum(records.replaced for records in own),
        agreements=tuple(agreement for records in own for agreement in records.agreements),
        windows=tuple(window for records in own for window in records.windows),
        responses=tuple(response for records in own for response in records.responses),
        asked=asked,
        people=tuple(person for records in own for person in records.people),
        pairs=tuple(pair for records in own for pair in records.pairs),
        applications=tuple(application for records in own for application in records.applications),
        inquiries=sum(records.inquiries for records in own),
        recommended=sum(records.recommended for records in own),
        took_up=tuple(person for records in own for person in records.took_up),
    )


def _of_class(records: CohortRecords) -> CohortRecords:
    """Return a class's rows with ids that say of which class they are (domain/report/suppression.py)."""
    in_class = f"{records.cohort_id}/"
    return records.model_copy(
        update={
            "responses": tuple(
                one.model_copy(update={"person": in_class + one.person, "mentorship": in_class + one.mentorship})
                for one in records.responses
            ),
            "people": tuple(one.model_copy(update={"person": in_class + one.person}) for one in records.people),
            "pairs": tuple(
                one.model_copy(update={"mentor": in_class + one.mentor, "mentee": in_class + one.mentee})
                for one in records.pairs
            ),
            "took_up": tuple(in_class + person for person in records.took_up),
        }
    )


def _outcomes(own: Sequence[Report]) -> dict[str, int | None]:
    counts: Counter[str] = Counter()
    for report in own:
        counts.update({outcome: count or 0 for outcome, count in report.outcomes.items()})
    if counts["parted"]:
        counts["parted"] += sum(counts.pop(outcome, 0) for outcome in PARTED)
    return {outcome: count for outcome, count in counts.items() if count}


def _agreement(pooled: AgreementFigure | None, own: Sequence[Report]) -> AgreementFigure | None:
    """Return the figure of all classes, without the median where one of them withholds its own."""
    agreements = [report.agreement for report in own if report.agreement]
    if pooled and any(one.agreed and one.median_days is None for one in agreements):
        return pooled.model_copy(update={"median_days": None})
    return pooled


def _windows(own: Sequence[Report]) -> Iterator[WindowFigure]:
    for number in sorted({window.number for report in own for window in report.windows}):
        windows = [window for report in own for window in report.windows if window.number == number]
        counts = {status: _sum(getattr(window, status) for window in windows) for status in WINDOW_STATUSES}
        mentorships, met = sum(one.mentorships for one in windows), sum(one.met for one in windows)
        together = _together(mentorships - met, counts)
        yield WindowFigure(number=number, mentorships=mentorships, met=met, together=together, **counts)


def _applications(own: Sequence[Report]) -> Iterator[ApplicationsFigure]:
    for side in Side:
        figures = [figure for report in own for figure in report.applications if figure.side is side]
        if not figures:
            continue
        statuses = {status: _sum(figure.statuses[status] for figure in figures) for status in figures[0].statuses}
        applied, accepted = sum(one.applied for one in figures), sum(one.accepted for one in figures)
        yield ApplicationsFigure(
            side=side,
            applied=applied,
            accepted=accepted,
            places=sum(one.places or 0 for one in figures) if side is Side.MENTOR else None,
            statuses=statuses,
            together=_together(applied - accepted, statuses),
        )


def _sum(counts: Iterable[int | None]) -> int | None:
    """Return a sum, or None where one of the counts is withheld."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _together(whole: int, counts: Mapping[Any, int | None]) -> int | None:
    shown = [count for count in counts.values() if count is not None]
    return whole - sum(shown) if len(shown) < len(counts) else None
