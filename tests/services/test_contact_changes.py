"""Staff change a participant's address or name: what was given, all of it or nothing, and no word of anybody else."""

import asyncio
from datetime import date

import asyncpg
import pytest

from schemas.audit_event import AuditFilter
from schemas.enums import Side
from schemas.mentorship.responses import MentorshipPair
from services.context import ServiceContext
from services.mentorships.contact import change_contact
from services.mentorships.lookup import find_mentorship
from storage import address_changes, audit, contacts, mentorships
from tests.locks import until_held_up
from tests.services.conftest import ACTOR, COHORT
from tests.services.stored_class import matches

OLD, NEW = "p1@example.org", "moved@example.org"


@pytest.fixture
async def pair(context: ServiceContext, cohort: str) -> MentorshipPair:
    """A mentorship that has ended, so that nothing is sent again."""
    days = {"starts_on": date(2029, 5, 10), "ends_on": date(2030, 11, 10)}
    now = context.now(COHORT)
    [mentorship] = await mentorships.save_pairs(context.pool, cohort, matches("M01"), **days, now=now)
    await context.pool.execute("update mentorship set outcome = 'completed', ended_at = now()")
    return await find_mentorship(context, mentorship)


async def stored(context: ServiceContext, pair: MentorshipPair) -> tuple[str, str]:
    known = await contacts.contact(context.pool, pair.mentorship_id, Side.MENTEE)
    return known.name, known.email


async def test_new_name_keeps_the_address_that_is_confirmed_meanwhile(
    context: ServiceContext, pair: MentorshipPair
) -> None:
    async with context.pool.acquire() as owner:
        async with owner.transaction():
            await address_changes.lock(owner, COHORT, "P01")
            known = await contacts.contact(owner, pair.mentorship_id, Side.MENTEE)
            await contacts.change_contact(owner, known, email=NEW)
            step = change_contact(context, ACTOR, pair, Side.MENTEE, email=None, name="Kao Vang")
            renaming = asyncio.create_task(step)
            await until_held_up(context.pool, renaming)
        change = await renaming
    assert change.changed == ("name",)
    assert await stored(context, pair) == ("Kao Vang", NEW)


async def test_address_is_not_changed_without_its_event(context: ServiceContext, pair: MentorshipPair) -> None:
    before = await stored(context, pair)
    # What no event can hold.
    with pytest.raises(asyncpg.PostgresError):
        await change_contact(context, ACTOR, pair, Side.MENTEE, email=NEW, name=None, note="\0")
    assert await stored(context, pair) == before
    assert await context.pool.fetchval("select count(*) from outbox") == 0


async def test_what_is_so_already_leaves_no_event(context: ServiceContext, pair: MentorshipPair) -> None:
    for changed in (("email",), ()):
        change = await change_contact(context, ACTOR, pair, Side.MENTEE, email=f" {NEW}", name=None)
        assert change.changed == changed
    assert (await stored(context, pair))[1] == NEW
    [event] = await audit.events(context.pool, AuditFilter(cohort_id=COHORT))
    assert (event.action, event.details["changed"]) == ("contact_changed", ["email"])
