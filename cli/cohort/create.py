"""``mile cohort create``: from a folder of settings and applications to a cohort with its workflow."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from cli.applications.bad_rows import BadRows, cohort_without_bad_rows
from cli.applications.reading import Encoding, MapFile
from cli.cohort.options import Directory
from cli.cohort.tables import settings_table
from cli.common.servers import LOCAL_FOLDER, Folder, staff_actor
from cli.common.steps import Yes, take_step
from cli.common.tables import print_table
from domain.calendar import local_day
from domain.cohort.schedule import too_little_time
from domain.previews import email_lines
from services import cohorts
from services.cohorts import CohortCreated
from services.context import ServiceContext

LATE = (
    "Its kickoff is past: as soon as a match run is published the mentorships start, without what was due before that."
)


def create_command(
    directory: Directory,
    mapping: MapFile = None,
    encoding: Encoding = None,
    bad_rows: BadRows = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be saved.")] = False,
    yes: Yes = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Save a cohort's settings and applications, and start its workflow."""
    cohort = cohort_without_bad_rows(directory, mapping, encoding, bad_rows, yes=yes)
    console = Console(highlight=False, markup=False)
    print_table(settings_table(cohort), console)
    for note in cohort.notes:
        console.print(note, soft_wrap=True)
    if cohort.settings.kickoff_day < local_day(datetime.now(UTC), cohort.settings.time_zone):
        console.print(LATE, soft_wrap=True)
    elif short := too_little_time(cohort.settings):
        console.print(f"Look at the dates again. {short}", soft_wrap=True)

    async def preview(context: ServiceContext) -> CohortCreated:
        return await cohorts.preview_create(context, cohort)

    async def create(context: ServiceContext) -> CohortCreated:
        return await cohorts.create(context, staff_actor(), cohort)

    result = take_step(folder, preview, create, dry_run=dry_run, yes=yes)
    if dry_run and result.preview:
        for line in email_lines(result.preview, ids=True):
            console.print(line, soft_wrap=True)
        console.print("Nothing was saved. Leave out --dry-run to create the cohort.")
        return
    is_empty = not (cohort.mentors and cohort.mentees)
    step = "applications" if is_empty else "match"
    console.print(f"Cohort {cohort.settings.id} is created. Next: mile cohort {step} {cohort.settings.id}")
