"""Participants' names and addresses, which staff may change while a mentorship runs."""

from datetime import UTC, datetime

import asyncpg

from schemas.cohort.settings import CohortSettings
from schemas.enums import Language, Side
from schemas.errors import Refusal, UnknownMentorship
from schemas.mentorship.contact import ParticipantContact
from schemas.mentorship.my_mentorship import ParticipantDetails
from storage import personal_links
from storage.database import Connection, Db, queries, stored_as, transaction


async def contact(db: Db, mentorship: str, side: Side) -> ParticipantContact:
    """Return how the participant on one side of a mentorship is reached, or raise UnknownMentorship."""
    row = await queries.contact_of(db, mentorship_id=mentorship, side=side)
    if row is None:
        raise UnknownMentorship(mentorship)
    return ParticipantContact(side=side, **row)


async def check_contact(db: Db, changed: ParticipantContact) -> None:
    """Raise Refusal where somebody else in the cohort has a participant's new address."""
    taken = await queries.address_is_taken(
        db, cohort_id=changed.cohort_id, person_id=changed.person_id, email=changed.email
    )
    if taken:
        raise _taken(changed)


async def change_contact(
    db: Db, known: ParticipantContact, *, email: str | None = None, name: str | None = None
) -> None:
    """Store a participant's new address, name or both; every later email of all their mentorships follows.

    What is not given stays as it is stored, which may differ from what is ``known``. Links in the old mailbox stop
    working, because somebody else may read it now. Raises Refusal where somebody else in the cohort has the address. A
    second run changes nothing.
    """
    person = {"cohort_id": known.cohort_id, "person_id": known.person_id}
    try:
        async with transaction(db) as connection:
            await _keep_from_import(connection, known.cohort_id)
            if email and await queries.has_another_address(connection, email=email, **person):
                await queries.revoke_links(connection, **person)
                await personal_links.revoke(connection, **person, now=datetime.now(UTC))
            await queries.set_contact(connection, name=name, email=email, **person)
    # check_contact looked before, but somebody may have taken the address since.
    except asyncpg.UniqueViolationError:
        raise _taken(known) from None


async def set_details(db: Db, cohort_id: str, person_id: str, details: ParticipantDetails) -> None:
    """Store what somebody changed about themselves; every later page and email follows."""
    async with transaction(db) as connection:
        await _keep_from_import(connection, cohort_id)
        await queries.set_details(connection, cohort_id=cohort_id, person_id=person_id, **details.model_dump())


async def language_of(db: Db, cohort_id: str, person_id: str) -> Language:
    """Return the language in which somebody of a class reads: the one they chose, or else the class's first."""
    row = await queries.language_of(db, cohort_id=cohort_id, person_id=person_id)
    return Language(stored_as(CohortSettings, row["settings"]).language_for(row["language"]))


async def running_mentorships(db: Db, person: ParticipantContact) -> tuple[str, ...]:
    """Return the running mentorships of a participant, by id."""
    rows = queries.running_mentorships(db, cohort_id=person.cohort_id, person_id=person.person_id)
    return tuple([row["id"] async for row in rows])


async def _keep_from_import(db: Connection, cohort_id: str) -> None:
    """Wait for an import, or let it wait: it writes back all that it read of a person."""
    await queries.lock_settings(db, cohort_id=cohort_id)


def _taken(changed: ParticipantContact) -> Refusal:
    return Refusal(
        f"Someone else in {changed.cohort_id} already has that address. Ask {changed.person_id} for another one."
    )
