"""``mile staff invite``: the first chair of a class, who then gives all other roles on the staff pages."""

from typing import Annotated

import typer

from cli.cohort.options import DryRun, Note
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, Folder, staff_actor
from cli.common.steps import Yes, take_step
from services.context import ServiceContext
from services.roles import RoleSet
from services.staff_invitations import invite_chair, preview_invitation


def invite_command(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Their address, with which they sign in.")],
    cohort: Annotated[str, typer.Option("--cohort", metavar="ID", help="The cohort whose chair they become today.")],
    role: Annotated[
        str | None, typer.Option("--role", metavar="NAME", help="The name that emails use. Otherwise as today.")
    ] = None,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make someone the chair of a cohort today, and email them a checklist and a link to sign in."""

    async def preview(services: ServiceContext) -> RoleSet:
        return await preview_invitation(services, cohort, email, role)

    async def invite(services: ServiceContext) -> RoleSet:
        return await invite_chair(services, staff_actor(), cohort, email, role, note=note)

    result = take_step(folder, preview, invite, dry_run=dry_run, yes=yes)
    sent = () if dry_run else (f"A link to sign in is on its way to {result.holder.email}. It works for 15 minutes.",)
    print_result(result, [*result.describe(), *sent], as_json=False)
