"""What somebody who lost their links is written about: the places that their address has."""

from domain.applications.mailboxes import mailbox, mailbox_hash
from schemas.base import FrozenModel
from schemas.enums import Side
from storage.database import Db, queries


class Place(FrozenModel):
    """The newest mentorship of a participant in a cohort, or their application where it has none of theirs."""

    cohort_id: str
    person_id: str
    side: Side
    mentorship_id: str | None = None


async def places(db: Db, address: str) -> tuple[Place, ...]:
    """Return where somebody with an address takes part, without the cohorts that may not email it on request."""
    rows = queries.places_of_address(db, email=address, mailbox_hash=mailbox_hash(mailbox(address)))
    return tuple([Place(**row) async for row in rows])


async def any_cohort(db: Db) -> str | None:
    """Return the id of some cohort, or None where there is none."""
    cohort_id: str | None = await queries.any_cohort(db)
    return cohort_id
