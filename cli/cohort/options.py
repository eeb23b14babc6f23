"""The arguments and options that staff's steps share."""

from pathlib import Path
from typing import Annotated

import typer

CohortId = Annotated[str, typer.Argument(metavar="ID", help="The id in its cohort.toml, such as mile-2019.")]
Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A cohort's folder, such as examples/mile-2019.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="A person's id, such as M03.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why. It goes in the audit log.")]
NeededNote = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why. It goes in the audit log.")]
