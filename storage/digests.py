"""The weekly digest of a cohort: concerns, and agreements that wait, as workflows recorded them."""

from datetime import datetime

from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import AgreementWaiting, Concern, Digest
from storage.database import Db, queries


async def weekly_digest(db: Db, settings: CohortSettings, at: datetime) -> Digest:
    """Return what was true of a cohort at a moment, whatever happened since, without anyone's words.

    A digest that is sent again later therefore says the same (decision 7).

    Days are local; lists are in order of mentorships.
    """
    parameters = {"cohort_id": settings.id, "zone": settings.time_zone, "at": at}
    concerns = [Concern(**dict(row)) async for row in queries.concerns_of_cohort(db, **parameters)]
    waiting = [AgreementWaiting(**dict(row)) async for row in queries.agreements_waiting(db, **parameters)]
    return Digest(concerns=tuple(concerns), agreements=tuple(waiting))
