"""The argument that the commands about a mentorship share."""

from typing import Annotated

import typer

MentorshipId = Annotated[str, typer.Argument(metavar="ID", help="As mile cohort show lists it, such as mile-2019-007.")]
