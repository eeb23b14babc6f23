"""The arguments and options that staff's steps share."""

from pathlib import Path
from typing import Annotated

import typer

from schemas.errors import Refusal


def check_note(note: str | None) -> str | None:
    """Return a note as it is; raises Refusal where it has no words."""
    if note is not None and not note.strip():
        raise Refusal("--note is empty; say in a few words what the audit log is to have.")
    return note


CohortId = Annotated[str, typer.Argument(metavar="ID", help="The id in its cohort.toml, such as mile-2019.")]
Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A cohort's folder, such as examples/mile-2019.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="A person's id, such as M03.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]
_WHY = typer.Option("--note", metavar="TEXT", help="Why. It goes in the audit log.", callback=check_note)
Note = Annotated[str | None, _WHY]
NeededNote = Annotated[str, _WHY]
