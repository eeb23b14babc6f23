"""Emails to staff: read from PostgreSQL, and put together."""

from collections.abc import Awaitable, Callable

import asyncpg

from emails.kinds.inquiry.context import InquiryEmail, inquiry_email
from emails.kinds.inquiry_digest.context import InquiryDigestEmail, inquiry_digest
from emails.kinds.reply_digest.context import ReplyDigestEmail, reply_digest
from emails.kinds.staff_note.context import StaffNoteEmail, staff_note
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import QueuedEmail
from schemas.enums import StaffReason
from schemas.errors import UnknownMentorship
from schemas.ids import subject_of
from storage import applicants, campaigns, cohorts, inquiries, kickoff, mentorships, replies, roles


async def read_cohort(pool: asyncpg.Pool, order: QueuedEmail) -> CohortSettings:
    """Return the settings of the cohort an email is about, with whoever answers for it at the time (A41)."""
    cohort = await cohorts.cohort_settings(pool, order.scope_id.partition("/")[0])
    return await roles.settings_at(pool, cohort, order.now)


async def read_note(pool: asyncpg.Pool, order: QueuedEmail) -> StaffNoteEmail:
    """Return all that a note to staff needs to know: about a mentorship, an applicant or the whole cohort."""
    try:
        pair = await mentorships.partners(pool, order.scope_id)
    except UnknownMentorship:
        cohort = await read_cohort(pool, order)
        closed = order.reason is StaffReason.APPLICATIONS_CLOSED
        places = await applicants.mentor_places(pool, cohort.id) if closed else None
        return staff_note(order, cohort, None, count=await _count(pool, order), places=places)
    return staff_note(order, await roles.settings_at(pool, pair.cohort, order.now), pair)


async def read_inquiry(pool: asyncpg.Pool, order: QueuedEmail) -> InquiryEmail:
    """Return all that an email needs to know which brings staff somebody's question."""
    inquiry = await inquiries.inquiry(pool, int(subject_of(order.key)))
    cohort = await read_cohort(pool, order)
    return inquiry_email(order, cohort, name=inquiry.name, email=inquiry.email, text=inquiry.text)


async def read_inquiry_digest(pool: asyncpg.Pool, order: QueuedEmail) -> InquiryDigestEmail:
    """Return all that the email needs to know which brings staff the questions above the limit."""
    return inquiry_digest(order, await read_cohort(pool, order), await inquiries.in_digest(pool, order.key))


async def read_reply_digest(pool: asyncpg.Pool, order: QueuedEmail) -> ReplyDigestEmail:
    """Return all that the email needs to know which tells staff of the replies above the limit."""
    return reply_digest(order, await read_cohort(pool, order), await replies.in_digest(pool, order.key))


async def _count(pool: asyncpg.Pool, order: QueuedEmail) -> int:
    """Return of how many people or pairs a note speaks, 0 where it counts nothing."""
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
