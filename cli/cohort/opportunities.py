"""``mile cohort opportunity …``: openings and chances that staff draw a cohort's attention to (A16, A40)."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, with_cohort
from cli.common.dates import day
from cli.common.servers import HERE, AsJson, Folder, staff_actor
from schemas.cohort.opportunities import NewOpportunity, Opportunity, OpportunityArea
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import opportunities

ADVICE = {"title": "one line of at most 200 characters", "url": "an address such as https://example.org/course"}

opportunity_app = typer.Typer(no_args_is_help=True)


@opportunity_app.command("add")
def add_command(
    cohort: CohortId,
    area: Annotated[OpportunityArea, typer.Option("--area", help="An opening in the association, or another chance.")],
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="What it is, in one line.")],
    until_on: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day on which it is shown.")],
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where to read more.")] = None,
    dry_run: DryRun = False,
    folder: Folder = HERE,
) -> None:
    """Add an opportunity; the check-in emails show it up to and including its last day."""
    wanted = _opportunity({"area": area, "title": title, "url": url, "until_on": day(until_on, "--until")})

    async def deed(at: ServiceContext, _: CohortSettings) -> None:
        if dry_run:
            print(f"{wanted.title} would be shown to {cohort} until {wanted.until_on}.", NOTHING_WAS_DONE, sep="\n")
            return
        number = await opportunities.add_opportunity(at.pool, cohort, wanted, datetime.now(UTC))
        await at.audit(staff_actor(), "opportunity_added", cohort, opportunity=number)
        print(f"Opportunity {number} of {cohort} is shown until {wanted.until_on}.")

    with_cohort(cohort, folder, deed)


@opportunity_app.command("list")
def list_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """List a cohort's opportunities, those that are over too."""
    found = with_cohort(cohort, folder, lambda at, _: opportunities.opportunities(at.pool, cohort))
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
    elif found:
        Console(highlight=False, markup=False).print(_table(found))
    else:
        print(f"{cohort} has no opportunities. Add one: mile cohort opportunity add {cohort} --help")


@opportunity_app.command("remove")
def remove_command(
    cohort: CohortId,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")],
    dry_run: DryRun = False,
    folder: Folder = HERE,
) -> None:
    """Remove an opportunity; no later email shows it."""

    async def deed(at: ServiceContext, _: CohortSettings) -> None:
        known = await opportunities.opportunity(at.pool, cohort, number)
        if dry_run:
            print(f"{known.title} would be removed from {cohort}.", NOTHING_WAS_DONE, sep="\n")
            return
        await opportunities.remove_opportunity(at.pool, cohort, number)
        await at.audit(staff_actor(), "opportunity_removed", cohort, opportunity=number)
        print(f"Opportunity {number} of {cohort} is removed.")

    with_cohort(cohort, folder, deed)


def _opportunity(given: dict[str, object]) -> NewOpportunity:
    try:
        return NewOpportunity.model_validate(given)
    except ValidationError as error:
        part = str(error.errors()[0]["loc"][0])
        raise Refusal(f"--{part} {given[part]!r} cannot be used; write {ADVICE[part]}.") from None


def _table(found: tuple[Opportunity, ...]) -> Table:
    table = Table("number", "until", "area", "title", "address")
    for one in found:
        table.add_row(str(one.id), str(one.until_on), one.area, one.title, one.url or "")
    return table
