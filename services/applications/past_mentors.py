"""Mentors of earlier classes who asked not to be invited to mentor again."""

from schemas.actor import Actor
from schemas.preview import Preview, StepResult
from services.context import ServiceContext
from storage import campaigns
from storage.database import rolled_back, transaction


class UninviteResult(StepResult):
    """Whether a mentor is invited to mentor again; ``changed`` is false where that was so before."""

    cohort: str
    person: str
    invited: bool
    changed: bool

    def describe(self) -> str:
        """Say whether the mentor is invited to later classes."""
        return f"{self.person} of {self.cohort} is {'invited' if self.invited else 'not invited'} to mentor again."


async def preview_uninvite(context: ServiceContext, cohort: str, person: str, *, undo: bool) -> UninviteResult:
    """Return what ``uninvite`` would change; raises Refusal as it does."""
    async with rolled_back(context.pool) as db:
        changed = await campaigns.set_uninvited(db, cohort, person, None if undo else context.now(cohort))
    result = UninviteResult(cohort=cohort, person=person, invited=undo, changed=changed, done=False)
    changes = (f"{person} would {'' if undo else 'not '}be invited to mentor again.",) if changed else ()
    way_back = f"mile cohort uninvite {cohort} {person}" + ("" if undo else " --undo")
    return result.model_copy(update={"preview": Preview(changes=changes, way_back=way_back)})


async def uninvite(
    context: ServiceContext, actor: Actor, cohort: str, person: str, *, note: str, undo: bool
) -> UninviteResult:
    """Invite a mentor no more to mentor again, or take that back. Raises Refusal where there is no such mentor."""
    async with transaction(context.pool) as db:
        changed = await campaigns.set_uninvited(db, cohort, person, None if undo else context.now(cohort))
        if changed:
            await context.audit_in(db, actor, "invited_again" if undo else "uninvited", cohort, None, person, note=note)
    return UninviteResult(cohort=cohort, person=person, invited=undo, changed=changed, done=changed)
