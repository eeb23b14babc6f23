"""Who answers for a cohort from when to when: set, listed and ended by staff (A41)."""

from datetime import date, timedelta

from pydantic import Field

from domain.cohort.roles import answers, contact_on, contacts_on, is_stored, settings_with_contact
from schemas.actor import Actor
from schemas.addresses import EmailAddress
from schemas.base import FrozenModel
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.cohort.settings import ProgramContact
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, StaffAccess
from schemas.errors import Refusal
from schemas.ids import email_key
from schemas.preview import Preview, PreviewedEmail, StepResult
from services.context import ServiceContext
from storage import cohorts, outbox, roles
from storage.database import Connection, Db, transaction


class RoleList(FrozenModel):
    """Who answers for a cohort on a day; ``number`` is None where that is the contact of its settings.

    The JSON has no address.
    """

    cohort: str
    on: date
    role: str
    email: EmailAddress = Field(exclude=True)
    number: int | None
    holders: tuple[RoleHolder, ...]


class RoleSet(StepResult):
    """A role that was given to somebody; ``before`` is who would answer on its first day without it."""

    cohort: str
    holder: NewRoleHolder
    before: ProgramContact
    changed: bool

    def describe(self) -> tuple[str, ...]:
        """Say who holds the role from when to when, and who would answer without it."""
        if not self.changed:
            return (f"{self.cohort} already has this role with these days. Nothing was changed.",)
        holder = self.holder
        until = f"until {holder.ends_on}" if holder.ends_on else "until further notice"
        title = holder.role if answers(holder) else f"{holder.role} ({holder.access})"
        term = f"{title} of {self.cohort} from {holder.starts_on} {until}: {holder.email}"
        instead = (
            f"Without this, questions on {holder.starts_on} would go to the {self.before.role}, {self.before.email}."
        )
        return (term, instead) if answers(holder) else (term,)


class RoleHandedOver(StepResult):
    """A role that somebody takes over from whoever answers until then: ``before``, with all who could (``ending``)."""

    cohort: str
    holder: NewRoleHolder
    before: ProgramContact
    ending: tuple[RoleHolder, ...]
    last_on: date

    def describe(self) -> tuple[str, ...]:
        """Say from when on who answers, and until when who did."""
        new = self.holder
        return (
            f"{new.email} is the {new.role} of {self.cohort} from {new.starts_on} on, until further notice.",
            f"The {self.before.role}, {self.before.email}, answers until {self.last_on}.",
            *(f"The role of {one.email} as {one.role} ends with {self.last_on}." for one in self.ending),
        )


class RoleEnded(StepResult):
    """A role that ends on ``last_on``; one that would begin after it is never held."""

    cohort: str
    holder: RoleHolder
    last_on: date

    def describe(self) -> tuple[str, ...]:
        """Say when the role ends."""
        ending = "is taken back" if self.last_on < self.holder.starts_on else f"ends with {self.last_on}"
        return (f"{self.holder.role} of {self.cohort}, number {self.holder.id}, {ending}.",)


async def list_roles(context: ServiceContext, cohort: str) -> RoleList:
    """Return who holds, held and will hold a role of a cohort, and who answers today; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    holders, today = await roles.role_holders(context.pool, cohort), context.today(settings)
    contact, holder = settings_with_contact(settings, holders, today).contact, contact_on(holders, today)
    number = holder.id if holder else None
    return RoleList(cohort=cohort, on=today, **contact.model_dump(), number=number, holders=holders)


async def preview_set_role(context: ServiceContext, cohort: str, new: NewRoleHolder, *, tells: bool = False) -> RoleSet:
    """Return what giving a role to somebody would change; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    holders = await roles.role_holders(context.pool, cohort)
    before = settings_with_contact(settings, holders, new.starts_on).contact
    result = RoleSet(cohort=cohort, holder=new, before=before, changed=not is_stored(new, holders), done=False)
    changed = Preview(changes=result.describe(), emails=(_told(new),) if tells else (), way_back="end the role")
    return result.model_copy(update={"preview": changed if result.changed else Preview()})


async def set_role(
    context: ServiceContext,
    actor: Actor,
    cohort: str,
    new: NewRoleHolder,
    *,
    tells: bool = False,
    note: str | None = None,
) -> RoleSet:
    """Give a role to somebody: emails and pages from its first day on follow; the same again changes nothing.

    With ``tells`` they are emailed what it is, with a checklist. Raises UnknownCohort.
    """
    settings = await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        before = settings_with_contact(settings, await roles.role_holders(db, cohort), new.starts_on).contact
        number = await _give(context, db, actor, cohort, new, note)
        if number is not None and tells:
            await outbox.enqueue(db, _role_email(context, cohort, number))
    return RoleSet(cohort=cohort, holder=new, before=before, changed=number is not None, done=True)


