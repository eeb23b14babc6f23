"""The arguments and options that the commands about a mentorship share."""

from typing import Annotated

import typer

MentorshipId = Annotated[str, typer.Argument(metavar="ID", help="As mile cohort show lists it, such as mile-2019-007.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; kept for the audit.")]

NOTHING_WAS_DONE = "Nothing was changed. Leave out --dry-run to do it."
