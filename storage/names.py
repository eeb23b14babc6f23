"""Whom the ids of a cohort's people stand for."""

from schemas.base import FrozenModel
from schemas.enums import Side
from storage.database import Db, queries


class NamedPerson(FrozenModel):
    """Whom an id stands for; ``applied`` is false for who only began to, and is called by their id without a name."""

    id: str
    side: Side
    name: str
    town: str | None
    applied: bool


async def people_named(db: Db, cohort_id: str) -> tuple[NamedPerson, ...]:
    """Return everybody who applied to a cohort or began to, in order of their names."""
    return tuple([NamedPerson(**row) async for row in queries.people_named(db, cohort_id=cohort_id)])


async def person_names(db: Db, cohort_id: str) -> dict[str, str]:
    """Return what everybody is called who applied to a cohort or began to, by id."""
    return {person.id: person.name for person in await people_named(db, cohort_id)}
