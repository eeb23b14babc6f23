"""``mile cohort applications``: who has applied, where that stands, and whom people must not be matched with."""

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from cli.cohort.options import CohortId, with_cohort
from cli.common.servers import HERE, AsJson, Folder, print_json
from cli.common.tables import table_of
from domain.applications.window import window_state
from domain.safe_text import one_line
from runtime.clock import clock
from schemas.applications.imports import ApplicationRow
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side, WindowState
from services.context import ServiceContext
from storage import applicants, application_review

LOOKS = {ApplicationStatus.INELIGIBLE: "not eligible", ApplicationStatus.WAITING: "on the waiting list"}
# What is typed is saved right or wrong, so it may be longer than what is taken when it is handed in.
MOST_WORDS = 2000


class ApplicationsShown(FrozenModel):
    """Everybody who applied or began to, and the places there are; nothing anybody wrote."""

    cohort: str
    state: WindowState
    mentor_places: int
    mentees: int
    places_missing: int
    applications: tuple[ApplicationRow, ...]


class KeptApart(FrozenModel):
    """Whom people asked not to be matched with, by person and in their own words; for staff only."""

    cohort: str
    words: dict[str, str]


KeepApart = Annotated[
    bool, typer.Option("--keep-apart", help="Show instead whom people asked not to be matched with, in their words.")
]


def applications_command(
    cohort: CohortId, keep_apart: KeepApart = False, as_json: AsJson = False, folder: Folder = HERE
) -> None:
    """List who has applied and where that stands: what is missing, when it was handed in, which places are needed."""

    async def deed(at: ServiceContext, settings: CohortSettings) -> tuple[ApplicationsShown, str, dict[str, str]]:
        places = await applicants.mentor_places(at.pool, cohort)
        shown = ApplicationsShown(
            cohort=cohort,
            state=window_state(settings, clock(at.settings.clock_file).now(cohort)),
            mentor_places=places.mentor_places,
            mentees=places.mentees,
            places_missing=places.missing,
            applications=await application_review.application_rows(at.pool, cohort),
        )
        return shown, settings.time_zone, await applicants.keep_apart_requests(at.pool, cohort)

    shown, time_zone, apart = with_cohort(cohort, folder, deed)
    if keep_apart:
        _print_apart(shown, apart, as_json=as_json)
        return
    if as_json:
        print_json(shown)
        return
    console = Console(highlight=False, markup=False)
    console.print(_table(shown, ZoneInfo(time_zone)))
    console.print(f"Places with accepted mentors: {shown.mentor_places}, for {shown.mentees} mentees.")
    if shown.places_missing:
        console.print(f"Mentors still needed: {shown.places_missing}")
    if apart:
        print(f"{len(apart)} asked not to be matched with somebody: mile cohort applications {cohort} --keep-apart")


def _print_apart(shown: ApplicationsShown, apart: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json(KeptApart(cohort=shown.cohort, words=apart))
        return
    for wish in wishes(shown, apart):
        print(wish)
    if apart:
        print("The matching does not read this. To rule a pair out, write the other's id into the column conflicts")
        print(f"of the file mile cohort export {shown.cohort} writes, and import it.")
    else:
        print(f"Nobody of {shown.cohort} asked to be kept apart from anybody.")


def _table(shown: ApplicationsShown, zone: ZoneInfo) -> Table:
    table = table_of(f"Applications to {shown.cohort}", "id", "name", "side", "standing", "missing", "handed in")
    for one in shown.applications:
        table.add_row(
            one.id,
            one.name,
            "mentor" if one.side is Side.MENTOR else "participant",
            _standing(one),
            str(one.missing) if one.missing else "complete",
            f"{one.submitted_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.submitted_at else "–",
        )
    return table


def wishes(shown: ApplicationsShown, apart: Mapping[str, str]) -> Iterator[str]:
    """Say whom people asked not to be matched with, for staff to rule out: the matching knows only ids."""
    for one in shown.applications:
        if one.id in apart:
            words = shorten(one_line(apart[one.id]), MOST_WORDS, placeholder=" …")
            yield f"{one.id} {one.name} asks not to be matched with: {words}"


def _standing(one: ApplicationRow) -> str:
    if one.standing is None:
        return "not handed in"
    return looks(one.standing) + (", rules waived" if one.rules_waived else "") + (", goes first" if one.waited else "")


def looks(standing: ApplicationStatus) -> str:
    """Return how a standing is called on a terminal."""
    return LOOKS.get(standing, standing)
