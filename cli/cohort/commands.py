"""``mile cohort …``: staff's own steps, from a folder of applications to the closing report."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.applications.exports import export_app
from cli.applications.imports import import_app
from cli.applications.review import waiving_app
from cli.applications.window import window_app
from cli.cohort import steps
from cli.cohort.audit import audit_command
from cli.cohort.opportunities import opportunity_app
from cli.cohort.options import NOTHING_WAS_DONE, DryRun, Note
from cli.cohort.overview import CohortList, CohortShown, cohort_list, cohort_shown
from cli.cohort.roles import role_app
from cli.cohort.tables import cohort_table, draft_lines, match_table, mentorship_table, settings_table
from cli.common.paths import cohort_in
from cli.common.servers import HERE, AsJson, Folder, open_services, print_json
from cli.kickoff.attendance import attendance_app
from cli.kickoff.cards import paper_app
from cli.kickoff.rsvp import rsvp_app
from cli.kickoff.start import starting_app
from cli.matching.commands import compare_command, match_command, publish_command
from cli.matching.proposals import proposals_app
from cli.report.commands import report_command

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A cohort's folder, such as examples/mile-2019.")]

LATE = (
    "Its kickoff is past: as soon as a match run is published the mentorships start, without what was due before that."
)

cohort_app = typer.Typer(no_args_is_help=True)
cohort_app.add_typer(
    opportunity_app, name="opportunity", help="Add, list and remove what emails draw attention to: openings, chances."
)
cohort_app.add_typer(paper_app)
cohort_app.command("audit")(audit_command)
for app in (import_app, export_app, window_app, waiving_app, proposals_app, rsvp_app, attendance_app, starting_app):
    cohort_app.add_typer(app)
cohort_app.add_typer(role_app, name="role", help="Say who answers for a cohort from when to when, list and end it.")


@cohort_app.command("create")
def create_command(
    directory: Directory,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be saved.")] = False,
    folder: Folder = HERE,
) -> None:
    """Save a cohort's settings and applications, and start its workflow."""
    cohort = cohort_in(directory)
    console = Console(highlight=False, markup=False)
    console.print(settings_table(cohort))
    if cohort.settings.kickoff < datetime.now(UTC).date():
        console.print(LATE, soft_wrap=True)
    asyncio.run(steps.create(cohort, folder, dry_run=dry_run))
    if dry_run:
        console.print("Nothing was saved. Leave out --dry-run to create the cohort.")
        return
    nobody_yet = not (cohort.mentors and cohort.mentees)
    step = "applications" if nobody_yet else "match"
    console.print(f"Cohort {cohort.settings.id} is created. Next: mile cohort {step} {cohort.settings.id}")


@cohort_app.command("update")
def update_command(
    directory: Directory,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Replace a cohort's settings by those of its cohort.toml; every later email follows."""
    settings = steps.read_cohort_file(directory)
    update = asyncio.run(steps.update(settings, folder, dry_run=dry_run, note=note))
    if as_json:
        print_json(update)
    else:
        print("\n".join(_updated(update)))


def _updated(update: steps.SettingsUpdate) -> Iterator[str]:
    if update.changed:
        yield f"{'Changed' if update.done else 'Would change'} in {update.cohort}:"
        yield from (f"  {key}" for key in update.changed)
    else:
        yield f"{update.cohort} is as its cohort.toml says; nothing was changed."
    if update.roles_ended:
        ended = ", ".join(str(number) for number in update.roles_ended)
        yield f"The contact answers from today on, so these roles {'ended' if update.done else 'would end'}: {ended}."
    if not update.done:
        yield NOTHING_WAS_DONE


cohort_app.command("match")(match_command)
cohort_app.command("compare")(compare_command)
cohort_app.command("publish")(publish_command)


@cohort_app.command("show")
def show_command(
    cohort: Annotated[str | None, typer.Argument(metavar="[ID]", help="Left out, every cohort is listed.")] = None,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Show where a cohort stands: its dates, its pairs, its mentorships."""
    shown = asyncio.run(_shown(cohort, folder))
    if as_json:
        print_json(shown)
    elif isinstance(shown, CohortShown):
        console = Console(highlight=False, markup=False)
        console.print(cohort_table(shown))
        if shown.match_run:
            together = {(one.mentor, one.mentee) for one in shown.mentorships}
            pairs = match_table(shown.match_run, shown.names, together)
            if pairs.row_count:
                console.print(pairs)
        for line in draft_lines(shown):
            console.print(line, soft_wrap=True)
        if shown.mentorships:
            console.print(mentorship_table(shown.mentorships, shown.names))
    else:
        _print_list(shown)


cohort_app.command("report")(report_command)


async def _shown(cohort: str | None, folder: Path) -> CohortShown | CohortList:
    async with open_services(folder) as at:
        return await cohort_shown(at, cohort) if cohort else await cohort_list(at)


def _print_list(shown: CohortList) -> None:
    for cohort in shown.cohorts:
        print(f"{cohort.id}  {cohort.stage}")
    if not shown.cohorts:
        print("There is no cohort yet. Create one: mile cohort create DIR")
