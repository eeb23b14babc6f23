"""How a step of staff is taken: what it leads to is said first, and a yes is asked for where it matters."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli.common.results import way_back_line
from cli.common.servers import call_service
from domain.previews import email_lines
from schemas.errors import Refusal
from schemas.preview import Preview, StepResult
from services.context import ServiceContext

Yes = Annotated[bool, typer.Option("--yes", help="Say yes beforehand to what the step asks.")]
Result = TypeVar("Result", bound=StepResult)
UseCase = Callable[[ServiceContext], Awaitable[Result]]


def take_step(folder: Path, preview: UseCase[Result], step: UseCase[Result], *, dry_run: bool, yes: bool) -> Result:
    """Take a step of staff and return its result, or in a dry run its preview.

    Raises Refusal where it needs a yes and staff say no, or nobody can be asked.
    """

    async def run(context: ServiceContext) -> Result:
        previewed = await preview(context)
        if dry_run:
            return previewed
        if previewed.preview:
            announce(previewed.preview, yes=yes)
        return await step(context)

    return call_service(folder, run)


def announce(preview: Preview, *, yes: bool) -> None:
    """Say on standard error who will get which email when, and ask for a yes where the step needs one.

    Raises Refusal where staff say no, or no terminal is there to ask them.
    """
    if preview.emails or preview.left_out:
        _say(*email_lines(preview, ids=False))
    if yes or not preview.needs_yes:
        return
    _say(*preview.changes, way_back_line(preview))
    if not sys.stdin.isatty():
        raise Refusal(f"Nothing was changed: {_why(preview)}. If that is right, run it again with --yes.")
    if not typer.confirm("Do it?", err=True):
        raise Refusal("Nothing was changed.")


def at_once(preview: Preview) -> Preview:
    """Return a preview without its later emails, where a table shows them."""
    return preview.model_copy(update={"emails": tuple(email for email in preview.emails if email.at is None)})


def _why(preview: Preview) -> str:
    people = preview.people_at_once
    return "this cannot be undone" if preview.way_back is None else f"{people} people would be emailed"


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr)
