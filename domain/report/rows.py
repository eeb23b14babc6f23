"""The report as one table: a row for each figure, for spreadsheets and for whoever adds up several cohorts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from domain.report.parts import part_of, promise_of
from domain.report.people import GROUP_NAMES
from schemas.enums import MilestoneKind, Side
from schemas.forms.catalog import FORMS
from schemas.report.figures import (
    ApplicationsFigure,
    ChoiceFigure,
    CourseFigure,
    FigureRow,
    GroupFigure,
    PeopleFigure,
    Report,
    ReportPart,
    SumFigure,
    WindowFigure,
)

ENDINGS = {"parted": "ended early, or one of the two withdrew"}


class _Topic(NamedTuple):
    """What some rows have in common."""

    part: ReportPart
    promise: str
    question: str

    def row(self, group: str, n: int | None, value: float | None, *, withheld: bool | None = None) -> FigureRow:
        hidden = value is None if withheld is None else withheld
        return FigureRow(**self._asdict(), group=group, n=n, value=value, withheld=hidden)


def figure_rows(report: Report) -> Iterator[FigureRow]:
    """Yield every figure of a report, part by part; ``n`` is how many it rests on."""
    rows = (*_opening(report), *_answers(report), *_pairs(report), *_people(report))
    for part in ReportPart:
        yield from (row for row in rows if row.part is part)


def merged_counts(counts: Mapping[Any, int | None], together: int | None) -> Iterator[tuple[str, int | None]]:
    """Yield counts by their labels; the withheld ones as one, where they may be told together."""
    withheld = [label for label, count in counts.items() if count is None]
    for label, count in counts.items():
        if count is not None or together is None:
            yield label, count
        elif label == withheld[0]:
            yield f"{' / '.join(withheld)} (together)", together


def _opening(report: Report) -> Iterator[FigureRow]:
    pairs = _Topic(ReportPart.OPENING, "A25", "Mentorships")
    yield pairs.row("all", report.mentorships, report.mentorships)
    yield pairs.row("taken over by another mentor", report.mentorships, report.replaced)
    endings = _Topic(ReportPart.OPENING, "A6", "How the mentorships ended")
    for outcome, count in report.outcomes.items():
        yield endings.row(ENDINGS.get(outcome, outcome.replace("_", " ")), report.mentorships, count)
    for window in report.windows:
        yield from _window(window)
    for rate in report.rates:
        answered = _Topic(ReportPart.OPENING, "B6", f"Answered: {FORMS[rate.form].title}")
        yield answered.row(f"{rate.side}s", rate.asked, rate.answered)


def _window(window: WindowFigure) -> Iterator[FigureRow]:
    topic = _Topic(ReportPart.OPENING, "A22", "What pairs said of each check-in window")
    counts = {
        status.replace("_", " "): getattr(window, status) for status in ("met", "planned", "not_yet", "unanswered")
    }
    for status, count in merged_counts(counts, window.together):
        yield topic.row(f"check-in {window.number}, {status}", window.mentorships, count)


def _answers(report: Report) -> Iterator[FigureRow]:
    for item in report.items:
        topic = _topic(MilestoneKind.CLOSURE_SURVEY, item.question, item.side, item.label)
        yield topic.row(f"{item.side}s", item.answered, item.mean)
    for course in report.courses:
        yield from _course(course)
    for figure in report.choices:
        yield from _choice(figure)


def _topic(form: MilestoneKind, question: str, side: Side | None, label: str) -> _Topic:
    return _Topic(part_of(form, question, side), promise_of(form, question), label)


def _course(course: CourseFigure) -> Iterator[FigureRow]:
    topic = _topic(course.form, course.question, course.side, course.label)
    for point in course.points:
        yield topic.row(f"{course.side}s, {_name(course.form)} {point.number}", point.answered, point.mean)


def _choice(figure: ChoiceFigure) -> Iterator[FigureRow]:
    topic = _topic(figure.form, figure.question, figure.side, figure.label)
    who = f"{figure.side or 'pair'}s" + (f", {_name(figure.form)} {figure.number}" if figure.number else "")
    for label, count in merged_counts({choice.label: choice.count for choice in figure.choices}, figure.together):
        yield topic.row(f"{who}: {label}", figure.answered, count)


def _pairs(report: Report) -> Iterator[FigureRow]:
    for figure in report.sums:
        yield from _sum(figure)
    if agreed := report.agreement:
        topic = _Topic(ReportPart.ASSOCIATION, "A26", "Agreements both sides confirmed")
        yield topic.row("with an agreement", agreed.mentorships, agreed.agreed)
        in_time = topic._replace(promise="A31")
        yield in_time.row("by the day it was due", agreed.mentorships, agreed.in_time)
        yield in_time.row("days until agreed (median)", agreed.agreed, agreed.median_days)


def _sum(figure: SumFigure) -> Iterator[FigureRow]:
    topic = _topic(figure.form, figure.question, None, figure.label)
    yield topic.row("pairs with any", figure.answered, figure.with_some)
    yield topic.row("altogether", figure.answered, figure.total)


def _people(report: Report) -> Iterator[FigureRow]:
    for people in report.people:
        yield from _sorted(people)
    if report.people:
        regions = _Topic(ReportPart.ASSOCIATION, "A19", "Parts of the state with participants")
        yield regions.row("all", None, report.covered)
    if openings := report.openings:
        topic = _Topic(ReportPart.ASSOCIATION, "A16", "Openings and chances recommended")
        yield topic.row("all", None, openings.recommended)
        yield topic.row("people who took one up", openings.people, openings.took_up)
    for figure in report.groups:
        yield from _group(figure, report.groups)
    for applied in report.applications:
        yield from _applications(applied)
    if report.applications:
        inquiries = _Topic(ReportPart.ASSOCIATION, "A42", "Questions asked before applying")
        yield inquiries.row("all", None, report.inquiries)


def _group(figure: GroupFigure, others: Sequence[GroupFigure]) -> Iterator[FigureRow]:
    """Yield what a role group answered; those of withheld ones stand in the row of all of these."""
    topic = _Topic(ReportPart.ASSOCIATION, "A17", figure.label)
    merged = [one for one in others if one.question == figure.question and one.answered is None]
    if figure.group is None:
        names = " / ".join(GROUP_NAMES[one.group] for one in merged if one.group)
        yield topic.row(f"{names} (together)", figure.answered, figure.mean, withheld=figure.mean is None)
    elif figure.answered is not None or len(merged) == len(GROUP_NAMES):
        yield topic.row(GROUP_NAMES[figure.group], figure.answered, figure.mean, withheld=figure.answered is None)


def _sorted(figure: PeopleFigure) -> Iterator[FigureRow]:
    topic = _Topic(ReportPart.ASSOCIATION, "A17" if figure.by == "role_group" else "A19", figure.label)
    for label, count in merged_counts({choice.label: choice.count for choice in figure.choices}, figure.together):
        yield topic.row(label, figure.counted, count)


def _applications(figure: ApplicationsFigure) -> Iterator[FigureRow]:
    topic, who = _Topic(ReportPart.ASSOCIATION, "A7", "Applications"), f"{figure.side}s"
    yield topic.row(who, figure.applied, figure.applied)
    yield topic.row(f"{who}, accepted", figure.applied, figure.accepted)
    for status, count in merged_counts(figure.statuses, figure.together):
        yield topic.row(f"{who}, {status}", figure.applied, count)
    if figure.places is not None:
        places = _Topic(ReportPart.ASSOCIATION, "B2", "Places mentors had to give")
        yield places.row(who, figure.accepted, figure.places)


def _name(form: MilestoneKind) -> str:
    return form.replace("_", "-" if form is not MilestoneKind.GOAL_CHECK_IN else " ")
