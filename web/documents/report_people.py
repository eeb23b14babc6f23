"""Who took part, who applied and who agreed, as tables and charts of a report."""

from collections.abc import Iterator, Mapping

from domain.report.people import GROUP_NAMES
from schemas.enums import ApplicationStatus
from schemas.report.figures import AgreementFigure, GroupFigure, Report, RoleGroup
from web.documents.blocks import Block, Cell, Column, Paragraph, TableBlock, TableRow
from web.documents.report_figures import (
    TOGETHER,
    TOLD_TOGETHER,
    WITHHELD,
    count_cell,
    count_chart,
    merged_cell,
    together_rows,
)

STATUS_LABELS = {ApplicationStatus.INELIGIBLE: "Not eligible", ApplicationStatus.WAITING: "On the waiting list"}


def people_blocks(report: Report, by: str, heading: str, *, charted: bool = False) -> Iterator[Block]:
    """Yield people or pairs sorted by one thing, as a table and, if ``charted``, as a chart before it."""
    for figure in report.people:
        if figure.by != by:
            continue
        counts = [(choice.label, choice.count) for choice in figure.choices if choice.count]
        if charted and counts:
            yield count_chart(f"people-{by}-drawn", figure.label, counts, label_share=45)
        rows = [
            TableRow(id=f"{by}/{number}", label=choice.label, cells=(merged_cell(choice.count, figure.together),))
            for number, choice in enumerate(figure.choices, start=1)
        ]
        yield TableBlock(
            id=f"people-{by}",
            caption=figure.label,
            row_kind="people",
            columns=(
                Column(heading=heading, numeric=False),
                Column(heading="Pairs" if by == "pair" else "People"),
            ),
            rows=(
                *rows,
                *together_rows(by, [figure.together]),
                TableRow(id=f"{by}/counted", label="All", cells=(count_cell(figure.counted),)),
            ),
        )


def group_table(report: Report) -> TableBlock:
    """Return what each role group answered at the end: a row for each question, a column for each group."""
    by_question: dict[str, dict[RoleGroup | None, GroupFigure]] = {}
    for figure in report.groups:
        by_question.setdefault(figure.question, {})[figure.group] = figure
    merged: list[RoleGroup | None] = [None] if any(None in figures for figures in by_question.values()) else []
    return TableBlock(
        id="groups",
        caption="What each role group answered at the end, mentors and mentees together, means of 5",
        row_kind="group",
        columns=(
            Column(heading="Asked at the end", numeric=False),
            *(Column(heading=GROUP_NAMES[group] if group else TOLD_TOGETHER) for group in (*RoleGroup, *merged)),
        ),
        rows=tuple(
            TableRow(
                id=question,
                label=figures[RoleGroup.OTHER].label,
                cells=tuple(_group_cell(figures, group) for group in (*RoleGroup, *merged)),
            )
            for question, figures in sorted(by_question.items())
        ),
    )


def application_blocks(report: Report) -> Iterator[Block]:
    """Yield how many applied and where their applications stand, a column for each side."""
    sides = report.applications
    rows = [
        TableRow(id="applied", label="All of them", cells=tuple(count_cell(side.applied) for side in sides)),
        TableRow(id="accepted", label="Accepted", cells=tuple(count_cell(side.accepted) for side in sides)),
        *(
            TableRow(
                id=status,
                label=STATUS_LABELS.get(status, status.capitalize()),
                cells=tuple(merged_cell(side.statuses[status], side.together) for side in sides),
            )
            for status in sides[0].statuses
        ),
        *together_rows("applications", [side.together for side in sides]),
        TableRow(
            id="places",
            label="Places mentors had to give",
            cells=tuple(Cell(text="–" if side.places is None else str(side.places)) for side in sides),
        ),
    ]
    yield TableBlock(
        id="applications",
        caption="Applications and where they stand",
        row_kind="applications",
        columns=(
            Column(heading="Applications", numeric=False),
            *(Column(heading=f"{side.side.capitalize()}s") for side in sides),
        ),
        rows=tuple(rows),
    )
    yield Paragraph(text=f"Questions asked before applying: {count_cell(report.inquiries).text}.")


def agreement_table(figure: AgreementFigure) -> TableBlock:
    """Return how many pairs came to an agreement, how many in time, and after how many days."""
    median = WITHHELD if figure.median_days is None else f"{figure.median_days:g}"
    figures = (
        ("mentorships", "All of them", str(figure.mentorships)),
        ("agreed", "With an agreement", str(figure.agreed)),
        ("in_time", "With one by the day it was due", str(figure.in_time)),
        ("median_days", "Days from the first day to the agreement (median)", median),
    )
    return TableBlock(
        id="agreement",
        caption="Agreements both sides confirmed",
        row_kind="agreement",
        columns=(Column(heading="Mentorships", numeric=False), Column(heading="Figure")),
        rows=tuple(TableRow(id=id_, label=label, cells=(Cell(text=text),)) for id_, label, text in figures),
    )


def _group_cell(figures: Mapping[RoleGroup | None, GroupFigure], group: RoleGroup | None) -> Cell:
    figure = figures.get(group)
    if figure is None:
        return Cell(text="–")
    if figure.answered is None:
        return Cell(text=TOGETHER if None in figures else WITHHELD)
    if figure.mean is None:
        return Cell(
            text=WITHHELD if figure.answered else "nobody", note=f"of {figure.answered}" if figure.answered else ""
        )
    return Cell(text=f"{figure.mean:.2f}", note=f"of {figure.answered}", style="mean")
