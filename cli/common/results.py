"""Printing of a staff step's result, or of its preview in a dry run."""

from collections.abc import Iterable, Iterator

from cli.common.servers import print_json
from domain.previews import email_lines
from schemas.preview import Preview, StepResult

NOTHING_WAS_DONE = "Nothing was changed. Leave out --dry-run to do it."


def print_result(result: StepResult, lines: Iterable[str], *, as_json: bool) -> None:
    """Print a step's result for programs, or as ``lines``; a dry run that would change something prints its preview."""
    if as_json:
        print_json(result)
    else:
        preview = result.preview
        print("\n".join(preview_lines(preview) if preview and preview.changes else lines))


def preview_lines(preview: Preview) -> Iterator[str]:
    """Say what a step would change, who would be written to and when, and whether there is a way back."""
    yield from preview.changes
    yield from effect_lines(preview)
    yield NOTHING_WAS_DONE


def effect_lines(preview: Preview) -> Iterator[str]:
    """Say who would be written to and when, what is left out, and whether there is a way back."""
    yield from email_lines(preview, ids=True)
    yield way_back_line(preview)


def way_back_line(preview: Preview) -> str:
    """Say how a step could be undone."""
    return f"To undo it: {preview.way_back}." if preview.way_back else "This cannot be undone."
