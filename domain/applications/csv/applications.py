"""Mentors' applications and mentees' intake from files: one row each."""

from collections.abc import Mapping
from typing import Any

from domain.applications.csv.cells import UNDECIDED
from domain.applications.csv.naming import directory_of, resolve_people
from domain.applications.csv.parsed_file import Applicant, ParsedFile
from domain.applications.csv.parsing import are_ids, parse_file
from domain.input_files.validation_messages import shown_value
from schemas.applications.mapping import NO_MAPPING, ColumnMapping, SideMapping
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.enums import Side
from schemas.errors import BadInput, Problem

SCHEMAS: Mapping[Side, type[Application]] = {Side.MENTOR: MentorApplication, Side.MENTEE: MenteeApplication}
_NOT_AN_ID = "must be ids; names and addresses are found only where both files are read"

Files = Mapping[Side, tuple[str, bytes]]
Sheets = dict[Side, ParsedFile[Any]]


def read_mentors(file_name: str, content: bytes, mapping: SideMapping = NO_MAPPING) -> tuple[MentorApplication, ...]:
    """Return the mentors' applications, one per row, in the file's order.

    Columns are the fields of ``MentorApplication`` in any order; lists hold their items separated by ``;``. Rows are
    counted as in a spreadsheet, the header being row 1; blank rows hold nobody. Columns of a foreign export that are
    not mapped are left out, and without a column for ids people are called M and their row.

    Raises:
        BadInput: naming file, row, column and value of everything that is wrong.
    """
    return _all_of(parse_file(MentorApplication, file_name, content, mapping=mapping))


def read_mentees(file_name: str, content: bytes, mapping: SideMapping = NO_MAPPING) -> tuple[MenteeApplication, ...]:
    """Return the participants' intake as ``read_mentors`` does; goals stand in the columns goal_1 to goal_5.

    Raises:
        BadInput: naming file, row, column and value of everything that is wrong.
    """
    return _all_of(parse_file(MenteeApplication, file_name, content, mapping=mapping))


def read_sides(files: Files, mapping: ColumnMapping) -> Sheets:
    """Return both sides' files, or one of them, with the ids of those whom their rows name.

    Raises:
        BadInput: with everything that is wrong in any of them.
    """
    sheets, problems = parse_sides(files, mapping)
    sheets = with_people(sheets, files)
    problems += [problem for sheet in sheets.values() for problem in sheet.all_problems]
    if problems:
        raise BadInput(problems)
    return sheets


def parse_sides(files: Files, mapping: ColumnMapping, *, beside: tuple[str, ...] = ()) -> tuple[Sheets, list[Problem]]:
    """Return the files that can be read at all, row by row, and what is wrong with the others as a whole."""
    sheets: Sheets = {}
    problems: list[Problem] = []
    for side, (name, content) in files.items():
        if UNDECIDED in mapping.of(side).columns.values():  # said where the mapping is read
            continue
        try:
            sheets[side] = parse_file(SCHEMAS[side], name, content, mapping=mapping.of(side), beside=beside)
        except BadInput as refusal:
            problems += refusal.problems
    return sheets, problems


def with_people(sheets: Sheets, files: Files) -> Sheets:
    """Return both sides' files with the ids of those whom their rows name.

    Where one of the files could not be read, nobody knows whom the other names: it stays as it is written.
    """
    if len(sheets) < len(files):
        return sheets
    directory = directory_of(sheets)
    return {side: resolve_people(side, sheet, directory) for side, sheet in sheets.items()}


def people_of(sheet: ParsedFile[Any] | None) -> tuple[Any, ...]:
    """Return everybody of a file who can be used."""
    return tuple(line.person for line in sheet.lines if line.person) if sheet else ()


def rows_of(sheets: Sheets) -> dict[str, int]:
    """Return the row in which each person stands, by id; the two sides' ids differ, or are refused."""
    return {line.person.id: line.row.number for sheet in sheets.values() for line in sheet.lines if line.person}


def _all_of(sheet: ParsedFile[Applicant]) -> tuple[Applicant, ...]:
    problems = sheet.all_problems + [
        Problem(sheet.file, _NOT_AN_ID, line.row.number, sheet.headings[column], shown_value(cell))
        for line in sheet.lines
        for column, cell in line.named.items()
        if not are_ids(cell)
    ]
    if problems:
        raise BadInput(problems)
    return people_of(sheet)
