"""In no table of a report can a withheld number be found by subtracting the others from the whole (A34)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import asyncpg
import pytest

from domain.report.rows import figure_rows
from schemas.cohort.settings import CohortSettings
from schemas.forms.catalog import FORMS
from schemas.report.figures import ChoiceFigure, Report
from tests.report.test_recomputed import SEEDS, class_of


class Whole(NamedTuple):
    """A table whose cells make up a whole that is shown; ``once`` where everybody is in one cell only."""

    name: str
    whole: int
    cells: Sequence[int | None]
    once: bool = True
    together: int | None = None


def wholes(report: Report) -> Iterator[Whole]:
    """Yield every table of a report in which something could be subtracted."""
    ends = [report.outcomes.get(one) for one in ("ended_early", "mentor_withdrew", "mentee_withdrew")]
    shown = sum(report.outcomes.get(one) or 0 for one in ("completed", "running", "replaced"))
    parted = report.outcomes.get("parted")
    cells = tuple(count or (0 if parted is None else None) for count in ends)
    yield Whole("outcomes", report.mentorships - shown, cells, together=parted)
    for window in report.windows:
        why = (window.planned, window.not_yet, window.unanswered)
        yield Whole(f"window {window.number}", window.mentorships - window.met, why, together=window.together)
    for choice in filter(_one_of_several, report.choices):
        cells = tuple(one.count for one in choice.choices)
        once = choice.form in {"closure_survey", "follow_up"}
        yield Whole(choice.question, choice.answered, cells, once, choice.together)
    for people in report.people:
        cells = tuple(one.count for one in people.choices)
        yield Whole(people.by, people.counted, cells, together=people.together)
    for applied in report.applications:
        cells = tuple(applied.statuses.values())
        yield Whole(f"{applied.side} applied", applied.applied - applied.accepted, cells, together=applied.together)
    for question in {one.question for one in report.groups}:
        answered = sum(item.answered for item in report.items if item.question == question)
        own = {one.group: one.answered for one in report.groups if one.question == question}
        together = own.pop(None, None)
        yield Whole(f"groups {question}", answered, tuple(own.values()), once=False, together=together)


def _one_of_several(figure: ChoiceFigure) -> bool:
    asked = [one for one in FORMS[figure.form].questions if one.name == figure.question]
    return not asked or asked[0].kind == "choice"


@pytest.mark.parametrize("seed", SEEDS)
async def test_withheld_cells_are_several_and_five_people_together(
    pool: asyncpg.Pool, cohort: CohortSettings, seed: int
) -> None:
    report, _ = await class_of(pool, cohort, seed)
    for table in wholes(report):
        shown = [cell for cell in table.cells if cell is not None]
        hidden, together = len(table.cells) - len(shown), table.whole - sum(shown)
        assert hidden != 1, table
        assert hidden == 0 or together >= 5 or not shown, table
        assert hidden > 0 or together == 0, table
        # What is told together follows from the others in any case.
        assert table.together in {None, together}, table
        assert table.together is None or hidden, table
        assert table.together is not None or hidden in {0, len(table.cells)}, table
        # A mentor of several mentees answers a survey for each.
        if table.once and table.name != "again":
            assert not any(0 < cell < 5 for cell in shown), table


@pytest.mark.parametrize("seed", SEEDS)
async def test_means_and_sums_rest_on_five_or_more(pool: asyncpg.Pool, cohort: CohortSettings, seed: int) -> None:
    report, _ = await class_of(pool, cohort, seed)
    for mean, answered in [
        *((item.mean, item.answered) for item in report.items),
        *((point.mean, point.answered) for course in report.courses for point in course.points),
        *((one.mean, one.answered or 0) for one in report.groups),
    ]:
        assert mean is None or answered >= 5
    for one in report.sums:
        assert one.with_some is None or one.with_some == 0 or one.with_some >= 5
        assert one.with_some is None or one.answered - one.with_some == 0 or one.answered - one.with_some >= 5
        assert one.total is None or one.answered >= 5


@pytest.mark.parametrize("seed", SEEDS)
async def test_rows_for_spreadsheets_hold_no_value_where_they_say_withheld(
    pool: asyncpg.Pool, cohort: CohortSettings, seed: int
) -> None:
    report, _ = await class_of(pool, cohort, seed)
    every = list(figure_rows(report))
    assert all((row.value is None) >= row.withheld for row in every)
    assert len({(row.question, row.group) for row in every}) == len(every), "two figures are told by the same words"
    empty = [row for row in every if row.value is None and not row.withheld]
    assert all(row.promise == "A17" and row.n == 0 for row in empty)
