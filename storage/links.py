"""Revoking links of emails, of whatever kind."""

from schemas.base import FrozenModel
from storage.database import Connection, queries


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
    rows = queries.revoke_links_of(db, cohort_id=cohort_id, person_id=person_id, key_id=key_id)
    return tuple([RevokedLinks(**row) async for row in rows])
