"""``mile cohort applications``: who has applied, with which status, and whom people must not be matched with."""

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.cohort.options import CohortId
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json
from cli.common.tables import print_table, table_of
from domain.safe_text import one_line
from schemas.applications.imports import ApplicationRow
from services.applications import listing
from services.applications.listing import ApplicationList, KeptApart
from services.applications.review import status_name
from services.context import ServiceContext

# A draft is saved valid or not, so its texts may be longer than a submitted application allows.
MAX_CHARACTERS = 2000


KeepApart = Annotated[
    bool,
    typer.Option("--keep-apart", help="Show who people asked not to be matched with, in their words."),
]


def applications_command(
    cohort: CohortId, keep_apart: KeepApart = False, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER
) -> None:
    """List applications: their status, what is missing, when they were submitted, and the places still needed."""

    async def read(context: ServiceContext) -> tuple[ApplicationList, KeptApart, str]:
        applications = await listing.list_applications(context, cohort)
        kept_apart = await listing.list_kept_apart(context, cohort)
        return applications, kept_apart, await listing.cohort_time_zone(context, cohort)

    applications, kept_apart, time_zone = call_service(folder, read)
    if keep_apart:
        _print_apart(applications, kept_apart, as_json=as_json)
        return
    if as_json:
        print_json(applications)
        return
    console = Console(highlight=False, markup=False)
    print_table(_table(applications, ZoneInfo(time_zone)), console)
    only_expected = applications.expected and not applications.mentees
    mentees = f"{applications.expected} mentees you expect" if only_expected else f"{applications.mentees} mentees"
    console.print(f"Places with accepted mentors: {applications.mentor_places}, for {mentees}.")
    if applications.places_missing:
        console.print(f"Mentors still needed: {applications.places_missing}")
    if count := len(kept_apart.requests):
        print(f"{count} asked not to be matched with someone: mile cohort applications {cohort} --keep-apart")


def _print_apart(applications: ApplicationList, kept_apart: KeptApart, *, as_json: bool) -> None:
    if as_json:
        print_json(kept_apart)
        return
    for wish in keep_apart_lines(applications, kept_apart.requests):
        print(wish)
    if kept_apart.requests:
        print("The matching does not read this. To rule a pair out, write the other's id into the column conflicts")
        print(f"of the file mile cohort export {applications.cohort} writes, and import it.")
    else:
        print(f"No one in {applications.cohort} asked not to be matched with someone.")


def _table(applications: ApplicationList, zone: ZoneInfo) -> Table:
    table = table_of(f"Applications to {applications.cohort}", "id", "name", "side", "status", "missing", "submitted")
    for application in applications.applications:
        table.add_row(
            application.id,
            application.name,
            application.side,
            _status(application),
            str(application.missing) if application.missing else "complete",
            f"{application.submitted_at.astimezone(zone):%Y-%m-%d %H:%M}" if application.submitted_at else "–",
        )
    return table


def keep_apart_lines(applications: ApplicationList, requests: Mapping[str, str]) -> Iterator[str]:
    """Yield whom people asked not to be matched with, for staff to rule out: the matching reads ids, not words."""
    for application in applications.applications:
        if application.id in requests:
            words = shorten(one_line(requests[application.id]), MAX_CHARACTERS, placeholder=" …")
            yield f"{application.id} {application.name} asks not to be matched with: {words}"


def _status(application: ApplicationRow) -> str:
    if application.status is None:
        return "not submitted"
    waived, first = application.rules_waived, application.waited
    return status_name(application.status) + (", rules waived" if waived else "") + (", goes first" if first else "")
