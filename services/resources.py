"""Links that staff recommend to a cohort by what a goal is about: added, listed and removed."""

from datetime import UTC, datetime

from schemas.actor import Actor
from schemas.cohort.resources import NewResource, Resource
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import cohorts, resources
from storage.database import transaction


class ResourceResult(StepResult):
    """A link that was added or removed; a preview of adding one has no ``number``."""

    cohort: str
    number: int | None
    resource: NewResource


async def list_resources(context: ServiceContext, cohort: str) -> tuple[Resource, ...]:
    """Return a cohort's links, by area and title; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    return await resources.resources(context.pool, cohort)


async def preview_add_resource(context: ServiceContext, cohort: str, new: NewResource) -> ResourceResult:
    """Return what adding a link would change; raises as ``add_resource`` does."""
    await cohorts.cohort_settings(context.pool, cohort)
    change = f"{new.title} ({new.url}) would be on the own pages of {cohort}, beside goals of its area."
    return ResourceResult(
        cohort=cohort, number=None, resource=new, done=False, preview=Preview(changes=(change,), way_back="remove it")
    )


async def add_resource(
    context: ServiceContext, actor: Actor, cohort: str, new: NewResource, *, note: str | None = None
) -> ResourceResult:
    """Add a link. People's own pages show it from now on. Raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        number = await resources.add_resource(db, cohort, new, datetime.now(UTC))
        await context.audit_in(db, actor, "resource_added", cohort, resource=number, note=note)
    return ResourceResult(cohort=cohort, number=number, resource=new, done=True)


async def preview_remove_resource(context: ServiceContext, cohort: str, number: int) -> ResourceResult:
    """Return what removing a link would change; raises as ``remove_resource`` does."""
    await cohorts.cohort_settings(context.pool, cohort)
    found = await resources.resource(context.pool, cohort, number)
    preview = Preview(
        changes=(f"{found.title} would be removed from {cohort}.",), way_back="add it again; it gets another number"
    )
    return ResourceResult(cohort=cohort, number=number, resource=found, done=False, preview=preview)


async def remove_resource(
    context: ServiceContext, actor: Actor, cohort: str, number: int, *, note: str | None = None
) -> ResourceResult:
    """Remove a link. People's own pages don't show it any more.

    Raises UnknownCohort, or Refusal where the cohort has none of this number.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        found = await resources.resource(db, cohort, number)
        await resources.remove_resource(db, cohort, number)
        await context.audit_in(db, actor, "resource_removed", cohort, resource=number, note=note)
    return ResourceResult(cohort=cohort, number=number, resource=found, done=True)
