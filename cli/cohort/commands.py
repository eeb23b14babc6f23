"""``mile cohort …``: staff's own steps, from a folder of applications to the closing report."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.applications.exports import export_app
from cli.applications.imports import import_app
from cli.applications.mapping import map_app
from cli.applications.reading import Encoding, MapFile
from cli.applications.review import review_app
from cli.applications.window import window_app
from cli.cohort.audit import audit_command
from cli.cohort.endings import endings_app
from cli.cohort.log import log_command
from cli.cohort.opportunities import opportunity_app
from cli.cohort.options import DryRun, Note
from cli.cohort.roles import role_app
from cli.cohort.tables import cohort_table, draft_lines, match_table, mentorship_table, settings_table
from cli.common.paths import cohort_in
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import Yes, take_step
from cli.common.tables import print_table
from cli.kickoff.attendance import attendance_app
from cli.kickoff.cards import paper_app
from cli.kickoff.rsvp import rsvp_app
from cli.kickoff.start import starting_app
from cli.matching.commands import compare_command, match_command, publish_command
from cli.matching.proposals import proposals_app
from cli.report.commands import report_command
from domain.cohort.folder import SETTINGS
from domain.cohort.schedule import too_little_time
from domain.cohort.settings_file import read_settings
from domain.previews import email_lines
from schemas.cohort.overview import CohortDetails, CohortList
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from services import cohorts, settings
from services.cohort_overview import cohort_details, list_cohorts
from services.cohorts import CohortCreated
from services.context import ServiceContext
from services.settings import SettingsUpdate

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A cohort's folder, such as examples/mile-2019.")]

LATE = (
    "Its kickoff is past: as soon as a match run is published the mentorships start, without what was due before that."
)

cohort_app = typer.Typer(no_args_is_help=True)
cohort_app.add_typer(
    opportunity_app, name="opportunity", help="Add, list and remove the opportunities that emails mention."
)
cohort_app.add_typer(paper_app)
cohort_app.command("audit")(audit_command)
cohort_app.command("log")(log_command)
for app in (
    map_app,
    import_app,
    export_app,
    window_app,
    review_app,
    proposals_app,
    rsvp_app,
    attendance_app,
    starting_app,
    endings_app,
):
    cohort_app.add_typer(app)
cohort_app.add_typer(role_app, name="role", help="Set, list and end who answers for a cohort.")


@cohort_app.command("create")
def create_command(
    directory: Directory,
    mapping: MapFile = None,
    encoding: Encoding = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be saved.")] = False,
    yes: Yes = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Save a cohort's settings and applications, and start its workflow."""
    cohort = cohort_in(directory, mapping, encoding, yes=yes)
    console = Console(highlight=False, markup=False)
    print_table(settings_table(cohort), console)
    for note in cohort.notes:
        console.print(note, soft_wrap=True)
    if cohort.settings.kickoff_day < datetime.now(UTC).date():
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


@cohort_app.command("update")
def update_command(
    directory: Directory,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Update a cohort's settings from its cohort.toml. Later emails use the new ones."""
    new = _settings_in(directory)

    async def preview(context: ServiceContext) -> SettingsUpdate:
        return await settings.preview_update(context, new)

    async def update(context: ServiceContext) -> SettingsUpdate:
        return await settings.update(context, staff_actor(), new, note=note)

    result = take_step(folder, preview, update, dry_run=dry_run, yes=yes)
    print_result(result, _updated(result), as_json=as_json)


def _settings_in(directory: Path) -> CohortSettings:
    """Read the cohort.toml of a folder; raises BadInput with everything wrong in it, Refusal where there is none."""
    file = directory / SETTINGS
    try:
        return read_settings(SETTINGS, file.read_bytes())
    except OSError as error:
        raise Refusal(f"{file} cannot be read ({error.strerror}). Name its folder.") from error


def _updated(update: SettingsUpdate) -> Iterator[str]:
    if update.changed:
        yield f"Changed in {update.cohort}:"
        yield from (f"  {key}" for key in update.changed)
    else:
        yield f"{update.cohort} already matches its cohort.toml. Nothing was changed."
    if update.roles_ended:
        ended = ", ".join(str(number) for number in update.roles_ended)
        yield f"The contact answers from today on, so these roles ended: {ended}."


cohort_app.command("match")(match_command)
cohort_app.command("compare")(compare_command)
cohort_app.command("publish")(publish_command)


@cohort_app.command("show")
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


cohort_app.command("report")(report_command)


async def _details(context: ServiceContext, cohort: str | None, *, archived: bool) -> CohortDetails | CohortList:
    return await cohort_details(context, cohort) if cohort else await list_cohorts(context, archived=archived)


def _print_list(cohort_list: CohortList) -> None:
    for cohort in cohort_list.cohorts:
        print(f"{cohort.id}  {'archived' if cohort.archived else cohort.stage}")
    if not cohort_list.cohorts:
        print("There is no cohort yet. Create one: mile cohort create DIR")
