"""The names of a class, for pages that speak of many people at once."""

from schemas.base import FrozenModel
from schemas.enums import Side
from storage.database import Db, queries


class PersonName(FrozenModel):
    """Somebody of a cohort: their id, side and name."""

    person_id: str
    side: Side
    name: str


async def names_of_people(db: Db, cohort_id: str) -> tuple[PersonName, ...]:
    """Return everybody who applied to a cohort, in order of their names."""
    return tuple([PersonName(**row) async for row in queries.names_of_people(db, cohort_id=cohort_id)])
