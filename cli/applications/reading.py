"""What commands that read people's files share: the mapping, and how letters were saved."""

from pathlib import Path
from typing import Annotated

import typer

from domain.applications.csv.mapping import read_mapping, undecided
from schemas.applications.mapping import ColumnMapping
from schemas.enums import TextEncoding
from schemas.errors import BadInput, Refusal

MapFile = Annotated[
    Path | None, typer.Option("--map", metavar="FILE", help="How to read files of another form, a mapping.toml.")
]
Encoding = Annotated[
    TextEncoding | None, typer.Option("--encoding", help="How the files were saved, where they do not say so.")
]


def mapping_for(file: Path | None, encoding: TextEncoding | None) -> ColumnMapping:
    """Return how files are read: by a mapping.toml, and as what they were saved."""
    mapping = mapping_in(file) if file else ColumnMapping()
    if encoding:
        sides = {
            name: getattr(mapping, name).model_copy(update={"encoding": encoding})
            for name in ("mentors", "participants")
        }
        mapping = mapping.model_copy(update=sides)
    return mapping


def mapping_in(file: Path) -> ColumnMapping:
    """Read a mapping.toml that leaves nothing open; raises BadInput otherwise."""
    mapping = read_mapping(file.name, content_of(file))
    if problems := undecided(file.name, mapping):
        raise BadInput(problems)
    return mapping


def content_of(path: Path) -> bytes:
    """Return what a file contains; raises Refusal where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); check the name and try again.") from None
