"""Applications as a CSV file that spreadsheets open without running anything in it, and that reads back the same."""

import csv
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from io import StringIO

from domain.applications.csv.columns import columns_of
from schemas.applications.imports import Applied, StoredApplication
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import Side

STATUS, WHY = "status", "why"

# What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"), in full width too.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MADE_SAFE = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def escape_formula(cell: str) -> str:
    """Return a cell with a leading ' where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescape_formula(cell: str) -> str:
    """Return a cell without the ' that ``escape_formula`` put before it."""
    return cell[1:] if _MADE_SAFE.match(cell) else cell


def person_cells(person: Applied) -> dict[str, str]:
    """Return what one person's row says, by column; lists are joined by ``;`` and line ends are the same everywhere."""
    cells = {column: _cell(getattr(person, column)) for column in columns_of(type(person)) if hasattr(person, column)}
    if isinstance(person, MenteeApplication):
        goals = filter(None, map(_cell, person.goals))
        cells |= {f"goal_{number}": goal for number, goal in enumerate(goals, start=1)}
    return cells


def write_people(side: Side, people: Iterable[StoredApplication], *, excel: bool = False, status: bool = True) -> bytes:
    """Return one side's applications as a file, in the columns of an import, with the status at the end.

    ``excel`` puts the byte order mark before it by which Excel knows UTF-8.
    """
    beside = [STATUS] if status else []
    written = [person_cells(application.person) | {STATUS: application.status} for application in people]
    known_columns = columns_of(MentorApplication if side is Side.MENTOR else MenteeApplication)
    more_goals = (column for cells in written for column in cells if column != STATUS)
    columns = [*dict.fromkeys([*known_columns, *more_goals]), *beside]
    return write_rows(columns, ([cells.get(column, "") for column in columns] for cells in written), excel=excel)


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]], *, excel: bool = False) -> bytes:
    """Return a header and rows of cells as a CSV file; a row may have more or fewer cells than the header."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([escape_formula(cell) for cell in row] for row in [header, *rows])
    return written.getvalue().encode("utf-8-sig" if excel else "utf-8")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(map(_cell, value))
    return (value.value if isinstance(value, StrEnum) else str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()
