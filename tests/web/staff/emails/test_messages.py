"""Messages on pages: drafted, tried on oneself, and sent once to exactly those they are for."""

import re
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.web.browser import follow, open_browser_page, served
from tests.web.staff.conftest import COORDINATOR, SignIn
from tests.web.staff.pages import preview, say_yes, take, words

Ask = Callable[[httpx.AsyncClient, str], Awaitable[str | None]]
MESSAGES = "/staff/classes/mile-2019/emails/messages"
TYPED = {
    "sides": "both",
    "who": "accepted",
    "subject": "A webinar on Friday",
    "body": "It begins at **noon**. See [the page](https://association.example.org/webinar).\n\n<b>Bring</b> goals.",
}


async def draft(client: httpx.AsyncClient, **more: str) -> str:
    """Save a draft and return its address."""
    saved = await client.post(f"{MESSAGES}/new", data=TYPED | more)
    assert saved.status_code == 303, saved.text
    return saved.headers["location"]


async def delivered(pool: asyncpg.Pool, database_url: str) -> Relay:
    relay = Relay()
    async with listening(relay) as port:
        await Delivery(pool, settings_for(database_url, port)).deliver()
    return relay


async def recipients(pool: asyncpg.Pool) -> list[str]:
    """Return the scopes of the message's emails."""
    return [
        row["scope_id"] for row in await pool.fetch("select scope_id from outbox where kind = 'message' order by 1")
    ]


@pytest.fixture(autouse=True)
async def signed_in(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)


@pytest.fixture
async def sign_in_link(client: httpx.AsyncClient, pool: asyncpg.Pool, ask_for_link: Ask) -> str:
    """A link for a second device."""
    await pool.execute("delete from link_request")
    return str(await ask_for_link(client, COORDINATOR))


async def test_message_goes_to_both_sides_once_in_two_parts(
    client: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    path = await draft(client)
    page = await preview(client, f"{path}/send")
    assert "“A webinar on Friday” goes to 2 people, and to nobody else." in words(page)
    assert "1 mentor and 1 participant are sent the message." in words(page)
    assert await recipients(pool) == []
    again = await preview(client, f"{path}/send")
    assert "2 emails leave now." in words(await say_yes(client, f"{path}/send", page, "asked by the chair"))
    assert await recipients(pool) == ["mile-2019/M01", "mile-2019/P01"]
    refused = await client.post(
        f"{path}/send",
        data=dict(re.findall(r'name="([^"]+)" value="([^"]*)"', again.text)) | {"step-action": "confirm"},
    )
    assert refused.status_code == 409
    assert "This message was sent already." in words(refused)
    event = await pool.fetchrow("select actor, action, details ->> 'people', details ->> 'note' from audit_event")
    assert event is not None
    assert tuple(event) == (f"staff:{COORDINATOR}", "message_sent", "2", "asked by the chair")
    relay = await delivered(pool, database_url)
    assert sorted(message["To"] for message in relay.messages) == [
        "Person M <m@example.org>",
        "Person P <p@example.org>",
    ]
    for message in relay.messages:
        assert message["Subject"] == "A webinar on Friday"
        assert re.fullmatch(r"<https://mile\.example\.org/u/[a-z2-7]{26}>", message["List-Unsubscribe"])
        text, html = (part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
        assert "See the page (https://association.example.org/webinar)." in " ".join(text.split())
        assert "<strong>noon</strong>" in html
        assert "&lt;b&gt;Bring&lt;/b&gt; goals." in html


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"sides": "mentor"}, ["mile-2019/M01"]),
        ({"sides": "mentee", "who": "without_agreement"}, ["mile-2019/P01"]),
        ({"who": "running"}, ["mile-2019/M01", "mile-2019/P01"]),
        ({"who": "phase-preparing", "sides": "mentee"}, ["mile-2019/P01"]),
    ],
)
async def test_message_goes_only_to_those_chosen(
    client: httpx.AsyncClient, pool: asyncpg.Pool, typed: dict[str, str], expected: list[str]
) -> None:
    await take(client, f"{await draft(client, **typed)}/send")
    assert await recipients(pool) == expected


@pytest.mark.parametrize("who", ["without_pair", "waiting", "phase-closure"])
async def test_message_to_nobody_is_refused(client: httpx.AsyncClient, pool: asyncpg.Pool, who: str) -> None:
    answer = await client.get(f"{await draft(client, who=who)}/send")
    assert answer.status_code == 409
    assert "Nobody would get this message." in words(answer)
    assert await recipients(pool) == []


