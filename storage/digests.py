"""What staff are told of a cohort once a week: concerns and agreements that wait, read from what workflows recorded."""

from datetime import datetime

from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import AgreementWaiting, Concern, Digest
from storage.database import Db, queries


async def weekly_digest(db: Db, settings: CohortSettings, at: datetime) -> Digest:
    """Return all that staff should know of a cohort at a moment, whatever happened since, without anyone's words.

    Days are local; lists are in order of mentorships.
    """
    parameters = {"cohort_id": settings.id, "zone": settings.time_zone, "at": at}
    concerns = [Concern(**dict(row)) async for row in queries.concerns_of_cohort(db, **parameters)]
    waiting = [AgreementWaiting(**dict(row)) async for row in queries.agreements_waiting(db, **parameters)]
    return Digest(concerns=tuple(concerns), agreements=tuple(waiting))
