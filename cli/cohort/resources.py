"""``mile cohort resource …``: links that people find on their own page, beside goals of their area."""

import json
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from cli.cohort.options import CohortId, DryRun
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from cli.common.tables import print_table
from schemas.cohort.resources import NewResource, Resource, ResourceArea
from schemas.errors import Refusal
from services import resources
from services.context import ServiceContext
from services.resources import ResourceResult

ADVICE = {
    "title": "one line of at most 200 characters",
    "about": "one sentence of at most 200 characters",
    "url": "an address that begins with https://, such as https://example.org/course",
}

resource_app = typer.Typer(no_args_is_help=True)


@resource_app.command("add")
def add_command(
    cohort: CohortId,
    area: Annotated[ResourceArea, typer.Option("--area", help="What a goal must be about to show it.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Its name, in one line.")],
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Its address, with https.")],
    about: Annotated[str, typer.Option("--about", metavar="TEXT", help="One sentence: what it is good for.")],
    dry_run: DryRun = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Add a link that people find on their own page."""
    new = _resource({"area": area, "title": title, "url": url, "about": about})

    async def add(context: ServiceContext) -> ResourceResult:
        if dry_run:
            return await resources.preview_add_resource(context, cohort, new)
        return await resources.add_resource(context, staff_actor(), cohort, new)

    result = call_service(folder, add)
    print_result(result, [f"Link {result.number} of {cohort} is on people’s own pages."], as_json=False)


@resource_app.command("list")
def list_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List a cohort's links."""
    listed = call_service(folder, lambda context: resources.list_resources(context, cohort))
    if as_json:
        print(json.dumps([each.model_dump(mode="json") for each in listed], indent=2))
    elif listed:
        print_table(_table(listed))
    else:
        print(f"{cohort} has no links. Add one: mile cohort resource add {cohort} --help")


@resource_app.command("remove")
def remove_command(
    cohort: CohortId,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")],
    dry_run: DryRun = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Remove a link."""

    async def remove(context: ServiceContext) -> ResourceResult:
        if dry_run:
            return await resources.preview_remove_resource(context, cohort, number)
        return await resources.remove_resource(context, staff_actor(), cohort, number)

    result = call_service(folder, remove)
    print_result(result, [f"Link {number} of {cohort} is removed."], as_json=False)


def _resource(values: dict[str, object]) -> NewResource:
    try:
        return NewResource.model_validate(values)
    except ValidationError as error:
        part = str(error.errors()[0]["loc"][0])
        raise Refusal(f"--{part} {values[part]!r} cannot be used; write {ADVICE[part]}.") from None


def _table(listed: tuple[Resource, ...]) -> Table:
    table = Table("number", "area", "title", "address", "about")
    for each in listed:
        table.add_row(str(each.id), each.area, each.title, each.url, each.about)
    return table