async def preview_hand_over(
    context: ServiceContext, cohort: str, email: EmailAddress, starts_on: date
) -> RoleHandedOver:
    """Return what handing over to somebody would change; raises as ``hand_over`` does."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    if starts_on <= context.today(settings):
        raise Refusal(f"{starts_on} is not after today. The first day is tomorrow or later.")
    holders, last_on = await roles.role_holders(context.pool, cohort), starts_on - timedelta(days=1)
    before = settings_with_contact(settings, holders, last_on).contact
    if before.email.casefold() == email.casefold():
        raise Refusal(f"{email} answers already. Enter the address of whoever takes over.")
    new = NewRoleHolder(role=before.role, email=email, access=StaffAccess.CHAIR, starts_on=starts_on)
    if is_stored(new, holders):
        raise Refusal(f"{email} takes over on {starts_on} already.")
    result = RoleHandedOver(
        cohort=cohort,
        holder=new,
        before=before,
        ending=contacts_on(holders, starts_on),
        last_on=last_on,
        done=False,
    )
    preview = Preview(
        changes=result.describe(),
        emails=(_told(result.holder),),
        way_back="end the new role, and give the old one again",
    )
    return result.model_copy(update={"preview": preview})


async def hand_over(
    context: ServiceContext,
    actor: Actor,
    cohort: str,
    email: EmailAddress,
    starts_on: date,
    *,
    note: str | None = None,
) -> RoleHandedOver:
    """Let somebody answer from a day on, and end the roles of whoever answered until then on the day before.

    They are emailed what their role is, with a checklist. Raises UnknownCohort, or Refusal where the day is past or it
    is the same person.
    """
    previewed = await preview_hand_over(context, cohort, email, starts_on)
    async with transaction(context.pool) as db:
        for ended in await roles.end_contact_roles(db, cohort, starts_on):
            await context.audit_in(
                db, actor, "role_ended", cohort, number=ended, last_on=str(previewed.last_on), note=note
            )
        number = await _give(context, db, actor, cohort, previewed.holder, note)
        if number is not None:
            await outbox.enqueue(db, _role_email(context, cohort, number))
    return previewed.model_copy(update={"done": True, "preview": None})


async def _give(  # noqa: PLR0917 - they are one event of the audit log
    context: ServiceContext, db: Connection, actor: Actor, cohort: str, new: NewRoleHolder, note: str | None
) -> int | None:
    """Store a role and its audit event; return its number, or None where it is stored already."""
    number = await roles.add_holder(db, cohort, new)
    if number is not None:
        # An audit event names no address.
        details = new.model_dump(mode="json", exclude={"email"})
        await context.audit_in(db, actor, "role_set", cohort, number=number, **details, note=note)
    return number


def _told(new: NewRoleHolder) -> PreviewedEmail:
    return PreviewedEmail(to=new.role, kind=EmailKind.ROLE_GIVEN)


def _role_email(context: ServiceContext, cohort: str, number: int) -> QueuedEmail:
    now = context.now(cohort)
    return QueuedEmail(
        key=email_key(cohort, EmailKind.ROLE_GIVEN, str(number), Recipient.STAFF),
        kind=EmailKind.ROLE_GIVEN,
        scope_id=cohort,
        to=Recipient.STAFF,
        at=now,
        now=now,
        automatic=False,
    )


async def preview_end_role(context: ServiceContext, cohort: str, number: int, last_on: date | None) -> RoleEnded:
    """Return what ending a role would change; raises as ``end_role`` does."""
    result = await _ending(context, context.pool, cohort, number, last_on)
    preview = Preview(changes=result.describe(), way_back="give the role again")
    return result.model_copy(update={"preview": preview})


async def end_role(
    context: ServiceContext, actor: Actor, cohort: str, number: int, last_on: date | None, *, note: str | None = None
) -> RoleEnded:
    """End a role with ``last_on``, or with yesterday where that is None.

    Raises UnknownCohort, or Refusal where the cohort has no role of this number, or it has ended.
    """
    async with transaction(context.pool) as db:
        result = await _ending(context, db, cohort, number, last_on)
        await roles.end_holder(db, cohort, number, result.last_on)
        role, last = result.holder.role, str(result.last_on)
        await context.audit_in(db, actor, "role_ended", cohort, number=number, role=role, last_on=last, note=note)
    return result.model_copy(update={"done": True})


async def _ending(context: ServiceContext, db: Db, cohort: str, number: int, last_on: date | None) -> RoleEnded:
    settings = await cohorts.cohort_settings(db, cohort)
    holder, today = await roles.holder(db, cohort, number), context.today(settings)
    if holder.ends_on and holder.ends_on < today:
        raise Refusal(f"Role {number} of {cohort} ended with {holder.ends_on}. To have it go on, give the role again.")
    return RoleEnded(cohort=cohort, holder=holder, last_on=last_on or today - timedelta(days=1), done=False)
