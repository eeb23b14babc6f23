"""``mile cohort open|extend|close``: staff change the window in which people apply (A7)."""

from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.dates import day
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, staff_actor
from cli.common.steps import Yes, take_step
from services import application_window
from services.application_window import WindowAction, WindowChange, WindowResult
from services.context import ServiceContext


def open_command(
    cohort: CohortId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Open the application window today, before its day."""
    change = WindowChange(action=WindowAction.OPEN)
    _change(cohort, change, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def extend_command(
    cohort: CohortId,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day to apply.")],
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Take applications until a later day. A closed window opens again."""
    change = WindowChange(action=WindowAction.EXTEND, until=day(until, "--until"))
    _change(cohort, change, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def close_command(
    cohort: CohortId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Close the application window now. Later applications go on the waiting list, if there is one."""
    change = WindowChange(action=WindowAction.CLOSE)
    _change(cohort, change, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def _change(
    cohort: str, change: WindowChange, *, note: str | None, dry_run: bool, yes: bool, as_json: bool, folder: Path
) -> None:
    async def preview(context: ServiceContext) -> WindowResult:
        return await application_window.preview_change(context, cohort, change)

    async def run(context: ServiceContext) -> WindowResult:
        return await application_window.change_window(context, staff_actor(), cohort, change, note=note)

    result = take_step(folder, preview, run, dry_run=dry_run, yes=yes)
    print_result(result, _lines(result), as_json=as_json)


def _lines(result: WindowResult) -> list[str]:
    window = result.describe()
    if not result.changed:
        return [window, "This was already so. Nothing was changed."]
    written = [f"  {key} = {getattr(result, key)}" for key in result.changed if key != "closed_at"]
    keep = ["Also write it into cohort.toml under [applications], or the next mile cohort update undoes it:", *written]
    return [window, *(keep if written else ())]
