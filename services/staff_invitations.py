"""Inviting the chair of a class: a role from today on, a checklist, and a link to sign in."""

from pydantic import ValidationError

from domain.cohort.roles import answers, is_held_on
from schemas.actor import Actor
from schemas.cohort.roles import NewRoleHolder
from schemas.enums import EmailKind
from schemas.errors import Refusal
from schemas.preview import Preview, PreviewedEmail
from services.context import ServiceContext
from services.roles import RoleSet, list_roles, preview_set_role, set_role
from services.staff_sessions import StaffSessionService


async def preview_invitation(context: ServiceContext, cohort: str, email: str, role: str | None) -> RoleSet:
    """Return what inviting somebody would change; raises UnknownCohort, or Refusal where a value cannot be used."""
    new = await _chair(context, cohort, email, role)
    result = await preview_set_role(context, cohort, new, tells=True)
    preview = result.preview or Preview()
    link = PreviewedEmail(to=new.role, kind=EmailKind.SIGN_IN)
    return result.model_copy(update={"preview": preview.model_copy(update={"emails": (*preview.emails, link)})})


async def invite_chair(
    context: ServiceContext, actor: Actor, cohort: str, email: str, role: str | None, *, note: str | None = None
) -> RoleSet:
    """Make somebody the chair from today on, unless they are, and email them a link to sign in.

    Raises UnknownCohort, or Refusal where a value cannot be used.
    """
    new = await _chair(context, cohort, email, role)
    result = await set_role(context, actor, cohort, new, tells=True, note=note)
    await StaffSessionService(context.pool).request_link(new.email)
    return result


async def _chair(context: ServiceContext, cohort: str, email: str, role: str | None) -> NewRoleHolder:
    """Return the role that an invitation gives; the one that they hold already, where they do."""
    listing = await list_roles(context, cohort)
    for holder in listing.holders:
        if holder.email.casefold() == email.casefold() and answers(holder) and is_held_on(holder, listing.on):
            return NewRoleHolder(**{name: getattr(holder, name) for name in NewRoleHolder.model_fields})
    try:
        return NewRoleHolder.model_validate({"role": role or listing.role, "email": email, "starts_on": listing.on})
    except ValidationError as error:
        wrong = {"role": "The role has to be one line of at most 100 letters.", "email": f"{email!r} is no address."}
        raise Refusal(wrong.get(str(error.errors()[0]["loc"][0]), str(error))) from None
