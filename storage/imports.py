"""Applications that staff import from files: compared with the stored ones, and saved all at once or not at all."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg

from domain.applications.applying import typed_answers
from domain.applications.csv.parsed_file import ParsedFile
from domain.applications.import_comparison import ImportBaseline, ImportComparison, compare_import
from domain.calendar import local_day
from schemas.applications.imports import (
    Applied,
    ChangedPerson,
    ImportResult,
    RefusedRow,
    ResendTarget,
    StoredApplication,
)
from schemas.applications.people import MenteeApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, Side
from schemas.errors import BadInput, Refusal
from storage import calendar_feeds, calendar_subscriptions, cohorts, personal_links
from storage.application_review import enqueue_email, stored
from storage.database import Db, queries, transaction


async def stored_applications(db: Db, cohort_id: str) -> tuple[StoredApplication, ...]:
    """Return every application of a cohort as it stands, by id."""
    return tuple([stored(row) async for row in queries.stored_applications(db, cohort_id=cohort_id)])


async def import_people(
    db: Db,
    cohort_id: str,
    sheets: Mapping[Side, ParsedFile[Any]],
    *,
    now: datetime,
    skip_bad_rows: bool = False,
    dry_run: bool = False,
) -> tuple[ImportResult, ImportComparison]:
    """Save what files say about a cohort's people, and return the result; a second run changes nothing.

    Nobody submits, begins to apply or changes their contact while it runs. People and columns that no file names stay
    as they are. Links that were sent to an address that changes stop working, and calendars that were set up by them
    end.

    Raises:
        UnknownCohort: there is no such cohort.
        BadInput: a file is torn, or rows cannot be used and shall not be skipped; nothing is saved.
    """
    async with transaction(db) as connection:
        await queries.lock_new_applicants(connection, cohort_id=cohort_id)
        await queries.lock_cohort(connection, id=cohort_id)
        settings = await cohorts.cohort_settings(connection, cohort_id)
        comparison = compare_import(sheets, await _baseline(connection, cohort_id, sheets))
        renewed = await _renewed_links(connection, settings, comparison, now)
        imported = _result(cohort_id, comparison).model_copy(
            update={"links_renewed": tuple(renewed), **await _left_behind(connection, cohort_id, comparison)}
        )
        # Only after the comparison, so that one error names the problems of all files.
        if torn := [problem for sheet in sheets.values() for problem in sheet.problems]:
            raise BadInput(torn + comparison.problems)
        if dry_run or (comparison.problems and not skip_bad_rows):
            return imported, comparison
        await _save(connection, cohort_id, comparison, renewed, now)
        return imported.model_copy(update={"saved": True}), comparison


async def _baseline(db: Db, cohort_id: str, sheets: Mapping[Side, ParsedFile[Any]]) -> ImportBaseline:
    people = [line.person for sheet in sheets.values() for line in sheet.lines if line.person]
    addresses = [person.email.lower() for person in people if isinstance(person, MenteeApplication)]
    waited = queries.addresses_waitlisted_before(db, cohort_id=cohort_id, addresses=addresses)
    begun = [row async for row in queries.drafts_without_application(db, cohort_id=cohort_id)]
    return ImportBaseline(
        applications={application.person.id: application for application in await stored_applications(db, cohort_id)},
        begun={row["person_id"]: row["email"] for row in begun},
        untouched=frozenset(row["person_id"] for row in begun if not row["continued"]),
        waited=frozenset([row["address"] async for row in waited]),
    )


async def _left_behind(db: Db, cohort_id: str, comparison: ImportComparison) -> dict[str, object]:
    """Return whose links are revoked because their address changes, and who needs their emails again."""
    of = {"cohort_id": cohort_id, "person_ids": list(comparison.moved)}
    return {
        "links_revoked": tuple([row["person_id"] async for row in queries.people_with_links(db, **of)]),
        "write_again": tuple([ResendTarget(**dict(row)) async for row in queries.running_mentorships_of(db, **of)]),
    }


async def _renewed_links(
    db: Db, settings: CohortSettings, comparison: ImportComparison, now: datetime
) -> dict[str, Side]:
    """Return who gets a new personal link because the old one is revoked, by id; after the kickoff nobody does."""
    if local_day(now, settings.time_zone) >= settings.kickoff_day:
        return {}
    rows = queries.people_with_personal_links(db, cohort_id=settings.id, person_ids=list(comparison.moved))
    renewed = {row["person_id"]: comparison.moved[row["person_id"]] async for row in rows}
    return renewed | {application.person.id: application.side for application in comparison.closed.values()}


async def _save(
    db: Db, cohort_id: str, comparison: ImportComparison, renewed: Mapping[str, Side], now: datetime
) -> None:
    """Save what is new and what changed, and request emails with new personal links."""
    for person_id in comparison.moved:
        await queries.revoke_links(db, cohort_id=cohort_id, person_id=person_id)
        await personal_links.revoke(db, cohort_id, person_id, now)
        # Whoever read the old mailbox may have set them up.
        await calendar_feeds.revoke(db, cohort_id, person_id, now)
        await calendar_subscriptions.delete(db, cohort_id, person_id)
    await _save_rows(db, cohort_id, comparison, now)
    for person_id, side in renewed.items():
        await enqueue_email(db, cohort_id, person_id, side, kind=EmailKind.APPLICATION_LINK, now=now)


async def _save_rows(db: Db, cohort_id: str, comparison: ImportComparison, now: datetime) -> None:
    # Two people may exchange their addresses, so both are freed before either is written.
    await queries.free_addresses(db, cohort_id=cohort_id, person_ids=list(comparison.moved))
    await queries.close_drafts(db, cohort_id=cohort_id, person_ids=list(comparison.closed), now=now)
    try:
        await queries.change_application(db, [_row(cohort_id, application) for application, _ in comparison.changed])
        await queries.add_application(
            db, [_row(cohort_id, application) | {"side": application.side} for application in comparison.added]
        )
        await queries.update_draft(
            db, [_typed(cohort_id, application.person, change) for application, change in _draft_changes(comparison)]
        )
    except asyncpg.UniqueViolationError:
        raise Refusal(f"Two people in {cohort_id} would have the same address. Give each their own.") from None


def _draft_changes(comparison: ImportComparison) -> list[tuple[StoredApplication, ChangedPerson]]:
    """Return everybody whose application changes, with all there is of those who are new."""
    added = [
        (application, ChangedPerson(id=application.person.id, columns=tuple(typed_answers(application.person))))
        for application in comparison.added
    ]
    return [*added, *comparison.changed]


def _row(cohort_id: str, application: StoredApplication) -> dict[str, object]:
    person = application.person
    return {
        "cohort_id": cohort_id,
        "person_id": person.id,
        "email": person.email,
        "answers": person.model_dump_json(),
    }


def _typed(cohort_id: str, person: Applied, change: ChangedPerson) -> dict[str, object]:
    typed = {name: words for name, words in typed_answers(person).items() if name in change.columns}
    return {
        "cohort_id": cohort_id,
        "person_id": person.id,
        "email": person.email,
        "columns": list(change.columns),
        "typed": json.dumps(typed),
    }


def _result(cohort_id: str, comparison: ImportComparison) -> ImportResult:
    return ImportResult(
        cohort=cohort_id,
        added=tuple(application.person.id for application in comparison.added),
        changed=tuple(change for _, change in comparison.changed),
        unchanged=comparison.unchanged,
        absent=comparison.absent,
        waited=comparison.waited,
        closed=tuple(comparison.closed),
        refused=tuple(map(RefusedRow.of, comparison.problems)),
    )
