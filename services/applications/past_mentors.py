"""People of earlier classes who may be asked to mentor, and those who asked not to be (A18, B2)."""

from schemas.actor import Actor
from schemas.base import FrozenModel
from schemas.cohort.campaigns import Prospect
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import campaigns, cohorts, names
from storage.database import rolled_back, transaction


class UninviteResult(StepResult):
    """Whether somebody is invited to mentor; ``changed`` is false where that was so before."""

    cohort: str
    person: str
    invited: bool
    changed: bool

    def describe(self) -> str:
        """Say whether the person is invited to later classes."""
        return f"{self.person} of {self.cohort} is {'invited' if self.invited else 'not invited'} to mentor."


class ProspectList(FrozenModel):
    """Who is asked to mentor in a cohort when its applications open, and again while places are missing."""

    cohort: str
    prospects: tuple[Prospect, ...]


async def list_prospects(context: ServiceContext, cohort: str) -> ProspectList:
    """Return who may be asked to mentor in a cohort and has not applied yet; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    years = settings.eligibility.sit_out_years
    found = await campaigns.people_to_ask(context.pool, cohort, settings.kickoff_day, sit_out_years=years)
    return ProspectList(cohort=cohort, prospects=found)


async def list_uninvited(context: ServiceContext, cohort: str) -> dict[str, str]:
    """Return the names of a cohort's people who are invited to mentor no more, by id."""
    return await campaigns.uninvited(context.pool, cohort)


async def preview_uninvite(context: ServiceContext, cohort: str, person: str, *, undo: bool) -> UninviteResult:
    """Return what ``uninvite`` would change; raises Refusal as it does."""
    async with rolled_back(context.pool) as db:
        changed = await campaigns.set_uninvited(db, cohort, person, None if undo else context.now(cohort))
    result = UninviteResult(cohort=cohort, person=person, invited=undo, changed=changed, done=False)
    name = (await names.person_names(context.pool, cohort)).get(person, person)
    changes = (f"{name} ({person}) would {'' if undo else 'not '}be invited to mentor.",) if changed else ()
    way_back = "leave them out again" if undo else "invite them after all"
    return result.model_copy(update={"preview": Preview(changes=changes, way_back=way_back)})


async def uninvite(
    context: ServiceContext, actor: Actor, cohort: str, person: str, *, note: str, undo: bool
) -> UninviteResult:
    """Invite somebody no more to mentor, or take that back. Raises Refusal where there is nobody of this id."""
    async with transaction(context.pool) as db:
        changed = await campaigns.set_uninvited(db, cohort, person, None if undo else context.now(cohort))
        if changed:
            await context.audit_in(db, actor, "invited_again" if undo else "uninvited", cohort, None, person, note=note)
    return UninviteResult(cohort=cohort, person=person, invited=undo, changed=changed, done=changed)