async def test_who_has_an_agreement_is_not_asked_for_one(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await pool.execute(
        "insert into agreement (mentorship_id, version, contents, written_at, mentor_confirmed_at, mentee_confirmed_at)"
        " values ('mile-2019-001', 1, '{}', now(), now(), now())"
    )
    assert (await client.get(f"{await draft(client, who='without_agreement')}/send")).status_code == 409


async def test_who_stopped_our_reminders_is_left_out_and_it_is_said(
    client: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    await take(client, f"{await draft(client)}/send")
    await delivered(pool, database_url)
    await pool.execute("update reminder_link set paused_at = now() where person_id = 'M01'")
    await pool.execute("delete from outbox where kind = 'message'")
    path = await draft(client)
    assert "1 person stopped our reminders, and is not written to." in words(await preview(client, f"{path}/send"))
    await take(client, f"{path}/send")
    assert await recipients(pool) == ["mile-2019/P01"]


async def test_test_goes_to_whoever_asks_alone(
    client: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    path = await draft(client)
    await take(client, f"{path}/test")
    relay = await delivered(pool, database_url)
    assert [message["To"] for message in relay.messages] == [f"Team <{COORDINATOR}>"]
    assert "This is a test. No one else got it." in relay.text()
    assert await pool.fetchval("select sent_at from staff_message") is None


async def test_draft_is_changed_and_deleted_until_it_is_sent(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    path = await draft(client)
    form = (await client.get(f"{path}/edit")).text
    assert 'value="A webinar on Friday"' in form
    assert "&lt;b&gt;Bring&lt;/b&gt; goals.</textarea>" in form
    await client.post(f"{path}/edit", data=TYPED | {"subject": "A webinar on Monday"})
    assert "A webinar on Monday" in words(await client.get(MESSAGES))
    await take(client, f"{path}/send")
    kept = await client.post(f"{path}/edit", data=TYPED | {"subject": "Too late"})
    assert kept.status_code == 409
    assert 'value="Too late"' in kept.text
    assert (await client.get(f"{path}/delete")).status_code == 409
    for none in ("x", "²", "0", "9" * 30):
        assert (await client.get(f"{MESSAGES}/{none}")).status_code == 409
        assert (await client.post(f"{MESSAGES}/{none}/edit", data=TYPED)).status_code == 409
    other = await draft(client)
    await take(client, f"{other}/delete")
    assert [row["subject"] for row in await pool.fetch("select subject from staff_message")] == ["A webinar on Monday"]


async def test_incomplete_message_is_not_saved_and_keeps_what_was_typed(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    answer = await client.post(f"{MESSAGES}/new", data=TYPED | {"subject": "x" * 61})
    assert answer.status_code == 422
    assert "It begins at **noon**" in answer.text
    assert await pool.fetchval("select count(*) from staff_message") == 0


async def test_no_word_of_a_message_is_in_the_outbox_or_the_audit_log(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await take(client, f"{await draft(client)}/send")
    queued, events = await pool.fetch("select * from outbox"), await pool.fetch("select * from audit_event")
    assert queued
    assert events
    rows = [*queued, *events]
    assert not any("noon" in str(value) for row in rows for value in row.values())


@pytest.mark.browser
async def test_message_is_written_and_sent_by_keyboard(
    browser: Browser, app: Starlette, pool: asyncpg.Pool, sign_in_link: str
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(sign_in_link)
        await follow(page.get_by_role("button", name="Sign in"))
        await page.goto(f"{MESSAGES}/new")
        await page.get_by_label("Mentors", exact=True).focus()
        await page.keyboard.press("Space")
        await page.get_by_label("All who were accepted").focus()
        await page.keyboard.press("Space")
        await page.get_by_label("Subject").focus()
        await page.keyboard.type("Hello")
        await page.get_by_label("Message").focus()
        await page.keyboard.type("See you.")
        await page.get_by_role("button", name="Save the draft").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Send it").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await follow(page.get_by_role("button", name="Send it"))
        assert "1 email leaves now." in await page.inner_text("[role=status]")
        await page.goto("/staff/classes/mile-2019/emails?kind=message")
        await follow(page.get_by_role("link", name="Message"))
        assert "This is written anew" in await page.inner_text("main")
    assert await recipients(pool) == ["mile-2019/M01"]
