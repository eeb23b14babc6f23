"""Roles of a cohort with their first and last days, and who has them on a day (A41)."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from pydantic import TypeAdapter

from domain.calendar import local_day
from domain.cohort.roles import contacts_on, settings_with_contact
from schemas.cohort.roles import NewRoleHolder, RoleHolder
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from storage import cohorts
from storage.database import Db, queries, transaction

_HOLDERS = TypeAdapter(tuple[RoleHolder, ...])


async def settings_on(db: Db, cohort_id: str, day: date) -> CohortSettings:
    """Return a cohort's settings as they are on a local day: the contact is whoever answers then.

    Raises UnknownCohort.
    """
    settings = await cohorts.cohort_settings(db, cohort_id)
    return settings_with_contact(settings, await role_holders(db, cohort_id), day)


async def settings_at(db: Db, settings: CohortSettings, moment: datetime) -> CohortSettings:
    """Return settings that were read already as they are at a moment (aware): the contact is whoever answers then."""
    return settings_with_contact(settings, await role_holders(db, settings.id), local_day(moment, settings.time_zone))


async def role_holders(db: Db, cohort_id: str) -> tuple[RoleHolder, ...]:
    """Return everybody who holds, held or will hold a role of a cohort, in order of their first days."""
    return tuple([RoleHolder(**dict(row)) async for row in queries.role_holders(db, cohort_id=cohort_id)])


@lru_cache(maxsize=64)
def read_holders(stored: str) -> tuple[RoleHolder, ...]:
    """Return role holders that a query of something else has as JSON; thousands of pages read the same ones."""
    return _HOLDERS.validate_json(stored)


async def add_holder(db: Db, cohort_id: str, new_holder: NewRoleHolder) -> int | None:
    """Store a role holder and return the number it is ended by, or None where the same is stored already."""
    number = await queries.add_role_holder(db, cohort_id=cohort_id, **new_holder.model_dump())
    return None if number is None else int(number)


async def copy_holders(db: Db, from_cohort: str, to_cohort: str, day: date) -> None:
    """Let whoever holds a role of one cohort on a day hold it in another one from that day on."""
    for each in await role_holders(db, from_cohort):
        if each.starts_on <= day and (each.ends_on is None or each.ends_on >= day):
            new = NewRoleHolder(role=each.role, email=each.email, access=each.access, starts_on=day)
            await add_holder(db, to_cohort, new)


async def find_holder(db: Db, cohort_id: str, number: int) -> RoleHolder | None:
    """Return the role holder with a number, or None where the cohort has none (any more)."""
    return next((one for one in await role_holders(db, cohort_id) if one.id == number), None)


async def holder(db: Db, cohort_id: str, number: int) -> RoleHolder:
    """Return the role holder with a number; raises Refusal where the cohort has none."""
    found = await find_holder(db, cohort_id, number)
    if found is None:
        raise Refusal(f"{cohort_id} has no role {number}. See the list of its roles.")
    return found


async def end_holder(db: Db, cohort_id: str, number: int, last_on: date) -> None:
    """End a role on a day; one that would begin after it is removed.

    A second run changes nothing.
    """
    async with transaction(db) as connection:
        await queries.end_role_holder(connection, cohort_id=cohort_id, id=number, last_on=last_on)
        await queries.remove_role_holder(connection, cohort_id=cohort_id, id=number, last_on=last_on)


async def end_contact_roles(db: Db, cohort_id: str, day: date) -> tuple[int, ...]:
    """Let the contact of a cohort's settings answer from a day on; return the numbers of the roles that ended for it.

    Roles that begin later are not changed. A second run ends none.
    """
    ending = contacts_on(await role_holders(db, cohort_id), day)
    for role in ending:
        await end_holder(db, cohort_id, role.id, day - timedelta(days=1))
    return tuple(role.id for role in ending)
