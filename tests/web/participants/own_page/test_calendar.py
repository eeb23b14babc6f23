"""A participant lets us see when they are busy: read from a real server, kept sealed, and gone with the mentorship."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest
from structlog.testing import capture_logs

from runtime.public_download import download
from schemas.enums import Side
from services.calendar_subscriptions import READ_EVERY, Fetch, read_calendars
from storage import calendar_subscriptions
from tests.calendar_server import CalendarServer, calendar_server, response
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR
from tests.services.conftest import FakeTemporal
from tests.unit.availability.calendars import calendar
from tests.web.applicants.people import text_of
from tests.web.participants.own_page.people import COHORT, context_of, read_all

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
CALENDAR = response(calendar(f"DTSTART:{SOON:%Y%m%dT%H%M%SZ}\nDURATION:PT1H"))
Read = Callable[[], Awaitable[int]]
ReadWith = Callable[[Fetch], Awaitable[int]]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[CalendarServer]:
    async with calendar_server(tmp_path) as server:
        server.answers["/secret-mentee.ics"] = CALENDAR
        yield server


@pytest.fixture
def read_with(pool: asyncpg.Pool, temporal: FakeTemporal, clock: HandSetClock) -> ReadWith:
    """Read what is due, as the worker does, by a download of one's own."""
    return partial(read_calendars, context_of(pool, temporal, clock))


@pytest.fixture
def read(read_with: ReadWith, server: CalendarServer) -> Read:
    """Read what is due from this server alone."""
    return partial(read_with, partial(download, reachable=server.reachable))


@pytest.fixture
async def subscribed(client: httpx.AsyncClient, mine: dict[Side, str], server: CalendarServer, read: Read) -> None:
    """The mentee's calendar has been read."""
    await step(client, mine[Side.MENTEE], "calendar", calendar=server.address("/secret-mentee.ics"))
    assert await read() == 1


async def step(client: httpx.AsyncClient, mine: str, name: str, **typed: str) -> str:
    return text_of(await client.post(f"{mine}/{PAIR}/{name}", data=typed, follow_redirects=True))


async def times(pool: asyncpg.Pool, person: str = "P01") -> list[tuple[datetime, datetime]]:
    found = await calendar_subscriptions.busy_times(pool, COHORT, person, SOON, SOON + timedelta(days=1))
    return [(each.starts_at, each.ends_at) for each in found]


async def test_calendar_is_read_and_only_its_owner_learns_of_it(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, server: CalendarServer, read: Read
) -> None:
    before = await read_all(client, mine[Side.MENTOR])
    # A calendar program's own way to write https.
    address = server.address("/secret-mentee.ics").replace("https://", "webcal://")
    said = await step(client, mine[Side.MENTEE], "calendar", calendar=f" {address} ")
    assert "We will read your calendar within a few minutes." in said
    assert await read() == 1
    assert await times(pool) == [(SOON, SOON + timedelta(hours=1))]
    assert "We read your calendar on" in text_of(await client.get(f"{mine[Side.MENTEE]}/{PAIR}"))
    assert await read_all(client, mine[Side.MENTOR]) == before
    assert await read() == 0, "it is not due again"


@pytest.mark.usefixtures("subscribed")
async def test_neither_the_address_nor_what_somebody_does_is_stored_as_it_is(
    pool: asyncpg.Pool, server: CalendarServer
) -> None:
    tables = await pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    stored = [str(await pool.fetch(f'select t::text from "{table[0]}" t')) for table in tables]  # noqa: S608 - names of tables
    sealed = await pool.fetchval("select convert_from(sealed_address, 'UTF8') from calendar_subscription")
    for private in ("secret-mentee", str(server.port), "private 0"):
        assert not any(private in text for text in [*stored, sealed]), private


@pytest.mark.usefixtures("subscribed")
async def test_what_speaks_against_a_calendar_is_said_and_what_was_read_before_stays(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, server: CalendarServer, read: Read
) -> None:
    server.answers["/secret-mentee.ics"] = response(status="404 Gone")
    await pool.execute("update calendar_subscription set tried_at = tried_at - $1::interval", READ_EVERY)
    assert await read() == 0
    said = text_of(await client.get(f"{mine[Side.MENTEE]}/{PAIR}"))
    assert "We could not read your calendar. The server answered with status 404. Is the address still right?" in said
    assert len(await times(pool)) == 1


async def test_one_bad_calendar_holds_up_no_other(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, server: CalendarServer, read: Read
) -> None:
    await step(client, mine[Side.MENTOR], "calendar", calendar="https://10.0.0.1/inside.ics")
    await step(client, mine[Side.MENTEE], "calendar", calendar=server.address("/secret-mentee.ics"))
    assert await read() == 1
    assert "not on the public internet" in text_of(await client.get(f"{mine[Side.MENTOR]}/{PAIR}"))
    assert len(await times(pool)) == 1


async def test_what_nobody_thought_of_holds_up_no_other_calendar(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, server: CalendarServer, read_with: ReadWith
) -> None:
    async def fetch(address: str) -> bytes:
        if "strange" in address:
            raise RuntimeError(address)
        return await download(address, reachable=server.reachable)

    await step(client, mine[Side.MENTOR], "calendar", calendar=server.address("/strange.ics"))
    await step(client, mine[Side.MENTEE], "calendar", calendar=server.address("/secret-mentee.ics"))
    with capture_logs() as logs:
        assert await read_with(fetch) == 1
    assert len(await times(pool)) == 1
    said = text_of(await client.get(f"{mine[Side.MENTOR]}/{PAIR}"))
    assert "We could not read your calendar. Something unexpected went wrong. We will try again." in said
    [logged] = [line for line in logs if line["event"] == "calendar_reading_failed"]
    assert (logged["kind"], "strange" in str(logged)) == ("RuntimeError", False)
    assert await read_with(fetch) == 0, "neither is due again"


@pytest.mark.usefixtures("subscribed")
@pytest.mark.parametrize("way", ["removed", "replaced", "ended"])
async def test_calendar_is_forgotten_when_its_owner_says_so_or_the_mentorship_ends(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, read: Read, way: str
) -> None:
    if way == "removed":
        assert "We no longer read your calendar." in await step(client, mine[Side.MENTEE], "calendar-remove")
    elif way == "replaced":
        await step(client, mine[Side.MENTEE], "calendar", calendar="https://calendar.example.org/other.ics")
    else:
        await pool.execute("update mentorship set outcome = 'completed'")
        await read()
    assert await times(pool) == []
    assert await pool.fetchval("select count(*) from calendar_subscription") == (way == "replaced")


async def test_address_of_another_kind_is_refused_and_given_back(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    typed = "http://calendar.example.org/a.ics"
    answered = await client.post(f"{mine[Side.MENTEE]}/{PAIR}/calendar", data={"calendar": typed})
    assert answered.status_code == 409
    assert "The address has to begin with https://." in text_of(answered)
    assert typed in text_of(answered)
    assert await pool.fetchval("select count(*) from calendar_subscription") == 0


async def test_with_another_key_its_owner_is_asked_to_enter_it_again(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, server: CalendarServer, read: Read
) -> None:
    await step(client, mine[Side.MENTEE], "calendar", calendar=server.address("/secret-mentee.ics"))
    await pool.execute("update calendar_subscription set sealed_address = 'sealed with a key that is gone'")
    assert await read() == 0
    assert "Please enter it again." in text_of(await client.get(f"{mine[Side.MENTEE]}/{PAIR}"))
    assert server.asked == []
