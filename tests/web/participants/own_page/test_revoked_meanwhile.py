"""A calendar that is set up at the very moment at which its owner's links end does not outlive them."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest

from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_people
from domain.applications.import_comparison import EXTRA_COLUMNS
from schemas.actor import Actor, ActorKind
from schemas.applications.imports import StoredApplication
from schemas.applications.people import MenteeApplication
from schemas.enums import Side
from services.applications.imports import import_applications
from services.context import ServiceContext
from services.links import LinkSelection, revoke_links
from services.mentorships.contact import change_contact
from services.mentorships.lookup import find_mentorship
from storage import cohorts
from storage.database import transaction
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR
from tests.locks import until_held_up
from tests.services.conftest import FakeTemporal
from tests.web.participants.own_page.people import COHORT, context_of

AMINA = Actor(kind=ActorKind.STAFF, name="amina")
FEEDS = "select count(*) from calendar_feed where revoked_at is null"
READ = "select count(*) from calendar_subscription"
Step = Callable[[ServiceContext], Awaitable[object]]


async def correct_the_address(context: ServiceContext) -> None:
    pair = await find_mentorship(context, PAIR)
    await change_contact(context, AMINA, pair, Side.MENTEE, email="kao@example.net", name=None)


async def import_another_address(context: ServiceContext) -> None:
    [mentee] = await cohorts.mentees(context.pool, COHORT)
    moved = mentee.model_copy(update={"email": "kao@example.net"})
    file = write_people(Side.MENTEE, [StoredApplication(side=Side.MENTEE, person=moved)])
    sheet = parse_file(MenteeApplication, "mentees.csv", file, beside=EXTRA_COLUMNS)
    await import_applications(context, AMINA, COHORT, {Side.MENTEE: sheet})


async def revoke_by_hand(context: ServiceContext) -> None:
    await revoke_links(context, AMINA, LinkSelection(cohort_id=COHORT, person_id="P01"), note="forwarded")


@pytest.mark.parametrize("step", [correct_the_address, import_another_address, revoke_by_hand])
@pytest.mark.parametrize("first", ["calendars", "revoked"])
async def test_nothing_lasts_that_is_set_up_while_links_end(  # noqa: PLR0917 - they are fixtures
    client: httpx.AsyncClient,
    mine: dict[Side, str],
    pool: asyncpg.Pool,
    clock: HandSetClock,
    step: Step,
    first: str,
) -> None:
    # So that nothing is sent again.
    await pool.execute("update mentorship set outcome = 'completed'")
    page = f"{mine[Side.MENTEE]}/{PAIR}"

    async def set_up() -> list[int]:
        typed = {"calendar": "https://calendar.example.net/mine.ics"}
        posts = client.post(f"{page}/feed"), client.post(f"{page}/calendar", data=typed)
        return [answer.status_code for answer in await asyncio.gather(*posts)]

    async def end() -> None:
        await step(context_of(pool, FakeTemporal(), clock))

    async with transaction(pool) as db:
        # All of them note last what they did, so each has done the rest by then, and nobody else sees it yet.
        await db.execute("lock table audit_event in exclusive mode")
        begin, follow = (set_up, end) if first == "calendars" else (end, set_up)
        begun: asyncio.Task[object] = asyncio.create_task(begin())
        before = 2 if first == "calendars" else 1
        await until_held_up(pool, begun, waiting=before)
        followed: asyncio.Task[object] = asyncio.create_task(follow())
        await until_held_up(pool, followed, waiting=3)
    answers = await begun if first == "calendars" else await followed
    await asyncio.gather(begun, followed)
    assert await pool.fetchval(FEEDS) == 0
    # Only another address says that somebody else may have given us that calendar.
    if step is not revoke_by_hand:
        assert await pool.fetchval(READ) == 0
    assert answers == ([200, 303] if first == "calendars" else [404, 404])
