"""Opportunities that staff recommend to a cohort: added, listed and removed (A16, A40)."""

from datetime import UTC, datetime

from schemas.actor import Actor
from schemas.cohort.opportunities import ListedOpportunity, NewOpportunity
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import cohorts, opportunities
from storage.database import transaction


class OpportunityResult(StepResult):
    """An opportunity that was added or removed; a preview of adding one has no ``number``."""

    cohort: str
    number: int | None
    opportunity: NewOpportunity


async def list_opportunities(context: ServiceContext, cohort: str) -> tuple[ListedOpportunity, ...]:
    """Return a cohort's opportunities, those that are over too; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    return await opportunities.listed_opportunities(context.pool, cohort)


async def preview_add(context: ServiceContext, cohort: str, opportunity: NewOpportunity) -> OpportunityResult:
    """Return what adding an opportunity would change; raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    change = f"{opportunity.title} would be shown to {cohort} until {opportunity.closes_on}."
    preview = Preview(changes=(change,), way_back="remove it; emails already sent keep it")
    return OpportunityResult(cohort=cohort, number=None, opportunity=opportunity, done=False, preview=preview)


async def add(
    context: ServiceContext, actor: Actor, cohort: str, opportunity: NewOpportunity, *, note: str | None = None
) -> OpportunityResult:
    """Add an opportunity. Check-in emails show it through its last day. Raises UnknownCohort."""
    await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        number = await opportunities.add_opportunity(db, cohort, opportunity, datetime.now(UTC))
        await context.audit_in(db, actor, "opportunity_added", cohort, opportunity=number, note=note)
    return OpportunityResult(cohort=cohort, number=number, opportunity=opportunity, done=True)


async def preview_remove(context: ServiceContext, cohort: str, number: int) -> OpportunityResult:
    """Return what removing an opportunity would change; raises as ``remove`` does."""
    await cohorts.cohort_settings(context.pool, cohort)
    opportunity = await opportunities.opportunity(context.pool, cohort, number)
    change = f"{opportunity.title} would be removed from {cohort}."
    preview = Preview(changes=(change,), way_back="add it again; it gets another number")
    return OpportunityResult(cohort=cohort, number=number, opportunity=opportunity, done=False, preview=preview)


async def remove(
    context: ServiceContext, actor: Actor, cohort: str, number: int, *, note: str | None = None
) -> OpportunityResult:
    """Remove an opportunity. Later emails don't show it.

    Raises UnknownCohort, or Refusal where the cohort has none of this number.
    """
    await cohorts.cohort_settings(context.pool, cohort)
    async with transaction(context.pool) as db:
        opportunity = await opportunities.opportunity(db, cohort, number)
        await opportunities.remove_opportunity(db, cohort, number)
        await context.audit_in(db, actor, "opportunity_removed", cohort, opportunity=number, note=note)
    return OpportunityResult(cohort=cohort, number=number, opportunity=opportunity, done=True)
