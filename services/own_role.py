"""The role by which somebody gets an email of their own, as a test."""

from domain.calendar import local_day
from domain.cohort.roles import is_held_on
from schemas.actor import Actor
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import cohorts, roles


async def own_role(context: ServiceContext, actor: Actor, cohort: str) -> int:
    """Return the number of a role that the actor holds today; raises Refusal where they hold none."""
    settings = await cohorts.cohort_settings(context.pool, cohort)
    today = local_day(context.now(cohort), settings.time_zone)
    for holder in await roles.role_holders(context.pool, cohort):
        if holder.email.casefold() == actor.name.casefold() and is_held_on(holder, today):
            return holder.id
    raise Refusal("You hold no role in this class today, so we know no address to send a test to.")
