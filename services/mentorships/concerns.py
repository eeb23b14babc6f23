"""Resolve the concerns about a mentorship that staff dealt with."""

from pydantic import JsonValue

from schemas.actor import Actor
from schemas.enums import StaffReason
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.lookup import ended, get_progress, workflow_of
from services.workflow_calls import update_workflow

# What staff resolve by hand; other concerns go away by themselves.
RESOLVED_BY_ATTENDING = (StaffReason.CALL_REQUESTED, StaffReason.UNDELIVERABLE, StaffReason.NOT_UNDERSTOOD)


async def preview_resolution(services: ServiceContext, pair: MentorshipPair) -> tuple[StaffReason, ...]:
    """Return the concerns that would be resolved; changes nothing."""
    concerns = (await get_progress(services, pair)).concerns
    return tuple(concern for concern in concerns if concern in RESOLVED_BY_ATTENDING)


async def resolve_concerns(
    services: ServiceContext, actor: Actor, pair: MentorshipPair, *, note: str
) -> tuple[StaffReason, ...]:
    """Resolve the concerns that staff dealt with, and return them; the note says in the audit log what was done."""
    resolved = await preview_resolution(services, pair)
    handle, absent = workflow_of(services, pair), ended(pair.mentorship_id)
    details: dict[str, JsonValue] = {"resolved": [*resolved], "note": note}
    async with services.audited(actor, "concerns_resolved", pair.cohort.id, pair.mentorship_id, **details):
        await update_workflow(handle, "resolve_concerns", kind=type(None), absent=absent)
    return resolved
