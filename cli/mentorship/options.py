"""The arguments and options that the commands about a mentorship share."""

from typing import Annotated

import typer

from schemas.preview import Preview

MentorshipId = Annotated[str, typer.Argument(metavar="ID", help="As mile cohort show lists it, such as mile-2019-007.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why. It goes in the audit log.")]

NOTHING_WAS_DONE = "Nothing was changed. Leave out --dry-run to do it."


def print_way_back(preview: Preview) -> None:
    """Say how a step could be undone."""
    print(f"To undo it later: {preview.way_back}" if preview.way_back else "Once done, this cannot be undone.")
