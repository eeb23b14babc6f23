"""``mile cohort role …``: who answers for a cohort from when to when; all its emails and pages follow (A41)."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.table import Table

from cli.cohort.options import CohortId, DryRun, Note
from cli.common.dates import day
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import Yes, take_step
from cli.common.tables import print_table, table_of
from domain.cohort.roles import is_held_on
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from services import roles
from services.context import ServiceContext
from services.roles import RoleEnded, RoleList, RoleSet

ADVICE = {
    "role": 'The role {given!r} cannot be used; write one line of at most 100 letters, none of them @ : , " < >.',
    "email": "--email {given!r} cannot be used; write one such as chair@example.org.",
}

role_app = typer.Typer(no_args_is_help=True)


@role_app.callback()
def role_of(context: typer.Context, cohort: CohortId) -> None:
    """Say who answers for a cohort from a day on, list who does, and end it."""
    context.obj = cohort


@role_app.command("set")
def set_command(
    context: typer.Context,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The name that emails use.")],
    email: Annotated[str, typer.Option("--email", metavar="ADDRESS", help="Where questions go.")],
    starts_on: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")],
    access: Annotated[
        StaffAccess,
        typer.Option(
            help="A chair answers questions and takes every step. A coordinator takes most steps and gets copies of "
            "digests. A reader sees figures."
        ),
    ] = StaffAccess.CHAIR,
    ends_on: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day. If you leave it out, the role has no end.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Give someone a role. From its first day, emails and pages name the role and its address."""
    cohort: str = context.obj
    term = {"starts_on": day(starts_on, "--from"), "ends_on": day(ends_on, "--to") if ends_on else None}
    new = _new_holder({"role": role, "email": email, "access": access, **term})

    async def preview(services: ServiceContext) -> RoleSet:
        return await roles.preview_set_role(services, cohort, new)

    async def set_role(services: ServiceContext) -> RoleSet:
        return await roles.set_role(services, staff_actor(), cohort, new, note=note)

    _print(take_step(folder, preview, set_role, dry_run=dry_run, yes=yes), cohort)


@role_app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False, folder: Folder = LOCAL_FOLDER) -> None:
    """List past, present and future role holders, and who answers today."""
    listing = call_service(folder, lambda services: roles.list_roles(services, context.obj))
    if as_json:
        print_json(listing)
        return
    if listing.holders:
        print_table(_table(listing))
    print(
        f"Today questions go to the {listing.role}, {listing.email}{'' if listing.number else ', as cohort.toml says'}."
    )


@role_app.command("end")
def end_command(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", min=1, help="Its number in the list.")],
    last_on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The last day. If you leave it out, yesterday.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """End someone's role. A role that has not started is removed."""
    cohort: str = context.obj
    last = day(last_on, "--on") if last_on else None

    async def preview(services: ServiceContext) -> RoleEnded:
        return await roles.preview_end_role(services, cohort, number, last)

    async def end(services: ServiceContext) -> RoleEnded:
        return await roles.end_role(services, staff_actor(), cohort, number, last, note=note)

    _print(take_step(folder, preview, end, dry_run=dry_run, yes=yes), cohort)


def _print(result: RoleSet | RoleEnded, cohort: str) -> None:
    changed = result.changed if isinstance(result, RoleSet) else True
    advice = (f"To see who answers when: mile cohort role {cohort} list",) if changed else ()
    print_result(result, [*result.describe(), *advice], as_json=False)


def _new_holder(values: dict[str, Any]) -> NewRoleHolder:
    try:
        return NewRoleHolder.model_validate(values)
    except ValidationError as error:
        where = error.errors()[0]["loc"]
        if not where:
            to, from_ = values["ends_on"], values["starts_on"]
            raise Refusal(f"--to {to} is before --from {from_}; a role ends on its first day or later.") from None
        raise Refusal(ADVICE[str(where[0])].format(given=values[str(where[0])])) from None


def _table(listing: RoleList) -> Table:
    table = table_of(f"Roles of {listing.cohort}", "number", "role", "access", "address", "from", "to", "today")
    for holder in listing.holders:
        table.add_row(
            str(holder.id),
            holder.role,
            str(holder.access),
            holder.email,
            str(holder.starts_on),
            str(holder.ends_on or ""),
            _task(holder, listing),
        )
    return table


def _task(holder: RoleHolder, listing: RoleList) -> str:
    if holder.id == listing.number:
        return "answers"
    reads_along = holder.access is StaffAccess.COORDINATOR and is_held_on(holder, listing.on)
    return "gets digests" if reads_along else ""
