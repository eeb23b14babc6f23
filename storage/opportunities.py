"""Opportunities of a cohort: staff add them, emails show those still open (A16, A40)."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from pydantic import TypeAdapter

from schemas.cohort.opportunities import ListedOpportunity, NewOpportunity, Opportunity
from schemas.enums import OpportunityKind
from schemas.errors import Refusal
from storage.database import Db, queries

_OPPORTUNITIES = TypeAdapter(tuple[Opportunity, ...])


async def add_opportunity(db: Db, cohort_id: str, new_opportunity: NewOpportunity, now: datetime) -> int:
    """Store an opportunity of a cohort that exists, and return the number it is removed by."""
    return int(await queries.add_opportunity(db, cohort_id=cohort_id, now=now, **new_opportunity.model_dump()))


async def opportunities(db: Db, cohort_id: str) -> tuple[Opportunity, ...]:
    """Return all of a cohort's opportunities, the one that ends first in front."""
    return await open_opportunities(db, cohort_id, date.min)


async def listed_opportunities(db: Db, cohort_id: str) -> tuple[ListedOpportunity, ...]:
    """Return all of a cohort's opportunities with how many took each up, the one that ends first in front."""
    rows = queries.listed_opportunities(db, cohort_id=cohort_id)
    return tuple([ListedOpportunity(**dict(row)) async for row in rows])


async def wanted_kinds(db: Db, cohort_id: str, person_id: str) -> frozenset[OpportunityKind] | None:
    """Return which kinds somebody wants emails to list, or None where they have not chosen and get all."""
    kinds = await queries.wanted_kinds(db, cohort_id=cohort_id, person_id=person_id)
    return None if kinds is None else frozenset(map(OpportunityKind, kinds))


async def save_wanted_kinds(
    db: Db, cohort_id: str, person_id: str, kinds: Iterable[OpportunityKind], now: datetime
) -> None:
    """Store which kinds somebody wants emails to list; the last choice counts."""
    await queries.save_wanted_kinds(db, cohort_id=cohort_id, person_id=person_id, kinds=sorted(kinds), now=now)


async def taken_up(db: Db, cohort_id: str, person_id: str) -> frozenset[int]:
    """Return the numbers of the opportunities that somebody took up."""
    rows = queries.taken_opportunities(db, cohort_id=cohort_id, person_id=person_id)
    return frozenset([row["opportunity_id"] async for row in rows])


async def take_up(db: Db, cohort_id: str, person_id: str, number: int, now: datetime) -> bool:
    """Note that somebody took an opportunity up; return whether that is new and there is such an opportunity."""
    values = {"cohort_id": cohort_id, "person_id": person_id, "id": number}
    return bool(await queries.take_opportunity(db, **values, now=now))


async def give_back(db: Db, cohort_id: str, person_id: str, number: int) -> bool:
    """Take back that somebody took an opportunity up; return whether that changes anything.

    Another cohort may have a person of the same id.
    """
    return bool(await queries.give_back_opportunity(db, cohort_id=cohort_id, id=number, person_id=person_id))


async def open_opportunities(db: Db, cohort_id: str, on: date) -> tuple[Opportunity, ...]:
    """Return a cohort's opportunities that are open on a day, the one that ends first in front."""
    rows = queries.open_opportunities(db, cohort_id=cohort_id, on=on)
    return tuple([Opportunity(**{name: row[name] for name in Opportunity.model_fields}) async for row in rows])


@lru_cache(maxsize=64)
def read_opportunities(stored: str) -> tuple[Opportunity, ...]:
    """Return opportunities that a query of something else has as JSON; thousands of emails read the same ones."""
    return _OPPORTUNITIES.validate_json(stored)


async def opportunity(db: Db, cohort_id: str, number: int) -> Opportunity:
    """Return one of a cohort's opportunities, or refuse where it has none of this number."""
    for candidate in await opportunities(db, cohort_id):
        if candidate.id == number:
            return candidate
    raise Refusal(f"Cohort {cohort_id} has no opportunity {number}. Look at its list.")


async def remove_opportunity(db: Db, cohort_id: str, number: int) -> None:
    """Remove an opportunity, so that no later email shows it; a second run does nothing."""
    await queries.remove_opportunity(db, cohort_id=cohort_id, id=number)
