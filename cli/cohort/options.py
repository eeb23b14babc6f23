"""The arguments and options that staff's steps with a cohort share, and how such a step is taken."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from cli.common.servers import open_services
from schemas.cohort.settings import CohortSettings
from services.context import ServiceContext
from storage import cohorts

CohortId = Annotated[str, typer.Argument(metavar="ID", help="The id in its cohort.toml, such as mile-2019.")]
PersonId = Annotated[str, typer.Argument(metavar="PERSON", help="Somebody's id, such as M03.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would be done.")]
Force = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why; kept for the audit.")]
NeededNote = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept for the audit.")]
Told = TypeVar("Told")

NOTHING_WAS_DONE = "Nothing was changed. Leave out --dry-run to do it."


def with_cohort(cohort: str, folder: Path, deed: Callable[[ServiceContext, CohortSettings], Awaitable[Told]]) -> Told:
    """Do something with a cohort; raises UnknownCohort."""

    async def done() -> Told:
        async with open_services(folder) as at:
            return await deed(at, await cohorts.cohort_settings(at.pool, cohort))

    return asyncio.run(done())
