"""What a cohort gained in sentences, made of the figures that its report shows."""

from collections.abc import Iterator

from domain.report.parts import part_of
from domain.report.scales import END, START
from schemas.enums import MilestoneKind, Side
from schemas.report.figures import CourseFigure, ItemFigure, Report, ReportPart

PEOPLE = {Side.MENTOR: "mentors", Side.MENTEE: "participants"}
WHO_GAINED = {
    ReportPart.MENTORS: "mentors gained",
    ReportPart.PARTICIPANTS: "participants gained",
    ReportPart.ASSOCIATION: "the association gained",
}
_SIDE = {ReportPart.MENTORS: Side.MENTOR, ReportPart.PARTICIPANTS: Side.MENTEE}


def gains(report: Report, part: ReportPart) -> tuple[str, ...]:
    """Return what a part of the report tells, in the order of the forms; one sentence where it can show nothing."""
    sentences = (*_items(report, part), *_over_time(report, part), *_counts(report, part))
    if sentences or not report.mentorships:
        return sentences
    return (f"So far too few people have answered to say in figures what {WHO_GAINED[part]}.",)


def _items(report: Report, part: ReportPart) -> Iterator[str]:
    for item in report.items:
        if item.mean is not None and part_of(MilestoneKind.CLOSURE_SURVEY, item.question, item.side) is part:
            yield _item(item, item.mean)


def _item(item: ItemFigure, mean: float) -> str:
    return f"“{_quoted(item.label)}”: {item.answered} {PEOPLE[item.side]} answered with {mean:.1f} of 5 on average."


def _over_time(report: Report, part: ReportPart) -> Iterator[str]:
    for course in report.courses:
        if course.form is MilestoneKind.SELF_ASSESSMENT and course.side is _SIDE.get(part):
            yield from _course(course)


def _course(course: CourseFigure) -> Iterator[str]:
    points = {point.number: point for point in course.points}
    start, end = points.get(START), points.get(END)
    if start and end and start.mean is not None and end.mean is not None:
        yield (
            f"“{_quoted(course.label)}”: from {start.mean:.1f} at the start to {end.mean:.1f} at the end, the mean of "
            f"{end.answered} {PEOPLE[course.side]} ({course.ends[0]}, {course.ends[1]})."
        )


def _counts(report: Report, part: ReportPart) -> Iterator[str]:
    if part is ReportPart.PARTICIPANTS:
        for figure in report.sums:
            if figure.question == "introductions" and figure.total:
                yield f"Through their mentors, mentees got to know {figure.total} people."
    if part is ReportPart.ASSOCIATION and report.covered:
        parts = "1 part" if report.covered == 1 else f"{report.covered} parts"
        yield f"People from {parts} of the state took part."
    if part is ReportPart.ASSOCIATION and report.openings and report.openings.took_up:
        openings = report.openings
        yield f"{openings.took_up} of {openings.people} people took up an opening that staff recommended."


def _quoted(label: str) -> str:
    return label.removesuffix(".")
