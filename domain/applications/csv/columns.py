"""Which column of a file has which of our fields: by name, or by a mapping for a foreign export."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.applications.csv.tables import CsvTable
from domain.input_files.spelling import did_you_mean, normalize
from schemas.applications.people import Application
from schemas.errors import BadInput, Problem

Columns = Mapping[str, str]
Values = Mapping[str, Mapping[str, str]]

JOIN_SEPARATOR = " + "
GOALS = tuple(f"goal_{number}" for number in range(1, 6))
# What only the service itself writes into an application.
_OUR_OWN = {"rules_waived"}


def columns_of(schema: type[Application]) -> list[str]:
    """Return the columns of one side's file, in the order of its questions."""
    fields = (field for field in schema.model_fields if field not in _OUR_OWN)
    return [column for field in fields for column in (GOALS if field == "goals" else (field,))]


@dataclass(frozen=True)
class ColumnLayout:
    """Where a file keeps our columns: positions in a row, their headings there, and the headings nobody reads."""

    file: str
    places: Mapping[str, tuple[int, ...]]
    headings: Mapping[str, str]
    ignored: tuple[str, ...]


def find_columns(
    table: CsvTable, known_columns: Collection[str], needed: Collection[str], columns: Columns | None
) -> ColumnLayout:
    """Find our columns in a file's header; headings are compared without case, blanks, - and _.

    ``columns`` names for some of ours the file's heading, or several joined by " + ". Without it, a heading that is not
    ours is refused; with it, it is ignored.

    Raises:
        BadInput: a needed column is missing, a heading is unknown or stands twice, or the mapping names what is not
            there.
    """
    mapped = columns or {}
    positions = _positions(table.header)
    _check_header(table, {column: mapped.get(column, column) for column in needed}, positions)
    headings = {column: mapped.get(column, column) for column in known_columns}
    parts = {column: _parts(heading, positions) for column, heading in headings.items()}
    places = {
        column: tuple(place for part in column_places for place in positions[part])
        for column, column_places in parts.items()
    }
    used = {place for column_places in places.values() for place in column_places}
    ignored = tuple(heading for place, heading in enumerate(table.header) if place not in used)
    problems = [
        *_unknown_in_mapping(table.file, known_columns, mapped),
        *_missing(
            table,
            mapped,
            [column for column in known_columns if not places[column] and (column in needed or column in mapped)],
        ),
        *_twice(table, {part for column_places in parts.values() for part in column_places}, positions),
        *(
            _unknown(table.file, ignored, [column for column in known_columns if not places[column]])
            if columns is None
            else ()
        ),
    ]
    if problems:
        raise BadInput(problems)
    shown = {
        column: JOIN_SEPARATOR.join(table.header[place].strip() for place in column_places)
        for column, column_places in places.items()
    }
    return ColumnLayout(table.file, places, {column: shown[column] or column for column in known_columns}, ignored)


def _check_header(table: CsvTable, needed: Mapping[str, str], positions: Mapping[str, list[int]]) -> None:
    """Refuse in one sentence a first row that names nothing we need: a title, a person, another file's header."""
    if not needed or any(_parts(heading, positions) for heading in needed.values()):
        return
    message = f"names none of the columns; the first row must hold their names, at least {', '.join(needed.values())}"
    shown = ", ".join(filter(None, map(str.strip, table.header)))
    raise BadInput([Problem(table.file, message, 1, None, shown if len(shown) <= 60 else f"{shown[:59]}…")])


def _positions(header: list[str]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for place, heading in enumerate(header):
        positions.setdefault(normalize(heading), []).append(place)
    return positions


def _parts(heading: str, positions: Mapping[str, list[int]]) -> list[str]:
    if normalize(heading) in positions:
        return [normalize(heading)]
    parts = [normalize(part) for part in heading.split(JOIN_SEPARATOR)]
    return parts if all(part in positions for part in parts) else []


def _unknown_in_mapping(file: str, known_columns: Collection[str], mapped: Columns) -> list[Problem]:
    message = "is named by the mapping but is not one of our columns"
    return [
        Problem(file, f"{message}{did_you_mean(name, known_columns)}", None, name, mapped[name])
        for name in mapped
        if name not in known_columns
    ]


def _missing(table: CsvTable, mapped: Columns, columns: Collection[str]) -> list[Problem]:
    return [
        Problem(
            table.file,
            "is missing from the header; add it, or correct its name"
            + did_you_mean(mapped.get(column, column), [heading for heading in table.header if heading.strip()]),
            1,
            mapped.get(column, column),
        )
        for column in columns
    ]


def _twice(table: CsvTable, used: Collection[str], positions: Mapping[str, list[int]]) -> list[Problem]:
    return [
        Problem(table.file, "stands twice in the header; keep one of them", 1, table.header[positions[part][0]].strip())
        for part in used
        if len(positions[part]) > 1
    ]


def _unknown(file: str, headings: Collection[str], free: Collection[str]) -> list[Problem]:
    return [
        Problem(file, f"is not a column we know; correct or remove it{did_you_mean(heading, free)}", 1, heading.strip())
        if heading.strip()
        else Problem(file, "holds a column without a name; name it or remove it", 1)
        for heading in headings
    ]
