"""Cells of a file corrected in place: the file is written anew, its rows keep their numbers."""

import csv
from collections.abc import Mapping
from io import StringIO

from domain.applications.csv.applications import SCHEMAS
from domain.applications.csv.columns import columns_of
from domain.applications.csv.parsing import read_application_table
from schemas.applications.mapping import SideMapping
from schemas.enums import Side

# The number of a row, as in a spreadsheet, and the place of a cell in it.
Corrections = Mapping[tuple[int, int], str]


def correct_cells(side: Side, name: str, content: bytes, mapping: SideMapping, corrections: Corrections) -> bytes:
    """Return a file with some cells corrected, as a CSV file in UTF-8; raises BadInput where it cannot be read."""
    table = read_application_table(name, content, columns_of(SCHEMAS[side]), mapping)
    rows = {row.number: row.cells for row in (*table.rows, *table.misfits)}
    # Blank rows count, so they stay.
    lines = [list(rows.get(number, ())) for number in range(2, max(rows, default=1) + 1)]
    for (number, place), words in corrections.items():
        if number in rows and place < len(rows[number]):
            lines[number - 2][place] = words
    written = StringIO(newline="")
    # As they are: nobody opens this file in a spreadsheet, and a second mark before a formula would stay.
    csv.writer(written, lineterminator="\r\n").writerows([table.header, *lines])
    return written.getvalue().encode("utf-8-sig")
