"""The calendars that participants let the program read: a sealed address, and when it says that they are busy."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from schemas.availability.busy_times import BusyTime, CalendarSubscription
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import Language
from storage.database import Db, queries, stored_as, transaction


class CalendarToRead(FrozenModel):
    """Whose calendar it is, its address as it is stored, the time zone of their class, and the owner's language."""

    cohort_id: str
    person_id: str
    sealed_address: bytes
    time_zone: str
    language: Language


async def save(db: Db, cohort: str, person: str, sealed_address: bytes, now: datetime) -> None:
    """Keep the address of somebody's calendar in place of the one before, and forget what was read in that."""
    async with transaction(db) as connection:
        await queries.save_calendar_subscription(
            connection, cohort_id=cohort, person_id=person, sealed_address=sealed_address, now=now
        )
        await queries.delete_busy_times(connection, cohort_id=cohort, person_id=person)


async def delete(db: Db, cohort: str, person: str) -> bool:
    """Forget somebody's calendar and all that was read in it; tell whether there was one."""
    return bool(await queries.delete_calendar_subscription(db, cohort_id=cohort, person_id=person))


async def subscription(db: Db, cohort: str, person: str) -> CalendarSubscription | None:
    """Return what is known of somebody's calendar, without its address."""
    row = await queries.calendar_subscription(db, cohort_id=cohort, person_id=person)
    return CalendarSubscription(**row) if row else None


async def forget_ended(db: Db) -> None:
    """Forget the calendars of people whose mentorships have all ended."""
    await queries.forget_calendars_of_ended(db)


async def to_read(db: Db, before: datetime, count: int) -> tuple[CalendarToRead, ...]:
    """Return up to ``count`` calendars that nobody has tried to read since a moment, the longest untried first."""
    rows = queries.calendars_to_read(db, before=before, count=count)
    return tuple([_to_read(row) async for row in rows])


def _to_read(row: asyncpg.Record) -> CalendarToRead:
    cohort = stored_as(CohortSettings, row["settings"])
    return CalendarToRead(
        cohort_id=cohort.id,
        person_id=row["person_id"],
        sealed_address=row["sealed_address"],
        time_zone=cohort.time_zone,
        language=cohort.language_for(row["language"]),
    )


async def save_problem(db: Db, calendar: CalendarToRead, problem: str, now: datetime) -> None:
    """Keep why a calendar could not be read; what was read in it before stays."""
    await _save_reading(db, calendar, problem, now)


async def save_times(db: Db, calendar: CalendarToRead, times: Sequence[BusyTime], now: datetime) -> None:
    """Keep when somebody is busy in place of what was known before, unless they gave another address meanwhile."""
    whose = {"cohort_id": calendar.cohort_id, "person_id": calendar.person_id}
    starts, ends = [each.starts_at for each in times], [each.ends_at for each in times]
    async with transaction(db) as connection:
        if await _save_reading(connection, calendar, None, now):
            await queries.delete_busy_times(connection, **whose)
            await queries.save_busy_times(connection, **whose, starts_at=starts, ends_at=ends)


async def _save_reading(db: Db, calendar: CalendarToRead, problem: str | None, now: datetime) -> bool:
    stored = calendar.model_dump(include={"cohort_id", "person_id", "sealed_address"})
    return bool(await queries.save_calendar_reading(db, **stored, problem=problem, now=now))


async def busy_times(db: Db, cohort: str, person: str, first: datetime, last: datetime) -> tuple[BusyTime, ...]:
    """Return when somebody is busy between two moments, in order; nothing where they gave no calendar."""
    rows = queries.busy_times(db, cohort_id=cohort, person_id=person, first=first, last=last)
    return tuple([BusyTime(**row) async for row in rows])
