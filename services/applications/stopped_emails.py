"""Addresses whose owners stopped emails from the public pages, and staff's step that lets them come again."""

from schemas.actor import Actor
from schemas.addresses import comparable
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import cohorts, typed_addresses
from storage.database import transaction


class AllowResult(StepResult):
    """Whether the public pages of a cohort email an address again; ``changed`` is false where they did before."""

    cohort: str
    changed: bool

    def describe(self) -> str:
        """Say what happens when somebody types the address now."""
        before = "" if self.changed else " They did so before."
        return f"The public pages of {self.cohort} send links to this address again when it is typed there.{before}"


async def preview_allow(context: ServiceContext, cohort: str, address: str) -> AllowResult:
    """Return what ``allow`` would change; raises UnknownCohort as it does."""
    await cohorts.cohort_settings(context.pool, cohort)
    changed = await typed_addresses.is_stopped(context.pool, cohort, comparable(address))
    changes = ("The address would get links again when someone types it.",) if changed else ()
    way_back = "its owner says again that it was not them, in the next email"
    return AllowResult(cohort=cohort, changed=changed, done=False, preview=Preview(changes=changes, way_back=way_back))


async def allow(context: ServiceContext, actor: Actor, cohort: str, address: str, *, note: str) -> AllowResult:
    """Let the public pages of a cohort email an address again, because its owner asked for that.

    The audit log has the note and not the address. Raises UnknownCohort.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        changed = await typed_addresses.resume(db, cohort, comparable(address))
        if changed:
            await context.audit_in(db, actor, "public_emails_resumed", cohort, note=note)
    return AllowResult(cohort=cohort, changed=changed, done=changed)
