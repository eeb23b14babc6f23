"""Revoking links of emails, of whatever kind."""

from schemas.base import FrozenModel
from storage.database import Connection, Db, queries


class RevokedLinks(FrozenModel):
    """How many links of a kind and a cohort were revoked, and whose (ids of people)."""

    kind: str
    cohort_id: str
    links: int
    people: tuple[str, ...]


async def revoke(
    db: Connection, *, cohort_id: str | None = None, person_id: str | None = None, key_id: str | None = None
) -> tuple[RevokedLinks, ...]:
    """Revoke the links of a cohort, of one of its people, or of a key; of everybody where nothing is named."""
    # By a statement of its own: the next one sees what was stored while this one waited.
    await queries.lock_personal_links(db, cohort_id=cohort_id, person_id=person_id)
    rows = queries.revoke_links_of(db, cohort_id=cohort_id, person_id=person_id, key_id=key_id)
    return tuple([RevokedLinks(**row) async for row in rows])


async def count_by_key(db: Db) -> dict[str | None, int]:
    """Return how many links that were sent each key still opens, by the key's id."""
    return {row["key_id"]: row["links"] async for row in queries.links_by_key(db)}
