"""The arguments and options that staff's steps with a cohort share."""

from typing import Annotated

import typer

CohortId = Annotated[str, typer.Argument(metavar="ID", help="The id in its cohort.toml, such as mile-2019.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="Somebody's id, such as M03.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; kept for the audit.")]
NeededNote = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept for the audit.")]
