"""Mentors' applications and mentees' intake from CSV files: one row each."""

from domain.applications.csv.columns import Columns, Values, columns_of, find_columns
from domain.applications.csv.parsing import Applicant, ParsedFile, parse_file, read_application_table
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.enums import Side
from schemas.errors import BadInput


def read_mentors(
    file_name: str, content: bytes, *, columns: Columns | None = None, values: Values | None = None
) -> tuple[MentorApplication, ...]:
    """Return the mentors' applications, one per row, in the file's order.

    Columns are the fields of ``MentorApplication`` in any order; lists hold their items separated by ``;``. Rows are
    counted as in a spreadsheet, the header being row 1; blank rows hold nobody. For a foreign export, ``columns`` maps
    our column to the file's heading (or to several joined by " + ") and ``values`` our column to {their word: our
    word}, where the word "" stands for an empty cell or a column the file lacks. Columns of a foreign export that are
    not mapped are left out (``ignored_columns`` names them), and without a column for ids people are called M and
    their row.

    Raises:
        BadInput: naming file, row, column and value of everything that is wrong.
    """
    return _all_of(parse_file(MentorApplication, file_name, content, columns=columns, values=values))


def read_mentees(
    file_name: str, content: bytes, *, columns: Columns | None = None, values: Values | None = None
) -> tuple[MenteeApplication, ...]:
    """Return the participants' intake as ``read_mentors`` does; goals stand in the columns goal_1 to goal_5.

    Raises:
        BadInput: naming file, row, column and value of everything that is wrong.
    """
    return _all_of(parse_file(MenteeApplication, file_name, content, columns=columns, values=values))


def ignored_columns(side: Side, file_name: str, content: bytes, columns: Columns) -> tuple[str, ...]:
    """Return the headings of a foreign export that an import with this mapping leaves out.

    Raises:
        BadInput: the file cannot be read or the mapping does not fit it.
    """
    known_columns = columns_of(MentorApplication if side is Side.MENTOR else MenteeApplication)
    return find_columns(
        read_application_table(file_name, content, known_columns, columns), known_columns, (), columns
    ).ignored


def _all_of(sheet: ParsedFile[Applicant]) -> tuple[Applicant, ...]:
    if sheet.all_problems:
        raise BadInput(sheet.all_problems)
    return tuple(line.person for line in sheet.lines if line.person)
