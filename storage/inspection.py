"""The rows of mentorships, for the drift audit that compares them with Temporal."""

from datetime import datetime

from domain.mentorship.progression import CLOSED_WITHOUT_WAKING
from schemas.audit import MentorshipRow, MilestoneRow, StoredCohort, StoredMentorship
from schemas.errors import UnknownMentorship
from schemas.mentorship.responses import SavedResponse
from schemas.mentorship.state import Answer
from storage import audit
from storage.database import Db, queries, stored_as


async def mentorship_rows(db: Db, cohort_id: str, signaled_before: datetime) -> tuple[MentorshipRow, ...]:
    """Return a cohort's mentorships in brief, with the responses signaled before a moment of the wall clock."""
    rows = queries.mentorship_rows(
        db, cohort_id=cohort_id, quiet=list(CLOSED_WITHOUT_WAKING), signaled_before=signaled_before
    )
    return tuple([MentorshipRow(**row) async for row in rows])


async def stored_mentorship(
    db: Db, mentorship: str, signaled_before: datetime, *, received_before: datetime
) -> StoredMentorship:
    """Return the rows of one mentorship, with the responses that its workflow should know.

    Those were signaled before a moment of the wall clock, or received before a moment of the program's clock and never
    signaled. Raises UnknownMentorship.
    """
    row = await queries.mentorship(db, id=mentorship)
    if row is None:
        raise UnknownMentorship(mentorship)
    return StoredMentorship(
        **{name: row[name] for name in ("id", "phase", "outcome", "concerns", "ends_on")},
        started=row["started_at"] is not None,
        milestones=await _milestones(db, mentorship),
        responses=await _responses(db, mentorship, signaled_before, received_before),
        revisions={row["id"]: row["revision"] async for row in queries.newest_answers(db, mentorship_id=mentorship)},
        decisions=await audit.confirmed_decisions(db, mentorship),
        emails=await _known_emails(db, mentorship),
    )


async def newest_answers(db: Db, mentorship: str) -> tuple[Answer, ...]:
    """Return what was answered to a mentorship, as its workflow is signaled it: the newest revision of each."""
    rows = queries.newest_answers(db, mentorship_id=mentorship)
    return tuple([stored_as(Answer, row["signal_payload"]) async for row in rows])


async def stored_cohort(db: Db, cohort_id: str) -> StoredCohort:
    """Return what PostgreSQL has of a cohort's match runs and start."""
    row = await queries.stored_cohort(db, cohort_id=cohort_id)
    return StoredCohort(**row)


async def _known_emails(db: Db, mentorship: str) -> frozenset[str] | None:
    row = await queries.known_emails(db, mentorship_id=mentorship)
    return None if row["archived"] else frozenset(row["keys"])


async def _milestones(db: Db, mentorship: str) -> tuple[MilestoneRow, ...]:
    columns = MilestoneRow.model_fields.keys() - {"closed", "dropped"}
    return tuple(
        [
            MilestoneRow(
                **{name: row[name] for name in columns},
                closed=row["closed_at"] is not None,
                dropped=row["dropped_at"] is not None,
            )
            async for row in queries.milestones(db, mentorship_id=mentorship)
        ]
    )


async def _responses(
    db: Db, mentorship: str, signaled_before: datetime, received_before: datetime
) -> tuple[SavedResponse, ...]:
    rows = queries.newest_responses(
        db, mentorship_id=mentorship, signaled_before=signaled_before, received_before=received_before
    )
    return tuple(
        [
            SavedResponse(
                id=row["id"],
                mentorship_id=mentorship,
                answer=stored_as(Answer, row["signal_payload"]),
                changed=True,
            )
            async for row in rows
        ]
    )
