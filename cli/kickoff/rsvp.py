"""``mile cohort rsvp``: who comes to the half-day session, with meals and access needs for the venue (A20)."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.cohort.options import CohortId, Force
from cli.common.private_files import check_private, write_private
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.tables import print_table, table_of
from domain.applications.csv.writing import write_rows
from services.kickoff.rsvps import GUEST_COLUMNS, RsvpOverview, export_guests, rsvp_overview


def rsvp_command(
    cohort: CohortId,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write names, meals and needs to this file. Only you can read it."),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Add a byte order mark, so that Excel shows every letter.")
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Show who is coming to the half-day session, with meals and needs for each half day."""
    if csv:
        check_private(csv, "--csv", force=force)

    overview = call_service(folder, lambda context: rsvp_overview(context, cohort))
    if csv:
        rows = call_service(folder, lambda context: export_guests(context, staff_actor(), cohort))
        write_private(csv, write_rows(GUEST_COLUMNS, rows, excel=excel), "--csv", force=force)
    if as_json:
        print_json(overview)
        return
    console = Console(highlight=False, markup=False)
    console.print(_headline(overview))
    if overview.half_days:
        print_table(_table(overview), console)
    if csv:
        console.print(f"{csv}: {overview.invited} people. Delete the file after the session.", soft_wrap=True)


def _headline(overview: RsvpOverview) -> str:
    return (
        f"{overview.cohort}: {overview.invited} invited; {overview.yes} come, {overview.unsure} do not know yet, "
        f"{overview.no} cannot, {overview.silent} have not answered."
    )


def _table(overview: RsvpOverview) -> Table:
    table = table_of("Half days", "half day", "come", "not sure", "with a wish about meals", "with access needs")
    for headcount in overview.half_days:
        counts = (headcount.attending, headcount.unsure, headcount.meals, headcount.access)
        table.add_row(overview.label(headcount.half_day) or "not chosen", *(str(count) for count in counts))
    return table
