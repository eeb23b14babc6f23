"""Resolve the concerns about a mentorship that staff dealt with, or put off what the weekly digest tells of them."""

from datetime import date

from pydantic import JsonValue

from domain.calendar import local_day
from schemas.actor import Actor
from schemas.emails.digests import PutOff
from schemas.enums import StaffReason
from schemas.errors import Refusal
from schemas.mentorship.changes import ResolveRequest
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.decisions import decide
from services.mentorships.lookup import get_running
from storage import audit, digests
from storage.database import transaction

# What staff resolve by hand; other concerns go away by themselves.
RESOLVED_BY_ATTENDING = (StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.NOT_UNDERSTOOD)


async def preview_resolution(services: ServiceContext, pair: MentorshipPair) -> tuple[StaffReason, ...]:
    """Return the concerns that would be resolved; raises Refusal where the mentorship's workflow has ended."""
    concerns = (await get_running(services, pair)).concerns
    return tuple(concern for concern in concerns if concern in RESOLVED_BY_ATTENDING)


async def lost_decisions(services: ServiceContext, pair: MentorshipPair) -> int:
    """Return how many decisions of staff were lost with a backup, until staff decide about the mentorship again."""
    return len(await audit.lost_decisions(services.pool, pair.mentorship_id))


async def resolve_concerns(
    services: ServiceContext, actor: Actor, pair: MentorshipPair, *, note: str
) -> tuple[StaffReason, ...]:
    """Resolve the concerns that staff dealt with, and return them; the note says in the audit log what was done."""
    resolved = await preview_resolution(services, pair)
    details: dict[str, JsonValue] = {"resolved": [*resolved], "note": note}
    request = ResolveRequest()
    await decide(services, actor, pair.cohort.id, pair.mentorship_id, request, result=type(None), **details)
    return resolved


async def is_put_off(services: ServiceContext, pair: MentorshipPair) -> PutOff | None:
    """Return the day to come on which the digest tells a mentorship's concerns again, with its note, or None."""
    now = services.now(pair.cohort.id)
    last = await digests.last_put_off(services.pool, pair.cohort, pair.mentorship_id, now)
    return last if last and last.look_again_on > local_day(now, pair.cohort.time_zone) else None


async def preview_attention(
    services: ServiceContext, pair: MentorshipPair, *, look_again_on: date
) -> tuple[StaffReason, ...]:
    """Return the concerns that the digest would not tell before a day; raises Refusal where that makes no sense."""
    cohort, now = pair.cohort, services.now(pair.cohort.id)
    if look_again_on <= local_day(now, cohort.time_zone):
        raise Refusal(f"{look_again_on} is not after today. Choose a later day to look again.")
    concerns = await digests.concerns(services.pool, cohort, now)
    attended = tuple(each.reason for each in concerns if each.mentorship_id == pair.mentorship_id)
    if not attended:
        raise Refusal(f"There is no open concern about {pair.mentorship_id}, so there is nothing to look at again.")
    return attended


async def attend(
    services: ServiceContext, actor: Actor, pair: MentorshipPair, *, note: str, look_again_on: date
) -> tuple[StaffReason, ...]:
    """Note that staff attend to all open concerns of a mentorship, and return them.

    The digest tells them again on the day, with the note, unless they have been settled; what comes up later is told
    at once. Raises Refusal where nothing is open, or the day is not to come.
    """
    attended = await preview_attention(services, pair, look_again_on=look_again_on)
    cohort = pair.cohort.id
    details: dict[str, JsonValue] = {"attended": [*attended], "look_again_on": str(look_again_on), "note": note}
    async with transaction(services.pool) as db:
        await digests.put_off(db, pair.mentorship_id, look_again_on, note, services.now(cohort))
        await services.audit_in(db, actor, "concerns_attended", cohort, pair.mentorship_id, **details)
    return attended
