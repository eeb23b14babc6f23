"""Where participants are written to: changed once, for all mentorships, and never for somebody else."""

from datetime import UTC, datetime

import asyncpg
import pytest

from schemas.enums import Outcome, Side
from schemas.errors import Refusal, UnknownMentorship
from schemas.mentorship.contact import ParticipantContact
from storage import cohorts, contacts, mentorships, personal_links

FIRST = "mile-2019-001"
NOW = datetime(2019, 7, 20, 14, tzinfo=UTC)


TOKEN = b"h" * 32


async def _moved(pool: asyncpg.Pool, side: Side = Side.MENTEE, **changes: str) -> ParticipantContact:
    before = await contacts.contact(pool, FIRST, side)
    return before.model_copy(update=changes)


async def _email(pool: asyncpg.Pool, scope: str, state: str, *, hour: int, to: str = "mentee") -> None:
    await pool.execute(
        """insert into outbox
        (key, scope_id, cohort_id, kind, recipient, asks, automatic, priority, due_at, requested_at, state)
        values ($1, $2, 'mile-2019', 'check_in', $3, '[]', true, 1, $4, $4, $5)""",
        f"{scope}/{hour}/{to}",
        scope,
        to,
        datetime(2019, 5, 10, hour, tzinfo=UTC),
        state,
    )


@pytest.mark.usefixtures("pairs")
async def test_each_side_of_a_mentorship_has_its_own_contact(pool: asyncpg.Pool) -> None:
    mentee = await contacts.contact(pool, FIRST, Side.MENTEE)
    mentor = await contacts.contact(pool, FIRST, Side.MENTOR)
    assert (mentee.cohort_id, mentee.person_id, mentee.email) == ("mile-2019", "P01", "p1@example.org")
    assert (mentor.person_id, mentor.email, mentor.name) == ("M02", "m2@example.org", "Ása “M” O'Neil-Ng 2")


@pytest.mark.usefixtures("pairs")
async def test_emails_and_pages_follow_a_new_address_and_name(pool: asyncpg.Pool) -> None:
    name = 'Zoë "Zed" O\'Hara'
    await contacts.change_contact(pool, await _moved(pool), email="new@example.org", name=name)
    after = (await mentorships.partners(pool, FIRST)).mentee
    assert (after.email, after.name, after.role) == ("new@example.org", name, "Clerk")
    applied = {person.id: person for person in await cohorts.mentees(pool, "mile-2019")}
    assert applied["P01"].email == "new@example.org"
    assert (applied["P01"].goals, applied["P02"].email) == (applied["P02"].goals, "p2@example.org")


@pytest.mark.usefixtures("pairs")
async def test_an_address_belongs_to_one_person_of_a_cohort(pool: asyncpg.Pool) -> None:
    taken = await _moved(pool, email="M2@Example.org")
    for step in (
        contacts.check_contact(pool, taken),
        contacts.change_contact(pool, await _moved(pool), email=taken.email),
    ):
        with pytest.raises(Refusal, match="Someone else in mile-2019 already has that address"):
            await step
    assert (await contacts.contact(pool, FIRST, Side.MENTEE)).email == "p1@example.org"


async def test_nobody_is_reached_in_a_mentorship_that_does_not_exist(pool: asyncpg.Pool) -> None:
    with pytest.raises(UnknownMentorship):
        await contacts.contact(pool, "mile-2019-099", Side.MENTOR)


@pytest.mark.usefixtures("pairs")
async def test_only_what_runs_is_written_to_again(pool: asyncpg.Pool) -> None:
    mentee = await _moved(pool)
    assert await contacts.running_mentorships(pool, mentee) == (FIRST,)
    await pool.execute("update mentorship set outcome = $1 where id = $2", Outcome.ENDED_EARLY, FIRST)
    assert await contacts.running_mentorships(pool, mentee) == ()


@pytest.mark.usefixtures("pairs")
async def test_links_to_a_former_address_are_revoked(pool: asyncpg.Pool) -> None:
    for side in Side:
        await pool.execute(
            "insert into milestone (mentorship_id, id, kind, number, asked, opens_on, closes_on, opens_at, closes_at) "
            "values ($1, 'check_in-1', 'check_in', 1, '{mentor,mentee}', '2019-07-20', '2019-08-10', $2, $2) "
            "on conflict do nothing",
            FIRST,
            NOW,
        )
        await _email(pool, FIRST, "sent", hour=5, to=side)
        await pool.execute(
            "insert into link (token_hash, email_key, mentorship_id, milestone, side) "
            "select $1, key, $2, 'check_in-1', $3 from outbox where recipient = $3",
            side.encode(),
            FIRST,
            side,
        )
    before = await contacts.contact(pool, FIRST, Side.MENTEE)
    await personal_links.ensure(pool, "mile-2019", "P01", TOKEN)
    await contacts.change_contact(pool, before, name="Another Name")
    assert await personal_links.owner(pool, TOKEN) == ("mile-2019", "P01")
    revoked = "select side from link where revoked_at is not null"
    assert await pool.fetch(revoked) == []
    await contacts.change_contact(pool, before, email="new@example.org")
    assert [row["side"] for row in await pool.fetch(revoked)] == ["mentee"]
    assert await personal_links.owner(pool, TOKEN) is None
