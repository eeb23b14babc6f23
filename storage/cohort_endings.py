"""Cohorts that are archived, and cohorts that are deleted before anybody was written to."""

from datetime import datetime

from schemas.base import FrozenModel
from storage.database import Db, queries


class CohortContents(FrozenModel):
    """How much is stored of a cohort."""

    applications: int
    drafts: int
    match_runs: int
    mentorships: int
    waiting_emails: int


async def contents(db: Db, cohort_id: str) -> CohortContents:
    """Return how much is stored of a cohort."""
    return CohortContents(**await queries.count_contents(db, cohort_id=cohort_id))


async def people_emailed(db: Db, cohort_id: str) -> int:
    """Return how many people of a cohort an email has left for, or may have; staff do not count."""
    return int(await queries.count_people_emailed(db, cohort_id=cohort_id))


async def running_mentorships(db: Db, cohort_id: str) -> int:
    """Return how many mentorships of a cohort have no outcome."""
    return int(await queries.count_running_mentorships(db, cohort_id=cohort_id))


async def archive(db: Db, cohort_id: str, now: datetime) -> int:
    """Archive a cohort and drop its emails that have not left; return how many. A second run changes nothing."""
    await queries.archive_cohort(db, id=cohort_id, now=now)
    return int(await queries.drop_waiting_emails(db, cohort_id=cohort_id))


async def lock_emails(db: Db, cohort_id: str) -> None:
    """Let no sender take an email of a cohort until the transaction is over."""
    await queries.lock_emails(db, cohort_id=cohort_id)


async def delete(db: Db, cohort_id: str) -> None:
    """Delete everything of a cohort but its audit log; it has no mentorship, and nobody was written to."""
    await queries.delete_cohort(db, cohort_id=cohort_id)
