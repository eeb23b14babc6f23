"""``mile cohort role …``: who answers for a cohort from when to when; all its emails and pages follow (A41)."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer
from pydantic import Field, ValidationError
from rich.console import Console
from rich.table import Table

from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, Note, with_cohort
from cli.common.dates import day
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from cli.common.tables import table_of
from domain.calendar import local_day
from domain.cohort.roles import contact_on, is_coordinator, is_held_on, is_stored, settings_with_contact
from schemas.addresses import EmailAddress
from schemas.base import FrozenModel
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.cohort.settings import CohortSettings, ProgramContact
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import roles

ADVICE = {
    "role": 'The role {given!r} cannot be used; write one line of at most 100 letters, none of them @ : , " < >.',
    "email": "--email {given!r} cannot be used; write one such as chair@example.org.",
}

role_app = typer.Typer(no_args_is_help=True)


class RolesShown(FrozenModel):
    """Who answers for a cohort on a day; ``number`` is None where that is the contact of its settings.

    Programs are told no address.
    """

    cohort: str
    on: date
    role: str
    email: EmailAddress = Field(exclude=True)
    number: int | None
    holders: tuple[RoleHolder, ...]


@role_app.callback()
def role_of(context: typer.Context, cohort: CohortId) -> None:
    """Say who answers for a cohort from a day on, list who does, and end it."""
    context.obj = cohort


@role_app.command("set")
def set_command(
    context: typer.Context,
    role: Annotated[
        str, typer.Argument(metavar="ROLE", help="As emails shall name it; a Coordinator only gets digests.")
    ],
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Where questions go.")],
    from_on: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")],
    to_on: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day; left out, until further notice.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    folder: Folder = HERE,
) -> None:
    """Give a role to somebody; every email and page from its first day on names it and answers to its address."""
    cohort: str = context.obj
    wanted = _wanted(role, email, day(from_on, "--from"), day(to_on, "--to") if to_on else None)

    async def deed(at: ServiceContext, settings: CohortSettings) -> tuple[ProgramContact, bool]:
        holders = await roles.role_holders(at.pool, cohort)
        before = settings_with_contact(settings, holders, wanted.from_on).contact
        if dry_run:
            return before, not is_stored(wanted, holders)
        number = await roles.add_holder(at.pool, cohort, wanted)
        if number is not None:
            known = wanted.model_dump(mode="json", exclude={"email"})
            await at.audit(staff_actor(), "role_set", cohort, number=number, **known, note=note)
        return before, number is not None

    before, changed = with_cohort(cohort, folder, deed)
    if not changed:
        print(f"{cohort} has this role already, with these days; nothing was changed.")
        return
    until = f"until {wanted.to_on}" if wanted.to_on else "until further notice"
    print(f"{wanted.role} of {cohort} from {wanted.from_on} {until}: {wanted.email}")
    if not is_coordinator(wanted):
        print(f"Without this, questions on {wanted.from_on} would go to the {before.role}, {before.email}.")
    print(NOTHING_WAS_DONE if dry_run else f"To see who answers when: mile cohort role {cohort} list")


@role_app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """List who holds, held and will hold a role, and say who answers today."""
    shown = with_cohort(context.obj, folder, _shown)
    if as_json:
        print_json(shown)
        return
    if shown.holders:
        Console(highlight=False, markup=False).print(_table(shown))
    print(f"Today questions go to the {shown.role}, {shown.email}{'' if shown.number else ', as cohort.toml says'}.")


@role_app.command("end")
def end_command(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")],
    last_on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The last day; left out, it was yesterday.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    folder: Folder = HERE,
) -> None:
    """End somebody's role; one whose last day would be before its first is taken back."""
    cohort: str = context.obj
    given = day(last_on, "--on") if last_on else None

    async def deed(at: ServiceContext, settings: CohortSettings) -> tuple[RoleHolder, date]:
        holder = await roles.holder(at.pool, cohort, number)
        last = given or _today(settings) - timedelta(days=1)
        if not dry_run:
            await roles.end_holder(at.pool, cohort, number, last)
            await at.audit(
                staff_actor(), "role_ended", cohort, number=number, role=holder.role, last_on=str(last), note=note
            )
        return holder, last

    holder, last = with_cohort(cohort, folder, deed)
    ending = "is taken back" if last < holder.from_on else f"ends with {last}"
    print(f"{holder.role} of {cohort}, number {number}, {ending}.")
    print(NOTHING_WAS_DONE if dry_run else f"To see who answers when: mile cohort role {cohort} list")


async def _shown(at: ServiceContext, settings: CohortSettings) -> RolesShown:
    holders, today = await roles.role_holders(at.pool, settings.id), _today(settings)
    contact, holder = settings_with_contact(settings, holders, today).contact, contact_on(holders, today)
    number = holder.id if holder else None
    return RolesShown(cohort=settings.id, on=today, **contact.model_dump(), number=number, holders=holders)


def _wanted(role: str, email: str, from_on: date, to_on: date | None) -> NewRoleHolder:
    given = {"role": role, "email": email, "from_on": from_on, "to_on": to_on}
    try:
        return NewRoleHolder.model_validate(given)
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        if not where:
            raise Refusal(f"--to {to_on} is before --from {from_on}; a role ends on its first day or later.") from None
        raise Refusal(ADVICE[str(where[0])].format(given=given[str(where[0])])) from None


def _table(shown: RolesShown) -> Table:
    table = table_of(f"Roles of {shown.cohort}", "number", "role", "address", "from", "to", "today")
    for one in shown.holders:
        table.add_row(str(one.id), one.role, one.email, str(one.from_on), str(one.to_on or ""), _does(one, shown))
    return table


def _does(holder: RoleHolder, shown: RolesShown) -> str:
    if holder.id == shown.number:
        return "answers"
    return "gets digests" if is_coordinator(holder) and is_held_on(holder, shown.on) else ""


def _today(settings: CohortSettings) -> date:
    return local_day(datetime.now(UTC), settings.time_zone)
