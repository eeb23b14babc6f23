"""Somebody who lost every email types their address and has the link to their own page, and nobody else's."""

import re
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from emails.links import token_hash
from services.lost_links import LostLinkService
from storage import personal_links, typed_addresses
from storage.typed_addresses import MOST_LINKS_A_DAY
from tests.clocks import HandSetClock
from tests.emails.relay import Delivery, Relay
from tests.storage.statements import logged_pool, shape

MENTEE, MENTOR, NOBODY = "p@example.org", "m@example.org", "nobody@example.org"
LINK = re.compile(r"https://mile\.example\.org/m/([a-z2-7]{26})$", re.MULTILINE)
LATER = "update link_request set sent_at = sent_at - interval '2 minutes'"


@pytest.fixture
def clock() -> HandSetClock:
    return HandSetClock(datetime(2019, 7, 30, 15, tzinfo=UTC))


@pytest.fixture
async def lost(outbox: Delivery, clock: HandSetClock) -> LostLinkService:
    await outbox.pool.execute("update mentorship set started_at = now()")
    return LostLinkService(outbox.pool, clock)


async def _owner(pool: asyncpg.Pool, relay: Relay) -> tuple[str, str] | None:
    """Return whose page the last email leads to."""
    [link] = set(LINK.findall(relay.text()))
    return await personal_links.owner(pool, token_hash(link))


@pytest.mark.parametrize(("address", "person"), [("P@Example.org", "P01"), (MENTOR, "M01")])
async def test_participant_gets_the_link_to_their_own_page(
    outbox: Delivery, relay: Relay, lost: LostLinkService, address: str, person: str
) -> None:
    await lost.send(address)
    await outbox.deliver()
    assert relay.recipients == [address.lower()]
    assert await _owner(outbox.pool, relay) == ("mile-2019", person)


async def test_mentorship_that_has_ended_has_its_page_for_a_year(
    outbox: Delivery, relay: Relay, lost: LostLinkService, clock: HandSetClock
) -> None:
    await outbox.pool.execute("update mentorship set outcome = 'completed'")
    clock.time = datetime(2021, 1, 5, 15, tzinfo=UTC)
    await lost.send(MENTEE)
    await outbox.deliver()
    assert await _owner(outbox.pool, relay) == ("mile-2019", "P01")
    clock.time = datetime(2022, 6, 15, 15, tzinfo=UTC)
    await outbox.pool.execute(LATER)
    await lost.send(MENTEE)
    await outbox.deliver()
    assert len(relay.messages) == 1


async def test_applicant_without_a_mentorship_gets_the_link_to_their_own_page(
    outbox: Delivery, relay: Relay, lost: LostLinkService
) -> None:
    await outbox.pool.execute("update mentorship set started_at = null")
    await lost.send(MENTEE)
    await outbox.deliver()
    assert relay.recipients == [MENTEE]
    assert "https://mile.example.org/a/" in relay.text()


async def test_address_that_is_nobodys_gets_nothing_and_leaves_nothing(
    outbox: Delivery, relay: Relay, lost: LostLinkService
) -> None:
    for address in (NOBODY, "p+tag@example.org", "p@example.net"):
        await lost.send(address)
    await outbox.deliver()
    assert relay.recipients == []
    assert await outbox.pool.fetchval("select count(*) from outbox") == 0
    rows = await outbox.pool.fetch("select t::text from link_request t where t::text ilike '%example%'")
    assert rows == []


async def test_mailbox_gets_so_many_emails_a_day_and_one_a_minute(outbox: Delivery, lost: LostLinkService) -> None:
    count = "select count(*) from outbox where kind = 'open_links'"
    await lost.send(MENTEE)
    await lost.send("P@EXAMPLE.ORG")
    assert await outbox.pool.fetchval(count) == 1
    for _ in range(MOST_LINKS_A_DAY + 2):
        await outbox.pool.execute(LATER)
        await lost.send(MENTEE)
    assert await outbox.pool.fetchval(count) == MOST_LINKS_A_DAY
    await outbox.pool.execute("update link_request set sent_at = sent_at - interval '1 day'")
    await lost.send(MENTEE)
    assert await outbox.pool.fetchval(count) == MOST_LINKS_A_DAY + 1


async def test_whoever_stopped_emails_of_the_public_pages_gets_none(outbox: Delivery, lost: LostLinkService) -> None:
    async with outbox.pool.acquire() as db:
        await typed_addresses.stop(db, "mile-2019", "P01", MENTEE, datetime.now(UTC))
    await lost.send(MENTEE)
    assert await outbox.pool.fetchval("select count(*) from outbox") == 0


async def test_every_address_takes_the_same_statements(
    outbox: Delivery, lost: LostLinkService, clock: HandSetClock, database_url: str
) -> None:
    assert lost
    shapes = []
    for address in (MENTEE, MENTEE, NOBODY, MENTOR):
        async with logged_pool(database_url) as (pool, statements):
            service = LostLinkService(pool, clock)
            await service.send("first@example.org")
            statements.clear()
            await service.send(address)
            shapes.append(list(map(shape, statements)))
    assert len(shapes[0]) > 10
    assert shapes == [shapes[0]] * 4
    assert await outbox.pool.fetchval("select count(*) from outbox") == 2


async def test_mentor_of_two_gets_one_email_and_takes_as_many_statements_as_nobody(
    outbox: Delivery, lost: LostLinkService, clock: HandSetClock, database_url: str
) -> None:
    assert lost
    await outbox.pool.execute(
        "insert into application (cohort_id, person_id, side, email, answers)"
        " select cohort_id, 'P02', side, 'p2@example.org', answers from application where person_id = 'P01'"
    )
    await outbox.pool.execute(
        "insert into mentorship"
        " (id, cohort_id, mentor_id, mentee_id, score, starts_on, ends_on, updated_at, started_at)"
        " select 'mile-2019-002', cohort_id, mentor_id, 'P02', score, starts_on, ends_on, now(), now() from mentorship"
    )
    counts = []
    for address in (MENTOR, NOBODY):
        async with logged_pool(database_url) as (pool, statements):
            service = LostLinkService(pool, clock)
            await service.send("first@example.org")
            statements.clear()
            await service.send(address)
            counts.append(len(statements))
    assert counts[0] == counts[1]
    scopes = await outbox.pool.fetch("select scope_id from outbox order by scope_id")
    assert [row["scope_id"] for row in scopes] == ["mile-2019-002"]


async def test_email_leaves_before_others(outbox: Delivery, lost: LostLinkService) -> None:
    await lost.send(MENTEE)
    [row] = await outbox.pool.fetch("select priority, automatic, next_attempt_at - now() as wait from outbox")
    assert (row["priority"], row["automatic"]) == (0, False)
    assert row["wait"] <= timedelta(0)
