"""The figures of a report as tables and charts; beside every chart stands a table with the same numbers."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from domain.calendar import months_after
from domain.formatting import format_day
from domain.report.parts import part_of
from domain.report.rows import ENDINGS
from domain.report.scales import END, START
from domain.report.suppression import MIN_CELL_SIZE
from schemas.cohort.settings import CohortSettings
from schemas.enums import MilestoneKind, Side
from schemas.report.figures import (
    ChoiceFigure,
    CourseFigure,
    ItemFigure,
    PointFigure,
    Report,
    ReportPart,
    WindowFigure,
)
from web.documents.blocks import (
    Bar,
    BarChart,
    BarStatus,
    Block,
    Cell,
    Column,
    Paragraph,
    Segment,
    StackedBar,
    StackedBarChart,
    TableBlock,
    TableRow,
)

WITHHELD = "withheld"
WITHHELD_MEAN = Cell(text=f"withheld: fewer than {MIN_CELL_SIZE} people", style="withheld")
STATUSES: Mapping[BarStatus, str] = {
    "met": "met",
    "planned": "planned",
    "not_yet": "not yet",
    "unanswered": "unanswered",
}
# Where few pairs had not met, the reasons are counted together (docs/decisions/0015).
COMBINED = "without a meeting, told together"
TOGETHER, TOLD_TOGETHER = "told together", "Those told together"
OUTCOMES = {"running": "still running", "replaced": "taken over by another mentor", **ENDINGS}
FORM_NAMES = {
    MilestoneKind.CHECK_IN: "check-in",
    MilestoneKind.GOAL_CHECK_IN: "goal check-in",
    MilestoneKind.SELF_ASSESSMENT: "self-assessment",
    MilestoneKind.FOLLOW_UP: "follow-up",
}
SUM_LABELS = {
    "meetings": "Meetings",
    "introductions": "People mentees got to know through their mentors",
    "opportunity": "Check-ins with an opportunity taken up",
    "feedback_given": "Reviews in which one told the other what helps",
    "feedback_received": "Reviews in which one asked the other what helps",
}
# Means run from 1 to 5, and their bars begin at 1.
LOWEST_MEAN, HIGHEST_MEAN = 1, 5


class ReportFigures:
    """Makes the tables and charts of one report; what it has no figures for has none."""

    def __init__(self, report: Report, settings: CohortSettings) -> None:
        self._report = report
        self._settings = settings

    @cached_property
    def forms(self) -> frozenset[MilestoneKind]:
        """Return the forms whose questions the report has courses or choices of."""
        courses = {figure.form for figure in self._report.courses}
        return frozenset(courses | {figure.form for figure in self._report.choices})

    def outcomes(self) -> Block:
        """Return how the mentorships ended."""
        if not self._report.outcomes:
            return Paragraph(text="There were no mentorships.")
        return TableBlock(
            id="outcomes",
            caption="Mentorships by how they ended",
            row_kind="outcome",
            columns=(Column(heading="Outcome", numeric=False), Column(heading="Mentorships")),
            rows=tuple(
                TableRow(id=outcome, label=OUTCOMES.get(outcome, _in_words(outcome)), cells=(count_cell(count),))
                for outcome, count in self._report.outcomes.items()
            ),
        )

    def windows(self) -> Iterator[Block]:
        """Yield what both sides said in each check-in window, as a chart and as a table."""
        if not self._report.windows:
            yield Paragraph(text="No check-in window has closed yet.")
            return
        title = "Mentorships by what they said in each check-in window"
        yield StackedBarChart(id="windows", title=title, bars=tuple(map(self._window_bar, self._report.windows)))
        merged = any(window.together is not None for window in self._report.windows)
        together = (TOLD_TOGETHER,) if merged else ()
        headings = ("Check-in", *(label.capitalize() for label in STATUSES.values()), *together, "All")
        yield TableBlock(
            id="windows-table",
            caption=title,
            row_kind="window",
            columns=tuple(Column(heading=heading, numeric=heading != "Check-in") for heading in headings),
            rows=tuple(
                TableRow(
                    id=str(window.number),
                    label=str(window.number),
                    cells=(
                        *(merged_cell(count, window.together) for count in _counts(window).values()),
                        *((together_cell(window.together),) if merged else ()),
                        count_cell(window.mentorships),
                    ),
                )
                for window in self._report.windows
            ),
        )

    def rates(self) -> Iterator[Block]:
        """Yield how many answered of those who were asked, as a chart and as a table."""
        rates = self._report.rates
        if not rates:
            yield Paragraph(text="Nothing that was asked has closed yet.")
            return
        shares = [rate.answered / rate.asked for rate in rates]
        yield BarChart(
            id="rates",
            title="Share of those asked who answered",
            bars=tuple(
                Bar(label=f"{_form_name(rate.form)}, {rate.side}s", value=share, text=f"{100 * share:.0f} %")
                for rate, share in zip(rates, shares, strict=True)
            ),
            longest=1,
            label_share=66,
        )
        yield TableBlock(
            id="rates-table",
            caption="How many answered of those who were asked",
            row_kind="rate",
            columns=(
                Column(heading="What", numeric=False),
                Column(heading="Whom", numeric=False),
                Column(heading="Asked"),
                Column(heading="Answered"),
            ),
            rows=tuple(
                TableRow(
                    id=f"{rate.form}/{rate.side}",
                    label=_form_name(rate.form).capitalize(),
                    cells=(
                        Cell(text=f"{rate.side}s", style="plain"),
                        count_cell(rate.asked),
                        count_cell(rate.answered),
                    ),
                )
                for rate in rates
            ),
        )

    def items(self, part: ReportPart, caption: str) -> Iterator[Block]:
        """Yield the means of the closure survey that belong to a part of the report."""
        survey = MilestoneKind.CLOSURE_SURVEY
        items = [item for item in self._report.items if part_of(survey, item.question, item.side) is part]
        both_sides = part is ReportPart.ASSOCIATION
        if not items:
            if not both_sides:
                yield Paragraph(text="Nothing was asked of them yet.")
            return
        sides = (Column(heading="Whom", numeric=False),) if both_sides else ()
        yield TableBlock(
            id=f"items-{part}",
            caption=caption,
            row_kind="item",
            columns=(
                Column(heading="Asked at the end", numeric=False),
                *sides,
                Column(heading="Answers"),
                Column(heading="Mean of 5"),
            ),
            rows=tuple(_item_row(item, with_side=both_sides) for item in items),
        )

    def courses(self, form: MilestoneKind, side: Side, caption: str) -> Iterator[Block]:
        """Yield the means of a form that is asked several times: a chart for each question, and one table."""
        courses = [course for course in self._report.courses if course.form is form and course.side is side]
        for course in courses:
            if chart := self._course_chart(course):
                yield Paragraph(text=f"{course.label} ({course.ends[0]}, {course.ends[1]})")
                yield chart
        if not courses:
            return
        numbers = sorted({point.number for course in courses for point in course.points})
        yield TableBlock(
            id=f"courses-{form}-{side}",
            caption=caption,
            row_kind="course",
            columns=(
                Column(heading="Asked", numeric=False),
                *(Column(heading=self._moment(form, number)) for number in numbers),
            ),
            rows=tuple(
                TableRow(
                    id=f"{form}/{side}/{course.question}",
                    label=course.label,
                    cells=tuple(
                        _point_cell(next((point for point in course.points if point.number == number), None))
                        for number in numbers
                    ),
                )
                for course in courses
            ),
        )

    def choices(self, form: MilestoneKind, charted: tuple[str, ...] = ()) -> Iterator[Block]:
        """Yield how often each answer to a form's questions was given; those ``charted`` as a chart too.

        What different sides answered, or the same side at different times, stands side by side.
        """
        by_question: dict[str, list[ChoiceFigure]] = {}
        for figure in self._report.choices:
            if figure.form is form:
                by_question.setdefault(figure.question, []).append(figure)
        for question, figures in by_question.items():
            first, id_ = figures[0], f"choices-{form}-{question}"
            counts = [(choice.label, choice.count) for choice in first.choices if choice.count is not None]
            if question in charted and counts:
                yield count_chart(f"{id_}-drawn", first.label, counts, label_share=55)
            yield self._choice_table(id_, figures)

    def sums(self, form: MilestoneKind, caption: str) -> Iterator[Block]:
        """Yield what pairs counted and ticked on a form, over all times they were asked."""
        sums = [figure for figure in self._report.sums if figure.form is form]
        if sums:
            headings = ("What", "Altogether", "Pairs with any", "Pairs that answered")
            yield TableBlock(
                id=f"sums-{form}",
                caption=caption,
                row_kind="sum",
                columns=tuple(Column(heading=heading, numeric=heading != "What") for heading in headings),
                rows=tuple(
                    TableRow(
                        id=f"{form}/{figure.question}",
                        label=SUM_LABELS.get(figure.question, figure.label),
                        cells=tuple(map(count_cell, (figure.total, figure.with_some, figure.answered))),
                    )
                    for figure in sums
                ),
            )

    def _window_bar(self, window: WindowFigure) -> StackedBar:
        counts = _counts(window)
        segments = [
            Segment(status=status, label=STATUSES[status], count=count)
            for status, count in counts.items()
            if count is not None
        ]
        if len(segments) < len(counts):
            rest = window.mentorships - sum(segment.count for segment in segments)
            # The total is shown whatever its size, so what remains of it reveals no single answer.
            segments.append(Segment(status="combined", label=COMBINED, count=rest))
        ends_on = months_after(
            self._settings.kickoff_day, window.number * self._settings.timeline.check_in_every_months
        )
        by = "" if self._report.classes else f", by {format_day(ends_on, self._settings.locale)}"
        return StackedBar(label=f"Check-in {window.number}{by}", segments=tuple(segments))

    def _course_chart(self, course: CourseFigure) -> BarChart | None:
        bars = tuple(
            Bar(label=self._moment(course.form, point.number), value=point.mean - LOWEST_MEAN, text=f"{point.mean:.2f}")
            for point in course.points
            if point.mean is not None
        )
        if not bars:
            return None
        return BarChart(
            id=f"course-{course.form}-{course.side}-{course.question}",
            title=f"{course.label}, {course.side}s",
            bars=bars,
            longest=HIGHEST_MEAN - LOWEST_MEAN,
            label_share=36,
        )

    def _choice_table(self, id_: str, figures: list[ChoiceFigure]) -> TableBlock:
        first = figures[0]
        prefix = f"{first.form}/{first.question}"
        rows = [
            TableRow(
                id=f"{prefix}/{number}",
                label=choice.label,
                cells=tuple(merged_cell(figure.choices[number - 1].count, figure.together) for figure in figures),
            )
            for number, choice in enumerate(first.choices, start=1)
        ]
        answered = TableRow(
            id=f"{prefix}/answered",
            label="All who answered",
            cells=tuple(count_cell(figure.answered) for figure in figures),
        )
        return TableBlock(
            id=id_,
            caption=first.label,
            row_kind="choice",
            columns=(Column(heading="Answer", numeric=False), *map(self._choice_column, figures)),
            rows=(*rows, *together_rows(prefix, [figure.together for figure in figures]), answered),
        )

    def _choice_column(self, figure: ChoiceFigure) -> Column:
        group = f"{figure.side.capitalize()}s" if figure.side else "Pairs’ answers"
        moment = self._moment(figure.form, figure.number)
        return Column(heading=f"{group}, {moment}" if moment else group)

    def _moment(self, form: MilestoneKind, number: int) -> str:
        """Say which of the times it was asked a figure is about; nothing where all of them are counted together."""
        if form is MilestoneKind.SELF_ASSESSMENT:
            return {START: "At the start", END: "At the end"}.get(number, "Half-way")
        if form is MilestoneKind.CHECK_IN:
            return f"Check-in {number}"
        after = self._settings.timeline.follow_up_after_months
        return f"{after[number - 1]} months later" if 0 < number <= len(after) else ""


def count_cell(count: int | None) -> Cell:
    """Return a count as a cell; None is one that is withheld."""
    return Cell(text=WITHHELD if count is None else str(count))


def merged_cell(count: int | None, together: int | None) -> Cell:
    """Return a count that may be told together with others, where ``together`` is their sum."""
    return Cell(text=TOGETHER) if count is None and together is not None else count_cell(count)


def together_cell(together: int | None) -> Cell:
    """Return the sum of what is told together, if anything is."""
    return Cell(text="–" if together is None else str(together))


def together_rows(prefix: str, sums: Sequence[int | None]) -> Iterator[TableRow]:
    """Yield the row of what is told together in each column, where anything is."""
    if any(together is not None for together in sums):
        yield TableRow(id=f"{prefix}/together", label=TOLD_TOGETHER, cells=tuple(map(together_cell, sums)))


def count_chart(id_: str, title: str, counts: list[tuple[str, int]], *, label_share: int) -> BarChart:
    """Return counts by their labels as a chart; the largest has the longest bar."""
    return BarChart(
        id=id_,
        title=title,
        bars=tuple(Bar(label=label, value=count, text=str(count)) for label, count in counts),
        longest=max(count for _, count in counts),
        label_share=label_share,
    )


def _counts(window: WindowFigure) -> dict[BarStatus, int | None]:
    return {
        "met": window.met,
        "planned": window.planned,
        "not_yet": window.not_yet,
        "unanswered": window.unanswered,
    }


def _item_row(item: ItemFigure, *, with_side: bool) -> TableRow:
    mean = WITHHELD_MEAN if item.mean is None else Cell(text=f"{item.mean:.2f}", style="mean")
    side = (Cell(text=f"{item.side}s", style="plain"),) if with_side else ()
    return TableRow(id=f"{item.side}/{item.question}", label=item.label, cells=(*side, count_cell(item.answered), mean))


def _point_cell(point: PointFigure | None) -> Cell:
    if point is None:
        return Cell(text="–")
    if point.mean is None:
        return Cell(text=WITHHELD, note=f"of {point.answered}")
    return Cell(text=f"{point.mean:.2f}", note=f"of {point.answered}", style="mean")


def _form_name(form: MilestoneKind) -> str:
    return FORM_NAMES.get(form, _in_words(form))


def _in_words(name: str) -> str:
    return name.replace("_", " ")
