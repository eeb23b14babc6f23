"""Mentors' applications and participants' intake from CSV files: one row each."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.intake.answers import GOALS, answers, translations, unprintable
from domain.intake.columns import Columns, Layout, Values, fold, lay_out
from domain.intake.sentences import errors_of, found, sentence
from domain.intake.tables import Row, Table, read_table
from schemas.errors import BadInput, Problem
from schemas.people import Application, MentorApplication, ParticipantApplication
from schemas.words import Side

Applicant = TypeVar("Applicant", bound=Application)
Given = Mapping[str, str | list[str]]


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
    return _read(MentorApplication, "M", file_name, content, columns=columns, values=values or {})


def read_participants(
    file_name: str, content: bytes, *, columns: Columns | None = None, values: Values | None = None
) -> tuple[ParticipantApplication, ...]:
    """Return the participants' intake as ``read_mentors`` does; goals stand in the columns goal_1 to goal_5.

    Raises:
        BadInput: naming file, row, column and value of everything that is wrong.
    """
    return _read(ParticipantApplication, "P", file_name, content, columns=columns, values=values or {})


def ignored_columns(side: Side, file_name: str, content: bytes, columns: Columns) -> tuple[str, ...]:
    """Return the headings of a foreign export that an import with this mapping leaves out.

    Raises:
        BadInput: the file cannot be read or the mapping does not fit it.
    """
    ours = _columns(MentorApplication if side is Side.MENTOR else ParticipantApplication)
    return lay_out(_table(file_name, content, ours, columns), ours, (), columns).ignored


def _read(
    schema: type[Applicant], prefix: str, file_name: str, content: bytes, *, columns: Columns | None, values: Values
) -> tuple[Applicant, ...]:
    ours = _columns(schema)
    table = _table(file_name, content, ours, columns)
    if columns is None:
        _check_side(table, schema)
    words = translations(file_name, ours, values)
    filled_in = {column for column in words if "" in words[column]} | ({"id"} if columns is not None else set())
    layout = lay_out(table, ours, [column for column in _required(schema) if column not in filled_in], columns)
    unnamed = not layout.places["id"]
    rows = [(row, answers(row, layout, words) | _made_id(unnamed, prefix, row)) for row in table.rows]
    problems = [*table.problems, *_shared(layout, rows, "id"), *_shared(layout, rows, "email")]
    people = [person for row, given in rows if (person := _person(schema, layout, row, given, problems))]
    if problems:
        raise BadInput(sorted(problems, key=lambda problem: problem.row or 0))
    return tuple(people)


def _check_side(table: Table, schema: type[Application]) -> None:
    """Refuse the mentors' list where the participants' is asked for, and the other way round, in one sentence."""
    asked, other = ("mentors", "participants") if schema is MentorApplication else ("participants", "mentors")
    ours = set(_columns(schema))
    theirs = set(_columns(ParticipantApplication if schema is MentorApplication else MentorApplication))
    header = {fold(heading) for heading in table.header}
    if header & (theirs - ours) and not header & (ours - theirs):
        shown = ", ".join(heading for heading in table.header if fold(heading) in theirs - ours)
        message = f"holds columns of the {other}' list, but the {asked}' is read here; were the two files swapped?"
        raise BadInput([Problem(table.file, message, 1, None, found(shown))])


def _columns(schema: type[Application]) -> list[str]:
    return [column for field in schema.model_fields for column in (GOALS if field == "goals" else (field,))]


def _required(schema: type[Application]) -> list[str]:
    return [name for name, field in schema.model_fields.items() if field.is_required()]


def _table(file_name: str, content: bytes, ours: Iterable[str], columns: Columns | None) -> Table:
    known = {fold(heading) for heading in [*ours, *(columns or {}).values()]}
    return read_table(file_name, content, lambda heading: fold(heading) in known)


def _made_id(unnamed: bool, prefix: str, row: Row) -> dict[str, str | list[str]]:
    return {"id": f"{prefix}{row.number:03d}"} if unnamed else {}


def _person(
    schema: type[Applicant], layout: Layout, row: Row, given: Given, problems: list[Problem]
) -> Applicant | None:
    goals = [column for column in GOALS if column in given]
    fields = {column: answer for column, answer in given.items() if column not in GOALS}
    if goals:
        fields["goals"] = [str(given[column]) for column in goals]
    found_problems = unprintable(layout, row, given)
    try:
        person = schema.model_validate(fields)
    except ValidationError as error:
        found_problems += [_problem(layout, row, goals, each) for each in errors_of(error)]
    problems += found_problems
    return None if found_problems else person


def _problem(layout: Layout, row: Row, goals: list[str], error: ErrorDetails) -> Problem:
    column = str(error["loc"][0])
    if column == "goals":
        column = goals[int(error["loc"][1])]
    missing = error["type"] == "missing"
    message = "is empty; every row needs an answer here" if missing else sentence(error)
    return Problem(
        layout.file, message, row.number, layout.headings[column], None if missing else found(error["input"])
    )


def _shared(layout: Layout, rows: Iterable[tuple[Row, Given]], column: str) -> list[Problem]:
    """Return a problem for each row whose id or address an earlier row has; capitals make no difference."""
    first_rows: dict[str, int] = {}
    problems = []
    for row, given in rows:
        value = given.get(column)
        if not isinstance(value, str):
            continue
        earlier = first_rows.setdefault(value.casefold(), row.number)
        if earlier != row.number:
            message = f"stands in row {earlier} already; give each person one row, and an {column} of their own"
            problems.append(Problem(layout.file, message, row.number, layout.headings[column], found(value)))
    return problems
