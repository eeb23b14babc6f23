"""The status of applications, as staff read and change it; the applicant gets an email."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import asyncpg

from domain.applications.applying import read_application, readable_answer
from domain.applications.emails import applicant_email_request
from domain.applications.review import missing_intake_answers
from schemas.applications.imports import ApplicationRow, StoredApplication
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, EmailKind, Side
from schemas.errors import Refusal
from schemas.ids import applicant_scope
from storage.cohorts import cohort_settings
from storage.database import Db, queries, stored_as, transaction
from storage.outbox import count_emails, enqueue

Step = Callable[[StoredApplication, CohortSettings], StoredApplication]


async def change_status(
    db: Db, cohort_id: str, person_id: str, step: Step, *, now: datetime, dry_run: bool = False
) -> tuple[ApplicationStatus, ApplicationStatus]:
    """Apply ``step`` to an application, request an email about a new status, and return the status before and after.

    Raises UnknownCohort, and Refusal where there is no such application, where the step refuses, or where somebody who
    would be withdrawn, or would wait, is in a published pair.
    """
    async with transaction(db) as connection:
        await queries.lock_applicant(connection, scope_id=applicant_scope(cohort_id, person_id))
        # The applicant first, then the cohort, as everywhere: two transactions never wait for each other in a circle.
        # An import is wholly before this step or wholly after it.
        await queries.lock_settings(connection, cohort_id=cohort_id)
        settings = await cohort_settings(connection, cohort_id)
        before = await _locked_application(connection, cohort_id, person_id)
        after = step(before, settings)
        if after.status in {ApplicationStatus.WITHDRAWN, ApplicationStatus.WAITING}:
            await _check_not_paired(connection, cohort_id, person_id)
        if not dry_run:
            await _keep(connection, cohort_id, before, after, now)
        return before.status, after.status


async def lock_applicants(db: Db, cohort_id: str, people: Iterable[str]) -> None:
    """Lock several applicants in one order, so that two transactions never wait for each other in a circle."""
    for person_id in sorted(people):
        await queries.lock_applicant(db, scope_id=applicant_scope(cohort_id, person_id))


async def application_rows(db: Db, cohort_id: str) -> tuple[ApplicationRow, ...]:
    """Return a line for everybody who applied to a cohort or began to, mentors first."""
    return tuple([_line(row) async for row in queries.applications_and_drafts(db, cohort_id=cohort_id)])


async def unpaired(db: Db, cohort_id: str) -> tuple[StoredApplication, ...]:
    """Return the applications without a pair: the waiting list, and once pairs are published whoever is in none."""
    return tuple([stored(row) async for row in queries.unpaired_applications(db, cohort_id=cohort_id)])


async def enqueue_email(
    db: Db,
    cohort_id: str,
    person_id: str,
    side: Side,
    *,
    kind: EmailKind,
    now: datetime,
    delay: timedelta = timedelta(0),
) -> None:
    """Request an email about somebody's place in a cohort, after a delay (real time); each call requests another."""
    before = await count_emails(db, applicant_scope(cohort_id, person_id), kind)
    order = applicant_email_request(
        cohort_id, person_id, side, kind, "application", at=now, now=now, occurrence=before, automatic=False
    )
    await enqueue(db, order, delay=delay)


def stored(row: asyncpg.Record) -> StoredApplication:
    """Return an application from its row."""
    schema = MentorApplication if row["side"] == Side.MENTOR else MenteeApplication
    person = stored_as(schema, row["answers"])
    return StoredApplication(side=row["side"], status=row["status"], person=person)


async def _locked_application(db: Db, cohort_id: str, person_id: str) -> StoredApplication:
    row = await queries.application_for_update(db, cohort_id=cohort_id, person_id=person_id)
    if row is None:
        raise Refusal(f"{person_id} has not submitted an application to {cohort_id}. Look at the list of applications.")
    return stored(row)


async def _check_not_paired(db: Db, cohort_id: str, person_id: str) -> None:
    if await queries.is_paired(db, cohort_id=cohort_id, person_id=person_id):
        raise Refusal(
            f"{person_id} is in a published pair of {cohort_id}. Once their mentorship has started, end it, or replace "
            "the mentor."
        )


async def _keep(db: Db, cohort_id: str, before: StoredApplication, after: StoredApplication, now: datetime) -> None:
    person = after.person
    answers = person.model_dump_json()
    await queries.set_application_status(
        db, cohort_id=cohort_id, person_id=person.id, status=after.status, answers=answers
    )
    if after.status is not before.status:
        await enqueue_email(db, cohort_id, person.id, after.side, kind=EmailKind.STATUS_CHANGED, now=now)


def _line(row: asyncpg.Record) -> ApplicationRow:
    return _submitted(row, stored(row)) if row["answers"] else _begun(row)


def _submitted(row: asyncpg.Record, application: StoredApplication) -> ApplicationRow:
    person, gaps = application.person, missing_intake_answers(application.person)
    return ApplicationRow(
        id=person.id,
        side=application.side,
        status=application.status,
        complete=not gaps,
        missing=len(gaps),
        began_at=row["began_at"],
        submitted_at=row["submitted_at"],
        rules_waived=isinstance(person, MentorApplication) and person.rules_waived,
        waited=isinstance(person, MenteeApplication) and person.waited,
        name=person.name,
        library=person.library,
    )


def _begun(row: asyncpg.Record) -> ApplicationRow:
    side, typed = Side(row["side"]), json.loads(row["draft"])
    filled = read_application(side, typed, person_id=row["person_id"], email=row["email"])
    return ApplicationRow(
        id=row["person_id"],
        side=side,
        complete=not filled.problems,
        missing=len(filled.problems),
        began_at=row["began_at"],
        name=readable_answer(side, typed, "name"),
        library=readable_answer(side, typed, "library"),
    )
