"""``mile cohort rsvp``: who comes to the half-day session, and what whoever lays the table has to know (A20)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import Field
from rich.console import Console
from rich.table import Table

from cli.cohort.options import CohortId, Force, with_cohort
from cli.common.private_files import check_private, write_private
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from cli.common.tables import table_of
from domain.applications.csv.writing import write_rows
from domain.kickoff.rsvp import Headcount, headcounts
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import RsvpStatus, Side
from schemas.errors import Refusal
from schemas.kickoff.guests import Guest
from services.context import ServiceContext
from storage import kickoff

HEADER = ("id", "name", "side", "coming", "half_day", "meals", "access", "attended")

rsvp_app = typer.Typer()


class GuestShown(FrozenModel):
    """What one person said, without meals and needs."""

    id: str
    side: Side
    coming: RsvpStatus | None
    half_day: str | None
    attended: bool | None


class RsvpShown(FrozenModel):
    """Who is invited and comes, by half day; nothing anybody wrote.

    ``labels`` are what people call the half days, by id; they never enter the JSON.
    """

    cohort: str
    invited: int
    yes: int
    no: int
    unsure: int
    silent: int
    half_days: tuple[Headcount, ...]
    guests: tuple[GuestShown, ...]
    labels: dict[str, str] = Field(exclude=True)


@rsvp_app.command("rsvp")
def rsvp_command(
    cohort: CohortId,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write names, meals and needs there; only you may read it."),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Begin the file with what lets Excel show every letter.")
    ] = False,
    force: Force = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Show who comes to the half-day session, and count meals and needs for each half day."""
    if csv:
        check_private(csv, "--csv", force=force)

    async def deed(at: ServiceContext, settings: CohortSettings) -> RsvpShown:
        guests = [guest for guest in await kickoff.guests(at.pool, cohort) if guest.invited]
        shown = _shown(settings, guests)
        if csv:
            rows = (_row(guest, shown.labels) for guest in guests)
            write_private(csv, write_rows(HEADER, rows, excel=excel), "--csv", force=force)
            await at.audit(staff_actor(), "rsvp_exported", cohort, people=len(guests))
        return shown

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    console = Console(highlight=False, markup=False)
    console.print(_headline(shown))
    if shown.half_days:
        console.print(_table(shown))
    if csv:
        console.print(f"{csv}: {shown.invited} people. Delete it when the table is laid.", soft_wrap=True)


def _shown(settings: CohortSettings, guests: list[Guest]) -> RsvpShown:
    if settings.session is None:
        raise Refusal(f"{settings.id} invites nobody to a session. To invite, add [session] to its cohort.toml.")
    said = [guest.rsvp.coming if guest.rsvp else None for guest in guests]
    return RsvpShown(
        cohort=settings.id,
        invited=len(guests),
        yes=said.count(RsvpStatus.YES),
        no=said.count(RsvpStatus.NO),
        unsure=said.count(RsvpStatus.UNSURE),
        silent=said.count(None),
        half_days=headcounts(settings.session, guests),
        guests=tuple(
            GuestShown(
                id=guest.person.id,
                side=guest.person.side,
                coming=guest.rsvp.coming if guest.rsvp else None,
                half_day=guest.rsvp.half_day if guest.rsvp else None,
                attended=guest.attended,
            )
            for guest in guests
        ),
        labels={half.id: half.label for half in settings.session.half_days},
    )


def _row(guest: Guest, labels: Mapping[str, str]) -> tuple[str, ...]:
    rsvp = guest.rsvp
    attended = {True: "yes", False: "no", None: ""}[guest.attended]
    said = (rsvp.coming, _called(rsvp.half_day, labels), rsvp.meals, rsvp.access) if rsvp else ("", "", "", "")
    return (guest.person.id, guest.person.name, guest.person.side, *said, attended)


def _headline(shown: RsvpShown) -> str:
    return (
        f"{shown.cohort}: {shown.invited} invited; {shown.yes} come, {shown.unsure} do not know yet, "
        f"{shown.no} cannot, {shown.silent} have not answered."
    )


def _table(shown: RsvpShown) -> Table:
    table = table_of("Half days", "half day", "come", "not sure", "with a wish about meals", "with access needs")
    for one in shown.half_days:
        counts = (one.coming, one.unsure, one.meals, one.access)
        table.add_row(_called(one.half_day, shown.labels) or "not chosen", *(str(count) for count in counts))
    return table


def _called(half_day: str | None, labels: Mapping[str, str]) -> str:
    """Return what people call a half day; one that was taken from the settings since is known by its id only."""
    return labels.get(half_day, half_day) if half_day else ""
