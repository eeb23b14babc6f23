"""One side's CSV file row by row: who each row is about, or what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from domain.applications.csv.cells import PEOPLE, UNDECIDED, Vocabulary, row_answers, word_translations
from domain.applications.csv.columns import GOALS, JOIN_SEPARATOR, ColumnLayout, columns_of, find_columns
from domain.applications.csv.parsed_file import Applicant, Given, ParsedFile, ParsedRow
from domain.applications.csv.tables import CsvRow, CsvTable, read_table
from domain.applications.csv.unusable import unusable_problems
from domain.input_files.spelling import did_you_mean, normalize
from domain.input_files.validation_messages import error_sentence, relevant_errors, shown_value
from schemas.addresses import EmailAddress
from schemas.applications.mapping import NO_MAPPING, SideMapping
from schemas.applications.people import Application, MenteeApplication, MentorApplication
from schemas.errors import BadInput, Problem

SHOWN_WORDS = 5
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_ADDRESS: TypeAdapter[str] = TypeAdapter(EmailAddress)


def parse_file(
    schema: type[Applicant],
    file_name: str,
    content: bytes,
    *,
    mapping: SideMapping = NO_MAPPING,
    beside: Sequence[str] = (),
) -> ParsedFile[Applicant]:
    """Return one side's file row by row; ``beside`` are columns that it may have and that are not about the person.

    A file in our own columns is read without the columns of the mapping. Whom a row names is left as it is
    written (``resolve_people``).

    Raises:
        BadInput: the file cannot be read at all, its header does not fit, or it is the other side's.
    """
    known_columns = columns_of(schema)
    table = read_application_table(file_name, content, [*known_columns, *beside], mapping)
    mapping = _fitting_mapping(table, known_columns, mapping)
    if not mapping.columns:
        _check_side(table, schema)
    words = word_translations(file_name, known_columns, mapping.values)
    layout = find_columns(table, [*known_columns, *beside], _needed(schema, words), mapping.columns or None)
    rows, skipped = kept_rows(table, mapping)
    lines: list[ParsedRow[Applicant]] = [
        ParsedRow(row, None, _with_id(schema, layout, row, row_answers(row, layout, words))) for row in rows
    ]
    lines = _without_doubles(layout, [_read(schema, layout, line, beside) for line in lines])
    misfits = {row.number for row in table.misfits}
    return ParsedFile(
        file=file_name,
        schema=schema,
        header=tuple(table.header),
        headings=layout.headings,
        present=frozenset(column for column, places in layout.places.items() if places),
        lines=tuple(sorted([*lines, *_misfits(table)], key=lambda line: line.row.number)),
        problems=tuple(problem for problem in table.problems if problem.row not in misfits),
        ignored=layout.ignored,
        skipped=tuple(skipped),
        notes=_notes(table),
    )


def _fitting_mapping(table: CsvTable, known_columns: Sequence[str], mapping: SideMapping) -> SideMapping:
    """Return the mapping, or none where the file has more of our own columns than of its headings.

    A cohort keeps the mapping of a form, and its export in our columns is imported, too.
    """
    header = set(map(normalize, table.header))
    theirs = {normalize(part) for heading in mapping.columns.values() for part in heading.split(JOIN_SEPARATOR)}
    own_fit_better = len(header & set(map(normalize, known_columns))) > len(header & theirs)
    return NO_MAPPING if mapping.columns and own_fit_better else mapping


def _needed(schema: type[Application], words: Mapping[str, Vocabulary]) -> list[str]:
    """Return the columns that a file must have: ids can be made, and a mapping may say one answer for everybody."""
    filled_in = {column for column, known in words.items() if "" in known.meanings} | {"id"}
    return [name for name, field in schema.model_fields.items() if field.is_required() and name not in filled_in]


def _with_id(
    schema: type[Application], layout: ColumnLayout, row: CsvRow, answers: dict[str, str | list[str]]
) -> Given:
    return answers if layout.places["id"] else {**answers, "id": made_id(schema, row)}


def kept_rows(table: CsvTable, mapping: SideMapping) -> tuple[list[CsvRow], list[int]]:
    """Return the rows to read, and the numbers of those that the mapping's rule leaves out."""
    places = {normalize(heading): place for place, heading in enumerate(table.header)}
    missing = [heading for heading in mapping.skip if normalize(heading) not in places]
    if missing:
        message = "is missing from the header, though the mapping skips rows by it; correct its name"
        raise BadInput([Problem(table.file, message + did_you_mean(name, table.header), 1, name) for name in missing])
    rules = {places[normalize(heading)]: set(map(normalize, words)) for heading, words in mapping.skip.items()}
    skipped = {
        row.number for row in table.rows if any(normalize(row.cells[at]) in words for at, words in rules.items())
    }
    return [row for row in table.rows if row.number not in skipped], sorted(skipped)


