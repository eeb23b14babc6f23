"""Reading from PostgreSQL of how many people or pairs a note to staff about a cohort speaks."""

from collections.abc import Awaitable, Callable

import asyncpg

from schemas.emails.messages import SendEmail
from schemas.enums import StaffReason
from storage import campaigns, kickoff


async def count_of(pool: asyncpg.Pool, order: SendEmail) -> int:
    """Return of how many a note speaks as things stand, 0 where it counts nothing."""
    counted = _COUNTED.get(order.reason) if order.reason else None
    return await counted(pool, order.scope_id) if counted else 0


async def _gaps(pool: asyncpg.Pool, cohort_id: str) -> int:
    return len(await campaigns.intake_gaps(pool, cohort_id))


async def _unanswered(pool: asyncpg.Pool, cohort_id: str) -> int:
    return len(await campaigns.open_proposals(pool, cohort_id))


async def _not_started(pool: asyncpg.Pool, cohort_id: str) -> int:
    pairs = await kickoff.published_pairs(pool, cohort_id)
    return sum(not pair.can_start for pair in pairs)


_COUNTED: dict[StaffReason, Callable[[asyncpg.Pool, str], Awaitable[int]]] = {
    StaffReason.INTAKE_INCOMPLETE: _gaps,
    StaffReason.PROPOSAL_DECLINED: campaigns.disputed_proposals,
    StaffReason.PROPOSALS_UNANSWERED: _unanswered,
    StaffReason.NOT_STARTED: _not_started,
}
