"""``mile cohort opportunity …``: openings and chances that staff draw a cohort's attention to (A16, A40)."""

import json
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from cli.cohort.options import CohortId, DryRun
from cli.common.dates import day
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from cli.common.tables import print_table
from schemas.cohort.opportunities import ListedOpportunity, NewOpportunity, OpportunityArea
from schemas.enums import OpportunityKind
from schemas.errors import Refusal
from services import opportunities
from services.context import ServiceContext
from services.opportunities import OpportunityResult

ADVICE = {"title": "one line of at most 200 characters", "url": "an address such as https://example.org/course"}

opportunity_app = typer.Typer(no_args_is_help=True)


@opportunity_app.command("add")
def add_command(
    cohort: CohortId,
    area: Annotated[OpportunityArea, typer.Option("--area", help="An opening in the association, or another chance.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is, in one line.")],
    closes_on: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day to show it.")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where to read more.")] = None,
    kind: Annotated[OpportunityKind, typer.Option("--kind", help="Emails list it to who wants this kind.")] = (
        OpportunityKind.OTHER
    ),
    dry_run: DryRun = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Add an opportunity. Check-in emails show it through its last day."""
    new = _opportunity({"area": area, "kind": kind, "title": title, "url": url, "closes_on": day(closes_on, "--until")})

    async def add(context: ServiceContext) -> OpportunityResult:
        if dry_run:
            return await opportunities.preview_add(context, cohort, new)
        return await opportunities.add(context, staff_actor(), cohort, new)

    result = call_service(folder, add)
    added = f"Opportunity {result.number} of {cohort} is shown until {new.closes_on}."
    print_result(result, [added], as_json=False)


@opportunity_app.command("list")
def list_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List a cohort's opportunities, also past ones."""
    listed = call_service(folder, lambda context: opportunities.list_opportunities(context, cohort))
    if as_json:
        print(json.dumps([opportunity.model_dump(mode="json") for opportunity in listed], indent=2))
    elif listed:
        print_table(_table(listed))
    else:
        print(f"{cohort} has no opportunities. Add one: mile cohort opportunity add {cohort} --help")


@opportunity_app.command("remove")
def remove_command(
    cohort: CohortId,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")],
    dry_run: DryRun = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Remove an opportunity. Later emails don't show it."""

    async def remove(context: ServiceContext) -> OpportunityResult:
        if dry_run:
            return await opportunities.preview_remove(context, cohort, number)
        return await opportunities.remove(context, staff_actor(), cohort, number)

    result = call_service(folder, remove)
    print_result(result, [f"Opportunity {number} of {cohort} is removed."], as_json=False)


def _opportunity(values: dict[str, object]) -> NewOpportunity:
    try:
        return NewOpportunity.model_validate(values)
    except ValidationError as error:
        part = str(error.errors()[0]["loc"][0])
        raise Refusal(f"--{part} {values[part]!r} cannot be used; write {ADVICE[part]}.") from None


def _table(listed: tuple[ListedOpportunity, ...]) -> Table:
    table = Table("number", "until", "area", "kind", "title", "taken up", "address")
    for opportunity in listed:
        table.add_row(
            str(opportunity.id),
            str(opportunity.closes_on),
            opportunity.area,
            opportunity.kind,
            opportunity.title,
            str(opportunity.taken_up),
            opportunity.url or "",
        )
    return table