def _notes(table: CsvTable) -> tuple[str, ...]:
    if not table.guessed:
        return ()
    shown = ", ".join(f"“{word}”" for word in table.guessed[:SHOWN_WORDS])
    return (
        f"{table.file} is not saved as UTF-8. It was read as {table.encoding}: {shown}. "
        "If letters are wrong, say with --encoding how it was saved.",
    )


def read_application_table(
    file_name: str, content: bytes, known_columns: Iterable[str], mapping: SideMapping
) -> CsvTable:
    """Return a file's rows; the separator is the one by which most of our columns are found."""
    known_headings = {normalize(heading) for heading in [*known_columns, *mapping.columns.values()]}
    return read_table(
        file_name, content, lambda heading: normalize(heading) in known_headings, encoding=mapping.encoding
    )


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


def made_id(schema: type[Application], row: CsvRow) -> str:
    """Return an id for somebody whose file has none, until an import finds who has their address."""
    return f"{'M' if schema is MentorApplication else 'P'}{row.number:03d}"


def _misfits(table: CsvTable) -> Iterable[ParsedRow[Applicant]]:
    for row in table.misfits:
        problems = tuple(problem for problem in table.problems if problem.row == row.number)
        yield ParsedRow(row, None, problems=problems)


def _read(
    schema: type[Applicant], layout: ColumnLayout, line: ParsedRow[Applicant], beside: Sequence[str]
) -> ParsedRow[Applicant]:
    answered = {column: answer for column, answer in line.given.items() if column not in beside}
    problems = list(unusable_problems(layout, line.row, answered))
    goals = [column for column in GOALS if column in answered]
    named = {column: str(answer) for column, answer in answered.items() if column in PEOPLE}
    fields = {column: answer for column, answer in answered.items() if column not in {*GOALS, *PEOPLE}}
    fields |= {column: as_ids(column, cell) for column, cell in named.items() if are_ids(cell)}
    if goals:
        fields["goals"] = [str(answered[column]) for column in goals]
    try:
        person = schema.model_validate(fields)
    except ValidationError as error:
        person = None
        found = {problem.column for problem in problems}
        details = (_problem(layout, line.row, goals, detail) for detail in relevant_errors(error))
        problems += [problem for problem in details if problem.column not in found and problem.value != UNDECIDED]
        # What the mapping leaves open is said where the mapping is read.
    return replace(line, person=person, named=named, problems=tuple(problems))


def are_ids(cell: str) -> bool:
    """Tell whether an answer about people may have nothing but ids."""
    return all(_ID.fullmatch(part) for part in _parts(cell))


def as_ids(column: str, cell: str) -> str | list[str]:
    """Return the ids of an answer about people, before anybody knows whose they are."""
    return cell if column == "reports_to" else _parts(cell)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,\n]", cell) if part.strip()]


def _without_doubles(layout: ColumnLayout, lines: Sequence[ParsedRow[Applicant]]) -> list[ParsedRow[Applicant]]:
    """Refuse the rows that cannot be used, and those whose id or address an earlier row has."""
    shared = [*_shared(layout, lines, "id"), *_shared(layout, lines, "email")]
    by_row = {number: tuple(same) for number, same in groupby(sorted(shared, key=_row), key=_row)}
    return [_refused(line, by_row.get(line.row.number, ())) for line in lines]


def _refused(line: ParsedRow[Applicant], shared: tuple[Problem, ...]) -> ParsedRow[Applicant]:
    problems = (*shared, *line.problems)
    return replace(line, person=None if problems else line.person, problems=problems)


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
    """Return a problem for each row whose id or address an earlier row has, as it would be stored.

    Capitals make no difference.
    """
    first_rows: dict[str, int] = {}
    problems = []
    for line in lines:
        value, number = line.given.get(column), line.row.number
        if not isinstance(value, str):
            continue
        stored = getattr(line.person, column) if line.person else _stored_address(value) if column == "email" else value
        earlier = first_rows.setdefault(stored.casefold(), number)
        if earlier != number:
            message = f"stands in row {earlier} already; give each person one row, and an {column} of their own"
            problems.append(Problem(layout.file, message, number, layout.headings[column], shown_value(value)))
    return problems


def _stored_address(typed: str) -> str:
    try:
        return str(_ADDRESS.validate_python(typed))
    except ValidationError:
        return typed


def _row(problem: Problem) -> int:
    return problem.row or 0
