"""The kickoff: who is invited, who comes, who attended, and whose mentorship may start."""

import json
from collections.abc import Container, Iterable, Mapping
from datetime import datetime, timedelta

import asyncpg

from domain.kickoff.rsvp import calendar_sequence, rsvp_closes_at
from domain.languages import gettext
from schemas.applications.applicant import Rsvp
from schemas.applications.people import Person
from schemas.errors import Refusal
from schemas.ids import applicant_scope
from schemas.kickoff.guests import Guest, PublishedPair
from schemas.translatable import gettext_noop
from storage.cohorts import cohort_settings, is_archived
from storage.database import Db, queries, transaction

CALLED_OFF = gettext_noop("The class is called off, so we did not save this.")


async def guest(db: Db, cohort_id: str, person_id: str) -> Guest | None:
    """Return one person's place at the kickoff, or None where they have not applied."""
    rows = [row async for row in queries.guests(db, cohort_id=cohort_id, person_id=person_id)]
    return _guest(rows[0]) if rows else None


async def guests(db: Db, cohort_id: str) -> tuple[Guest, ...]:
    """Return everybody of a cohort with an application, invited or not: mentees first, by id."""
    return tuple([_guest(row) async for row in queries.guests(db, cohort_id=cohort_id, person_id=None)])


async def save_rsvp(db: Db, cohort_id: str, person_id: str, rsvp: Rsvp, now: datetime) -> bool:
    """Store an answer about the half-day session; the last one counts, the same again changes nothing.

    Return whether that changed anything. Raises Refusal from the kickoff's morning on, where nobody invited them, and
    where the cohort is archived: nothing would erase what they need.
    """
    async with transaction(db) as connection:
        if now >= rsvp_closes_at(await cohort_settings(connection, cohort_id)):
            raise Refusal(gettext("The kickoff has started, so we did not save this."))
        if await is_archived(connection, cohort_id):
            raise Refusal(gettext(CALLED_OFF))
        invited = await guest(connection, cohort_id, person_id)
        if invited is None or not invited.invited:
            raise Refusal(gettext("We did not save this, because you have no final match."))
        await queries.save_rsvp(connection, cohort_id=cohort_id, person_id=person_id, now=now, **rsvp.model_dump())
        return invited.rsvp != rsvp


async def erase_needs(db: Db, cohort_id: str) -> int:
    """Erase meals and access needs; return of how many people. A second run finds none."""
    return int(await queries.erase_needs(db, cohort_id=cohort_id))


async def sequence_of(db: Db, cohort_id: str, person_id: str, *, cancelled: bool = False) -> int:
    """Return the SEQUENCE of somebody's calendar file (RFC 5545): it rises whenever what the file says was changed.

    ``cancelled`` is the file of the email that calls everything off; a later file has a higher number.
    """
    changed_at = await queries.kickoff_changed_at(
        db,
        cohort_id=cohort_id,
        person_id=person_id,
        scope_id=applicant_scope(cohort_id, person_id),
        after=timedelta(seconds=0 if cancelled else 1),
    )
    return calendar_sequence(changed_at)


async def record_attendance(db: Db, cohort_id: str, attendance: Mapping[str, bool], now: datetime) -> list[str]:
    """Store who attended (True) and who did not, all or nothing; return whose attendance changed.

    Raises Refusal naming those who have no application in the cohort.
    """
    async with transaction(db) as connection:
        check_known(
            cohort_id, attendance, {known_guest.person.id for known_guest in await guests(connection, cohort_id)}
        )
        changed = [
            await queries.save_attendance(
                connection, cohort_id=cohort_id, person_id=person_id, attended=attended, now=now
            )
            for person_id, attended in sorted(attendance.items())
        ]
        return [person_id for person_id in changed if person_id]


def check_known(cohort_id: str, named: Iterable[str], known: Container[str]) -> None:
    """Raise Refusal naming those who have no application in the cohort."""
    unknown = sorted(person_id for person_id in named if person_id not in known)
    if unknown:
        raise Refusal(
            f"{cohort_id} has no one with the id {', '.join(unknown)}.",
            shell_advice=f"See all: mile cohort show {cohort_id}",
        )


async def published_pairs(db: Db, cohort_id: str) -> tuple[PublishedPair, ...]:
    """Return the pairs that were published last, by mentee, and how far each has come."""
    return tuple([PublishedPair(**row) async for row in queries.published_pairs(db, cohort_id=cohort_id)])


async def startable(db: Db, cohort_id: str) -> set[tuple[str, str]]:
    """Return the (mentor, mentee) ids of the published pairs whose mentorship may start.

    Their match is final, or the cohort asks nobody; nobody took back their application; and the mentee was not noted
    absent (A3). A mentor who could not come starts all the same: the clock starts at kickoff.
    """
    pairs = await published_pairs(db, cohort_id)
    return {(pair.mentor_id, pair.mentee_id) for pair in pairs if pair.can_start}


def _guest(row: asyncpg.Record) -> Guest:
    answers = json.loads(row["answers"])
    fields = {name: answers[name] for name in Person.model_fields if name in answers}
    rsvp = Rsvp(**{name: row[name] for name in Rsvp.model_fields}) if row["status"] else None
    return Guest(
        person=Person.model_validate(fields | {"side": row["side"]}),
        invited=row["invited"],
        rsvp=rsvp,
        answered_at=row["answered_at"],
        attended=row["attended"],
    )
