"""Applications that staff bring in from files: held against what is kept, and saved all at once or not at all."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from domain.applying import as_typed
from domain.calendar import local_day
from domain.intake.comparison import Comparison, Known, compare
from domain.intake.sheets import Sheet
from schemas.cohort import CohortSettings
from schemas.errors import BadInput, Refusal
from schemas.importing import Applied, ChangedPerson, Imported, RefusedRow, StoredApplication, WriteAgain
from schemas.people import ParticipantApplication
from schemas.words import EmailKind, Side
from storage import cohorts, personal_links
from storage.database import Db, queries
from storage.standings import stored, write_to


async def stored_applications(db: Db, cohort_id: str) -> tuple[StoredApplication, ...]:
    """Return every application of a cohort as it stands, by id."""
    return tuple([stored(row) async for row in queries.stored_applications(db, cohort_id=cohort_id)])


async def import_people(
    pool: asyncpg.Pool,
    cohort_id: str,
    sheets: Mapping[Side, Sheet[Any]],
    *,
    now: datetime,
    skip_bad_rows: bool = False,
    dry_run: bool = False,
) -> tuple[Imported, Comparison]:
    """Save what files say of a cohort's people, and return what that came to; a second run changes nothing.

    Nobody applies, and nobody begins to, while it lasts. People and columns that no file names stay as they are.
    Whoever reads the mailbox that somebody left finds no link there that works.

    Raises:
        UnknownCohort: there is no such cohort.
        BadInput: a file is torn, or rows cannot be used and shall not be skipped; nothing is saved.
    """
    async with pool.acquire() as connection, connection.transaction():
        await queries.lock_beginning(connection, cohort_id=cohort_id)
        await queries.lock_cohort(connection, id=cohort_id)
        settings = await cohorts.cohort_settings(connection, cohort_id)
        found = compare(sheets, await _known(connection, cohort_id, sheets))
        imported = _told(cohort_id, found)
        if torn := [problem for sheet in sheets.values() for problem in sheet.problems]:
            raise BadInput(torn + found.problems)
        if dry_run or (found.problems and not skip_bad_rows):
            return imported, found
        left = await _save(connection, settings, found, now)
        return imported.model_copy(update={"saved": True} | left), found


async def _known(db: Db, cohort_id: str, sheets: Mapping[Side, Sheet[Any]]) -> Known:
    people = [line.person for sheet in sheets.values() for line in sheet.lines if line.person]
    addresses = [person.email.lower() for person in people if isinstance(person, ParticipantApplication)]
    waited = queries.addresses_left_waiting(db, cohort_id=cohort_id, addresses=addresses)
    begun = queries.begun_applications(db, cohort_id=cohort_id)
    return Known(
        applications={one.person.id: one for one in await stored_applications(db, cohort_id)},
        begun={row["person_id"]: row["email"] async for row in begun},
        waited=frozenset([row["address"] async for row in waited]),
    )


async def _save(db: Db, settings: CohortSettings, found: Comparison, now: datetime) -> dict[str, object]:
    """Save what is new and what changed; return whose links were revoked and who is to be written to again."""
    cohort_id = settings.id
    moved = {change.id: one.side for one, change in found.changed if "email" in change.columns}
    told = await _left_behind(db, settings, moved, now)
    await queries.park_addresses(db, cohort_id=cohort_id, person_ids=list(moved))
    try:
        await queries.change_application(db, [_row(cohort_id, one) for one, _ in found.changed])
        await queries.add_application(db, [_row(cohort_id, one) | {"side": one.side} for one in found.added])
        await queries.retype(db, [_typed(cohort_id, one.person, change) for one, change in _all_said(found)])
    except asyncpg.UniqueViolationError:
        raise Refusal(f"Two people would have one address in {cohort_id}; give each an address of their own.") from None
    return told


async def _left_behind(db: Db, settings: CohortSettings, moved: Mapping[str, Side], now: datetime) -> dict[str, object]:
    """Let the links of people who left a mailbox lead nowhere; those with a page of their own are sent a new one."""
    of = {"cohort_id": settings.id, "person_ids": list(moved)}
    own_pages = [row["person_id"] async for row in queries.have_personal_links(db, **of)]
    told: dict[str, object] = {
        "links_revoked": tuple([row["person_id"] async for row in queries.have_links(db, **of)]),
        "write_again": tuple([WriteAgain(**dict(row)) async for row in queries.running_mentorships_of(db, **of)]),
    }
    for person_id in moved:
        await queries.revoke_links(db, cohort_id=settings.id, person_id=person_id)
        await personal_links.revoke(db, settings.id, person_id, now)
    for person_id in own_pages if local_day(now, settings.time_zone) < settings.kickoff else ():
        side = moved[person_id]
        await write_to(db, settings.id, person_id, side, kind=EmailKind.APPLICATION_LINK, now=now)
    return told


def _all_said(found: Comparison) -> list[tuple[StoredApplication, ChangedPerson]]:
    """Return everybody whose application changes, with all there is of those who are new."""
    new = [(one, ChangedPerson(id=one.person.id, columns=tuple(as_typed(one.person)))) for one in found.added]
    return [*new, *found.changed]


def _row(cohort_id: str, one: StoredApplication) -> dict[str, object]:
    person = one.person
    return {
        "cohort_id": cohort_id,
        "person_id": person.id,
        "email": person.email,
        "answers": person.model_dump_json(),
    }


def _typed(cohort_id: str, person: Applied, change: ChangedPerson) -> dict[str, object]:
    typed = {name: words for name, words in as_typed(person).items() if name in change.columns}
    return {
        "cohort_id": cohort_id,
        "person_id": person.id,
        "email": person.email,
        "columns": list(change.columns),
        "typed": json.dumps(typed),
    }


def _told(cohort_id: str, found: Comparison) -> Imported:
    return Imported(
        cohort=cohort_id,
        added=tuple(one.person.id for one in found.added),
        changed=tuple(change for _, change in found.changed),
        unchanged=found.unchanged,
        absent=found.absent,
        waited=found.waited,
        refused=tuple(map(RefusedRow.of, found.problems)),
    )
