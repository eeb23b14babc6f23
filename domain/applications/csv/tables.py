"""A CSV file or a workbook as rows of cells: its rows by their numbers in a spreadsheet, and what is malformed."""

import csv
import re
from collections.abc import Callable, Iterator
from io import StringIO
from typing import NamedTuple

from domain.input_files.decoding import DecodedText, decode_text
from domain.input_files.spelling import as_typed, is_unseen
from domain.input_files.workbook import is_workbook, read_workbook
from schemas.enums import TextEncoding
from schemas.errors import BadInput, Problem

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# What Excel writes in front of a file to say how it separates cells, and never shows.
_SAID_SEPARATOR = re.compile(r'\s*"?sep=(?P<separator>[^"\w\s]|\t)"?[,;\t]*(?:\n|$)', re.IGNORECASE)
# Far more than any form asks; each is compared with all that we look for.
_MOST_COLUMNS = 500
_TOO_WIDE = "has {columns} columns; keep those with answers, {most} at most"
_FROM_WORKBOOK = DecodedText("", TextEncoding.UTF_8)
_TORN = "cannot be read: a quotation mark is out of place or has no partner; look here and in the row before"
_ENDLESS = "holds a cell of more than {limit} characters; shorten it, or look for a quotation mark without a partner"


class CsvRow(NamedTuple):
    """One row with its number in a spreadsheet (the header is row 1) and a cell for every column of the header."""

    number: int
    cells: list[str]


class CsvTable(NamedTuple):
    """A file's header and its rows, without the blank ones, and what could not be read.

    ``misfits`` are rows with more or fewer cells than the header. Problems of other rows are about the whole file.
    ``guessed`` are words that show whether the file's ``encoding`` was guessed well.
    """

    file: str
    header: list[str]
    rows: list[CsvRow]
    problems: list[Problem]
    misfits: list[CsvRow]
    encoding: TextEncoding = TextEncoding.UTF_8
    guessed: tuple[str, ...] = ()


def read_table(
    file_name: str, content: bytes, recognized: Callable[[str], bool], *, encoding: TextEncoding | None = None
) -> CsvTable:
    """Return the rows of a workbook, or of a CSV file separated by commas, semicolons or tabs as its header shows.

    Rows count as in a spreadsheet: a cell with line breaks inside quotation marks does not start a new row. Blank rows
    count but are left out. ``recognized`` says of a header cell whether it names a known column.

    Raises:
        BadInput: the file cannot be decoded, has no header, or nothing below it.
    """
    problems: list[Problem] = []
    if is_workbook(content):
        decoded, separator = _FROM_WORKBOOK, "\t"
        records = iter(
            [CsvRow(number, cells) for number, cells in enumerate(read_workbook(file_name, content), start=1)]
        )
    else:
        decoded = decode_text(file_name, content, encoding)
        text, said = _without_said_separator(decoded.text)
        separator = max((*said, *_SEPARATORS), key=lambda candidate: _fit(text, candidate, recognized))
        records = _records(file_name, text, separator, problems)
    header = [_heading(cell) for cell in _without_blank_end(next(records, CsvRow(1, [])).cells)]
    rows = [row for row in records if any(map(_is_filled_in, row.cells))]
    if not header:
        raise BadInput(problems or [Problem(file_name, "must name its columns in the first row", 1)])
    if len(header) > _MOST_COLUMNS:
        raise BadInput([Problem(file_name, _TOO_WIDE.format(columns=len(header), most=_MOST_COLUMNS), 1)])
    if not rows and not problems:
        raise BadInput([Problem(file_name, "has a header but no rows; add one row for each person below it", 2)])
    misfits: list[CsvRow] = []
    complete: list[CsvRow] = []
    for row in rows:
        fitted = _fitted(file_name, row, len(header), separator, problems)
        (complete if fitted else misfits).append(fitted or row)
    return CsvTable(file_name, header, complete, problems, misfits, decoded.encoding, decoded.guessed)


def _without_said_separator(text: str) -> tuple[str, str]:
    said = _SAID_SEPARATOR.match(text)
    return (text[said.end() :], said["separator"]) if said else (text, "")


def _heading(cell: str) -> str:
    return as_typed("".join(char for char in cell if not is_unseen(char)))


def _fit(text: str, separator: str, recognized: Callable[[str], bool]) -> tuple[int, int]:
    """Return how well a separator fits: known columns first, because a question may well contain commas."""
    try:
        cells = next(csv.reader(StringIO(text), delimiter=separator), [])
    except csv.Error:
        return 0, 0
    return sum(map(recognized, cells)), len(cells)


def _records(file_name: str, text: str, separator: str, problems: list[Problem]) -> Iterator[CsvRow]:
    number = 0
    reader = csv.reader(StringIO(text), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield CsvRow(number, cells)
    except csv.Error as error:
        message = _ENDLESS.format(limit=csv.field_size_limit()) if "field limit" in str(error) else _TORN
        problems.append(Problem(file_name, message, number + 1))


def _is_filled_in(cell: str) -> bool:
    return any(not char.isspace() and not is_unseen(char) for char in cell)


def _without_blank_end(cells: list[str]) -> list[str]:
    """Drop the nameless columns that spreadsheets leave at the right edge."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _fitted(file_name: str, row: CsvRow, width: int, separator: str, problems: list[Problem]) -> CsvRow | None:
    cells = row.cells if len(row.cells) <= width else row.cells[:width] + _without_blank_end(row.cells[width:])
    if len(cells) == width:
        return CsvRow(row.number, cells)
    amount = "more" if len(cells) > width else "fewer"
    separators = _SEPARATORS.get(separator, separator)
    message = (
        f"has {amount} cells than the header ({len(cells)} instead of {width}); "
        f"put quotation marks around a cell that contains {separators}, and separate empty cells too"
    )
    problems.append(Problem(file_name, message, row.number))
    return None
