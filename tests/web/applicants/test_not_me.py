"""Somebody typed another person's address: that person stops it, and nobody else's emails or answers with it."""

import asyncpg
import httpx

from tests.clocks import HandSetClock
from tests.web.applicants.people import ABOUT, COHORT_ID, save, text_of

APPLY = f"/apply/{COHORT_ID}"
LINKS = "select count(*) from outbox where kind = 'application_link'"


async def type_address(client: httpx.AsyncClient, address: str) -> tuple[int, str, str]:
    """What the public page answers to an address."""
    answer = await client.post(APPLY, data={"email": address})
    return answer.status_code, answer.headers["location"], answer.text


async def test_opening_the_page_changes_nothing_and_says_what_the_button_does(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    page = await client.get(f"{draft_page}/not-me")
    assert "We also delete your address." in text_of(page)
    assert await pool.fetchval("select count(*) from stopped_mailbox") == 0
    assert await pool.fetchval("select email from draft") == "solveig@example.org"


async def test_whoever_was_not_it_gets_nothing_more_and_is_forgotten(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    known = await type_address(client, "somebody@example.org")
    stopped = await client.post(f"{draft_page}/not-me")
    assert "We deleted your address." in text_of(stopped)
    sent = await pool.fetchval(LINKS)
    clock.time = clock.time.replace(day=25)
    assert await type_address(client, "Solveig@example.org") == known
    assert await pool.fetchval(LINKS) == sent
    tables = ("draft", "application", "link_request", "stopped_mailbox", "outbox", "audit_event")
    for table in tables:
        rows = await pool.fetch(f"select t::text from {table} t where t::text ilike '%solveig%'")  # noqa: S608
        assert rows == [], table
    assert (await client.get(draft_page)).status_code == 404
    assert await pool.fetchval("select actor from audit_event") == "participant:A001"


async def test_stopping_ends_nobody_elses_emails(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await client.post(f"{draft_page}/not-me")
    before = await pool.fetchval(LINKS)
    for address in ("sol.veig@example.org", "solveig+2@example.org", "solveig@other.example.org"):
        await type_address(client, address)
    assert await pool.fetchval(LINKS) == before + 3


async def test_application_that_was_continued_stays_and_the_stop_can_be_taken_back(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await save(client, draft_page, 1, ABOUT)
    await pool.execute("update outbox set state = 'sent'")
    stopped = await client.post(f"{draft_page}/not-me")
    assert "Your application stays as it is." in text_of(stopped)
    assert (await client.get(f"{draft_page}/form/1")).status_code == 200
    clock.time = clock.time.replace(day=25)
    await type_address(client, "solveig@example.org")
    assert await pool.fetchval(LINKS) == 1
    await client.post(f"{draft_page}/not-me/undo")
    await type_address(client, "solveig@example.org")
    assert await pool.fetchval(LINKS) == 2
    actions = await pool.fetch("select action from audit_event where action like 'public%' order by id")
    assert [row["action"] for row in actions] == ["public_emails_stopped", "public_emails_resumed"]


async def test_participant_who_was_imported_keeps_their_place(
    client: httpx.AsyncClient, intake: str, pool: asyncpg.Pool
) -> None:
    await client.post(f"{intake}/not-me")
    assert (await client.get(intake)).status_code == 200
    assert await pool.fetchval("select count(*) from application where person_id = 'P01'") == 1


async def test_next_person_gets_neither_the_id_nor_the_link_of_a_deleted_application(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool
) -> None:
    await client.post(f"{draft_page}/not-me")
    await type_address(client, "next@example.org")
    assert await pool.fetchval("select person_id from draft where email = 'next@example.org'") == "A002"
    assert (await client.get(draft_page)).status_code == 404
