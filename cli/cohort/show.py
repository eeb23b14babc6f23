"""``mile cohort show``: where a cohort stands, with its dates, pairs and mentorships, or every cohort there is."""

from typing import Annotated

import typer
from rich.console import Console

from cli.cohort.tables import cohort_table, draft_lines, match_table, mentorship_table
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import print_table
from schemas.cohort.overview import CohortDetails, CohortList
from services.cohort_overview import cohort_details, list_cohorts
from services.context import ServiceContext


def show_command(
    cohort: Annotated[str | None, typer.Argument(metavar="[ID]", help="By default, lists all cohorts.")] = None,
    archived: Annotated[bool, typer.Option("--archived", help="Also list archived cohorts.")] = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Show a cohort's status: its dates, pairs and mentorships."""
    details = call_service(folder, lambda context: _details(context, cohort, archived=archived))
    if as_json:
        print_json(details)
    elif isinstance(details, CohortDetails):
        console = Console(highlight=False, markup=False)
        print_table(cohort_table(details), console)
        if details.match_run:
            started = {(mentorship.mentor, mentorship.mentee) for mentorship in details.mentorships}
            pairs = match_table(details.match_run, details.names, started)
            if pairs.row_count:
                print_table(pairs, console)
        for line in (*draft_lines(details), *details.left_out):
            console.print(line, soft_wrap=True)
        if details.mentorships:
            print_table(mentorship_table(details.mentorships, details.names), console)
    else:
        _print_list(details)


async def _details(context: ServiceContext, cohort: str | None, *, archived: bool) -> CohortDetails | CohortList:
    return await cohort_details(context, cohort) if cohort else await list_cohorts(context, archived=archived)


def _print_list(cohort_list: CohortList) -> None:
    for cohort in cohort_list.cohorts:
        print(f"{cohort.id}  {'archived' if cohort.archived else cohort.stage}")
    if not cohort_list.cohorts:
        print("There is no cohort yet. Create one: mile cohort create DIR")
