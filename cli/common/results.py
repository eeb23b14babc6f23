"""Printing of a staff step's result, or of its preview in a dry run."""

from collections import Counter
from collections.abc import Iterable, Iterator

from cli.common.servers import print_json
from domain.labels import label
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
    """Say who would be written to and when, and whether there is a way back."""
    emails = Counter((email.kind, email.at) for email in preview.emails)
    for (kind, at), count in emails.items():
        when = f"on {at:%Y-%m-%d %H:%M} UTC" if at else "at once"
        people = ", ".join(email.to for email in preview.emails if (email.kind, email.at) == (kind, at))
        emails_of_kind = f"{count} {'email' if count == 1 else 'emails'} ({label(kind)})"
        yield f"{emails_of_kind} would be sent {when} to: {people}."
    yield f"To undo it: {preview.way_back}." if preview.way_back else "This cannot be undone."
