"""Mapping files: how the files of another form or program are read as ours."""

from collections.abc import Iterator

from domain.applications.csv.cells import ENUMERATIONS, PEOPLE, UNDECIDED
from domain.input_files.toml import read_toml
from schemas.applications.mapping import ColumnMapping, SideMapping
from schemas.errors import Problem


def read_mapping(file_name: str, content: bytes) -> ColumnMapping:
    """Return a mapping.toml.

    Raises:
        BadInput: naming file, key and value of what is wrong in it.
    """
    return read_toml(file_name, content, ColumnMapping, lambda tables: tables)


def undecided(file_name: str, mapping: ColumnMapping) -> list[Problem]:
    """Return a problem for each thing that a mapping leaves open with "?"."""
    return [
        Problem(file_name, message, None, key, value)
        for side, part in (("mentors", mapping.mentors), ("participants", mapping.participants))
        for key, value, message in _open_places(side, part)
    ]


def _open_places(side: str, mapping: SideMapping) -> Iterator[tuple[str, str | None, str]]:
    for column, heading in mapping.columns.items():
        if heading == UNDECIDED:
            yield f"{side}.columns.{column}", None, "is still open; write the heading of your file, or remove the line"
    for column, words in mapping.values.items():
        for theirs, ours in words.items():
            if ours == UNDECIDED:
                yield f"{side}.values.{column}", theirs, f"is still open; {choices(column)}"


def choices(column: str) -> str:
    """Return what may stand for a word in one column, as an instruction."""
    if column in ENUMERATIONS:
        none = "" if column == "library_type" else '; or "" for no answer'
        return f"write one of: {', '.join(ENUMERATIONS[column])}{none}"
    if column in PEOPLE:
        return 'write an id, an address or a name of the other list; or "" for nobody'
    return 'write a number, or "" for no answer'
