"""One side's CSV file row by row: who each row is about, or what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.applications.csv.cells import row_answers, unprintable_problems, word_translations
from domain.applications.csv.columns import GOALS, ColumnLayout, Columns, Values, columns_of, find_columns
from domain.applications.csv.tables import CsvRow, CsvTable, read_table
from domain.input_files.spelling import normalize
from domain.input_files.validation_messages import error_sentence, relevant_errors, shown_value
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.errors import BadInput, Problem

Applicant = TypeVar("Applicant", bound=Application)
Given = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class ParsedRow(Generic[Applicant]):
    """One row of a file: whom it is about, where nothing is wrong with it; ``given`` are its answers by column."""

    row: CsvRow
    person: Applicant | None
    given: Given = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ParsedFile(Generic[Applicant]):
    """One side's file: its header, our columns found in it, its rows, and what is wrong with it as a whole."""

    file: str
    schema: type[Applicant]
    header: tuple[str, ...]
    headings: Mapping[str, str]
    present: frozenset[str]
    lines: tuple[ParsedRow[Applicant], ...]
    problems: tuple[Problem, ...] = ()

    @property
    def all_problems(self) -> list[Problem]:
        """Return everything that is wrong, row by row."""
        problems = [*self.problems, *(problem for line in self.lines for problem in line.problems)]
        return sorted(problems, key=_row)


def parse_file(
    schema: type[Applicant],
    file_name: str,
    content: bytes,
    *,
    columns: Columns | None = None,
    values: Values | None = None,
    beside: Sequence[str] = (),
) -> ParsedFile[Applicant]:
    """Return one side's file row by row; ``beside`` are columns that it may have and that are not about the person.

    Raises:
        BadInput: the file cannot be read at all, its header does not fit, or it is the other side's.
    """
    known_columns = columns_of(schema)
    table = read_application_table(file_name, content, [*known_columns, *beside], columns)
    if columns is None:
        _check_side(table, schema)
    words = word_translations(file_name, known_columns, values or {})
    filled_in = {column for column in words if "" in words[column]} | ({"id"} if columns is not None else set())
    needed = [name for name, field in schema.model_fields.items() if field.is_required() and name not in filled_in]
    layout = find_columns(table, [*known_columns, *beside], needed, columns)
    lines: list[ParsedRow[Applicant]] = [
        ParsedRow(row, None, row_answers(row, layout, words) | _made_id(schema, layout, row)) for row in table.rows
    ]
    shared = [*_shared(layout, lines, "id"), *_shared(layout, lines, "email")]
    by_row = {number: tuple(same) for number, same in groupby(sorted(shared, key=_row), key=_row)}
    lines = [replace(line, problems=by_row.get(line.row.number, ())) for line in lines]
    numbers = {row.number for row in table.misfits}
    return ParsedFile(
        file=file_name,
        schema=schema,
        header=tuple(table.header),
        headings=layout.headings,
        present=frozenset(column for column, places in layout.places.items() if places),
        lines=tuple(
            sorted(
                [*(_read(schema, layout, line, beside) for line in lines), *_misfits(table)],
                key=lambda line: line.row.number,
            )
        ),
        problems=tuple(problem for problem in table.problems if problem.row not in numbers),
    )


def read_application_table(
    file_name: str, content: bytes, known_columns: Iterable[str], columns: Columns | None
) -> CsvTable:
    """Return a file's rows; the separator is the one by which most of our columns are found."""
    known_headings = {normalize(heading) for heading in [*known_columns, *(columns or {}).values()]}
    return read_table(file_name, content, lambda heading: normalize(heading) in known_headings)


def _check_side(table: CsvTable, schema: type[Application]) -> None:
    """Refuse the mentors' list where the participants' is asked for, and the other way round, in one sentence."""
    expected, wrong = ("mentors", "participants") if schema is MentorApplication else ("participants", "mentors")
    known_columns = set(columns_of(schema))
    other_columns = set(columns_of(MenteeApplication if schema is MentorApplication else MentorApplication))
    header = {normalize(heading) for heading in table.header}
    if header & (other_columns - known_columns) and not header & (known_columns - other_columns):
        shown = ", ".join(heading for heading in table.header if normalize(heading) in other_columns - known_columns)
        message = f"holds columns of the {wrong}' list, but the {expected}' is read here; were the two files swapped?"
        raise BadInput([Problem(table.file, message, 1, None, shown_value(shown))])


def _made_id(schema: type[Application], layout: ColumnLayout, row: CsvRow) -> dict[str, str | list[str]]:
    prefix = "M" if schema is MentorApplication else "P"
    return {} if layout.places["id"] else {"id": f"{prefix}{row.number:03d}"}


def _misfits(table: CsvTable) -> Iterable[ParsedRow[Applicant]]:
    for row in table.misfits:
        yield ParsedRow(row, None, {}, tuple(problem for problem in table.problems if problem.row == row.number))


def _read(
    schema: type[Applicant], layout: ColumnLayout, line: ParsedRow[Applicant], beside: Sequence[str]
) -> ParsedRow[Applicant]:
    answered = {column: answer for column, answer in line.given.items() if column not in beside}
    problems = [*line.problems, *unprintable_problems(layout, line.row, answered)]
    goals = [column for column in GOALS if column in answered]
    fields = {column: answer for column, answer in answered.items() if column not in GOALS}
    if goals:
        fields["goals"] = [str(answered[column]) for column in goals]
    try:
        person = schema.model_validate(fields)
    except ValidationError as error:
        person = None
        problems += [_problem(layout, line.row, goals, detail) for detail in relevant_errors(error)]
    return replace(line, person=None if problems else person, problems=tuple(problems))


def _problem(layout: ColumnLayout, row: CsvRow, goals: list[str], error: ErrorDetails) -> Problem:
    column = str(error["loc"][0])
    if column == "goals":
        column = goals[int(error["loc"][1])]
    missing = error["type"] == "missing"
    message = "is empty; every row needs an answer here" if missing else error_sentence(error)
    return Problem(
        layout.file, message, row.number, layout.headings[column], None if missing else shown_value(error["input"])
    )


def _shared(layout: ColumnLayout, lines: Iterable[ParsedRow[Applicant]], column: str) -> list[Problem]:
    """Return a problem for each row whose id or address an earlier row has; capitals make no difference."""
    first_rows: dict[str, int] = {}
    problems = []
    for line in lines:
        value, number = line.given.get(column), line.row.number
        if not isinstance(value, str):
            continue
        earlier = first_rows.setdefault(value.casefold(), number)
        if earlier != number:
            message = f"stands in row {earlier} already; give each person one row, and an {column} of their own"
            problems.append(Problem(layout.file, message, number, layout.headings[column], shown_value(value)))
    return problems


def _row(problem: Problem) -> int:
    return problem.row or 0
