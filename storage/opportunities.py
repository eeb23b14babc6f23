"""Opportunities of a cohort: staff add them, emails show those still open (A16, A40)."""

from datetime import date, datetime

from schemas.cohort.opportunities import NewOpportunity, Opportunity
from schemas.errors import Refusal
from storage.database import Db, queries


async def add_opportunity(db: Db, cohort_id: str, new_opportunity: NewOpportunity, now: datetime) -> int:
    """Store an opportunity of a cohort that exists, and return the number it is removed by."""
    return int(await queries.add_opportunity(db, cohort_id=cohort_id, now=now, **new_opportunity.model_dump()))


async def opportunities(db: Db, cohort_id: str) -> tuple[Opportunity, ...]:
    """Return all of a cohort's opportunities, the one that ends first in front."""
    return await open_opportunities(db, cohort_id, date.min)


async def open_opportunities(db: Db, cohort_id: str, on: date) -> tuple[Opportunity, ...]:
    """Return a cohort's opportunities that are open on a day, the one that ends first in front."""
    rows = queries.open_opportunities(db, cohort_id=cohort_id, on=on)
    return tuple([Opportunity(**{name: row[name] for name in Opportunity.model_fields}) async for row in rows])


async def opportunity(db: Db, cohort_id: str, number: int) -> Opportunity:
    """Return one of a cohort's opportunities, or refuse where it has none of this number."""
    for candidate in await opportunities(db, cohort_id):
        if candidate.id == number:
            return candidate
    raise Refusal(
        f"Cohort {cohort_id} has no opportunity {number}. See them with: mile cohort opportunity list {cohort_id}"
    )


async def remove_opportunity(db: Db, cohort_id: str, number: int) -> None:
    """Remove an opportunity, so that no later email shows it; a second run does nothing."""
    await queries.remove_opportunity(db, cohort_id=cohort_id, id=number)
