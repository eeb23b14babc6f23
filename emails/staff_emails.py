"""Emails to staff: read from PostgreSQL, and put together."""

from collections.abc import Awaitable, Callable

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
from storage.database import Db


async def read_cohort(pool: Db, queued: QueuedEmail) -> CohortSettings:
    """Return the settings of the cohort an email is about, with whoever answers for it at the time (A41)."""
    cohort = await cohorts.cohort_settings(pool, queued.scope_id.partition("/")[0])
    return await roles.settings_at(pool, cohort, queued.now)


async def read_note(pool: Db, queued: QueuedEmail, site: str) -> StaffNoteEmail:
    """Return all that a note to staff needs to know: about a mentorship, an applicant or the whole cohort.

    ``site`` is where the pages are, without a path.
    """
    try:
        pair = await mentorships.partners(pool, queued.scope_id)
    except UnknownMentorship:
        cohort = await read_cohort(pool, queued)
        closed = queued.reason is StaffReason.APPLICATIONS_CLOSED
        places = await applicants.mentor_places(pool, cohort.id) if closed else None
        return staff_note(queued, cohort, None, site, count=await _count(pool, queued), places=places)
    return staff_note(queued, await roles.settings_at(pool, pair.cohort, queued.now), pair, site)


async def read_inquiry(pool: Db, queued: QueuedEmail) -> InquiryEmail:
    """Return all that an email needs to know which brings staff somebody's question."""
    inquiry = await inquiries.inquiry(pool, int(subject_of(queued.key)))
    cohort = await read_cohort(pool, queued)
    return inquiry_email(queued, cohort, name=inquiry.name, email=inquiry.email, text=inquiry.text)


async def read_inquiry_digest(pool: Db, queued: QueuedEmail) -> InquiryDigestEmail:
    """Return all that the email needs to know which brings staff the questions above the limit."""
    return inquiry_digest(queued, await read_cohort(pool, queued), await inquiries.in_digest(pool, queued.key))


async def read_reply_digest(pool: Db, queued: QueuedEmail) -> ReplyDigestEmail:
    """Return all that the email needs to know which tells staff of the replies above the limit."""
    return reply_digest(queued, await read_cohort(pool, queued), await replies.in_digest(pool, queued.key))


async def _count(pool: Db, queued: QueuedEmail) -> int:
    """Return of how many people or pairs a note speaks, 0 where it counts nothing."""
    counted = _COUNTED.get(queued.reason) if queued.reason else None
    return await counted(pool, queued.scope_id) if counted else 0


async def _gaps(pool: Db, cohort_id: str) -> int:
    return len(await campaigns.intake_gaps(pool, cohort_id))


async def _unanswered(pool: Db, cohort_id: str) -> int:
    return len(await campaigns.open_proposals(pool, cohort_id))


async def _not_started(pool: Db, cohort_id: str) -> int:
    pairs = await kickoff.published_pairs(pool, cohort_id)
    return sum(not pair.can_start for pair in pairs)


_COUNTED: dict[StaffReason, Callable[[Db, str], Awaitable[int]]] = {
    StaffReason.INTAKE_INCOMPLETE: _gaps,
    StaffReason.PROPOSAL_DECLINED: campaigns.disputed_proposals,
    StaffReason.PROPOSALS_UNANSWERED: _unanswered,
    StaffReason.NOT_STARTED: _not_started,
}
