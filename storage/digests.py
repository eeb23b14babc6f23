"""The weekly digest of a cohort: concerns as workflows recorded them, what was told of them, and what is put off."""

from datetime import date, datetime

from domain.mentorship.digest import AGREEMENT_WAITS_AT_LEAST, make_digest
from schemas.cohort.settings import CohortSettings
from schemas.emails.digests import Concern, Digest, PutOff, ToldConcern
from schemas.enums import StaffReason
from storage.database import Db, queries, transaction


async def weekly_digest(db: Db, settings: CohortSettings, at: datetime) -> Digest:
    """Return what a digest of a moment tells, whatever happened since, without any participant's words.

    A digest that is sent again later therefore says the same (decision 7): what was told at that moment or later does
    not count. Days are local.
    """
    told = [ToldConcern(**dict(row)) async for row in queries.told_concerns(db, cohort_id=settings.id, at=at)]
    put_off = [PutOff(**dict(row)) async for row in queries.put_off_of_cohort(db, cohort_id=settings.id, at=at)]
    return make_digest(await concerns(db, settings, at), told, put_off, settings, at)


async def concerns(db: Db, settings: CohortSettings, at: datetime) -> tuple[Concern, ...]:
    """Return every concern there was at a moment, in order of mentorships.

    An agreement that waits for one side is one too, unless the same pair has not come to any agreement in time.
    """
    parameters = {"cohort_id": settings.id, "zone": settings.time_zone, "at": at}
    raised = [Concern(**dict(row)) async for row in queries.concerns_of_cohort(db, **parameters)]
    waiting = {
        row["mentorship_id"]: Concern(**dict(row), reason=StaffReason.AGREEMENT_WAITING)
        async for row in queries.agreements_waiting(db, **parameters)
    }
    late = {each.mentorship_id for each in raised if each.reason is StaffReason.NO_AGREEMENT}
    return (
        *(_with_side(each, waiting) for each in raised),
        *(
            each
            for each in waiting.values()
            if each.mentorship_id not in late and each.raised_at <= at - AGREEMENT_WAITS_AT_LEAST
        ),
    )


async def save_told(db: Db, digest: Digest) -> None:
    """Store what a digest tells, so that the next one tells only what is different; a second run changes nothing."""
    async with transaction(db) as connection:
        for told in digest.told:
            await queries.save_told_concern(connection, **told.model_dump())


async def last_put_off(db: Db, settings: CohortSettings, mentorship_id: str, at: datetime) -> PutOff | None:
    """Return until when staff put off what there is about a mentorship, or None where they never did."""
    return (await put_offs(db, settings, at)).get(mentorship_id)


async def put_offs(db: Db, settings: CohortSettings, at: datetime) -> dict[str, PutOff]:
    """Return until when staff put off what there is, by mentorship."""
    found = [PutOff(**dict(row)) async for row in queries.put_off_of_cohort(db, cohort_id=settings.id, at=at)]
    return {one.mentorship_id: one for one in found}


async def put_off(db: Db, mentorship_id: str, look_again_on: date, note: str, at: datetime) -> None:
    """Put off until a day what there is about a mentorship; the last word counts."""
    await queries.save_put_off(db, mentorship_id=mentorship_id, put_off_at=at, look_again_on=look_again_on, note=note)


def _with_side(concern: Concern, waiting: dict[str, Concern]) -> Concern:
    if concern.reason is not StaffReason.NO_AGREEMENT or concern.mentorship_id not in waiting:
        return concern
    return concern.model_copy(update={"waits_for": waiting[concern.mentorship_id].waits_for})
