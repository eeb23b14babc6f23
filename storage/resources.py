"""Links of a cohort that staff recommend: people's own pages show them beside goals of their area."""

from datetime import datetime

from schemas.cohort.resources import NewResource, Resource
from schemas.errors import Refusal
from storage.database import Db, queries


async def add_resource(db: Db, cohort_id: str, new: NewResource, now: datetime) -> int:
    """Store a link of a cohort that exists, and return the number it is removed by."""
    return int(await queries.add_resource(db, cohort_id=cohort_id, now=now, **new.model_dump()))


async def resources(db: Db, cohort_id: str) -> tuple[Resource, ...]:
    """Return all links of a cohort, by area and title."""
    return tuple([Resource(**dict(row)) async for row in queries.resources_of(db, cohort_id=cohort_id)])


async def resource(db: Db, cohort_id: str, number: int) -> Resource:
    """Return one link of a cohort, or refuse where it has none of this number."""
    found = next((each for each in await resources(db, cohort_id) if each.id == number), None)
    if found is None:
        raise Refusal(f"Cohort {cohort_id} has no link {number}. Look at its list.")
    return found


async def remove_resource(db: Db, cohort_id: str, number: int) -> None:
    """Remove a link; a second run does nothing."""
    await queries.remove_resource(db, cohort_id=cohort_id, id=number)
