"""Passkeys of staff: added after signing in by email, used, listed and removed; what is wrong signs nobody in."""

import html
import json
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from services import passkeys as rules
from services.context import ServiceContext
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from tests.emails.relay import settings_for
from tests.services.conftest import FakeTemporal
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from tests.web.staff.authenticator import Authenticator, encoded
from tests.web.staff.conftest import CHAIR, COORDINATOR, FORMER, READER, RealTime, SignIn
from tests.web.staff.pages import words
from web.app import create_app

PASSKEYS, SIGN_IN = "/staff/passkeys", "/staff/sign-in/passkey"
VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def options_on(client: httpx.AsyncClient, path: str) -> dict[str, Any]:
    (found,) = re.findall(r'data-options="([^"]*)"', (await client.get(path)).text)
    options: dict[str, Any] = json.loads(html.unescape(found))
    return options


async def add(client: httpx.AsyncClient, device: Authenticator, name: str = "my phone") -> httpx.Response:
    made = device.make(await options_on(client, PASSKEYS))
    return await client.post(PASSKEYS, data={"name": name, "credential": made})


async def enter(client: httpx.AsyncClient, device: Authenticator) -> httpx.Response:
    client.cookies.clear()
    return await client.post(SIGN_IN, data={"credential": device.answer(await options_on(client, "/staff/sign-in"))})


def is_refused(answer: httpx.Response) -> bool:
    return (answer.status_code, "set-cookie" in answer.headers) == (403, False) and (
        "This passkey did not work. Try again, or sign in by email." in words(answer)
    )


@pytest.fixture
async def device(client: httpx.AsyncClient, sign_in: SignIn) -> Authenticator:
    """A device with a passkey of the coordinator."""
    await sign_in(client, COORDINATOR)
    device = Authenticator()
    assert (await add(client, device)).status_code == 303
    return device


async def test_passkey_signs_its_owner_in_as_a_link_does(
    client: httpx.AsyncClient, pool: asyncpg.Pool, device: Authenticator
) -> None:
    await pool.execute("update staff_session set began_at = now() - interval '1 hour', authenticated_at = null")
    for _ in range(2):
        answer = await enter(client, device)
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
        assert re.search(r"__Host-mile-staff=.*HttpOnly.*SameSite=lax; Secure", answer.headers["set-cookie"])
        assert f"As {COORDINATOR}." in words(await client.get("/staff"))
    newest = await pool.fetchrow("select max(began_at), max(authenticated_at) from staff_session")
    assert newest is not None
    assert all((datetime.now(UTC) - moment).total_seconds() < 60 for moment in newest)
    assert await pool.fetchval("select sign_count from passkey") == 2
    event = await pool.fetchrow("select actor, action, cohort_id, details ->> 'passkey' from audit_event")
    assert event is not None
    assert tuple(event)[:3] == (f"staff:{COORDINATOR}", "passkey_added", "mile-2019")


async def test_removed_passkey_and_one_of_somebody_without_a_role_look_as_an_unknown_one(
    client: httpx.AsyncClient, pool: asyncpg.Pool, device: Authenticator, sign_in: SignIn
) -> None:
    assert is_refused(await enter(client, Authenticator()))
    await pool.execute("update passkey set email = $1", FORMER)
    assert is_refused(await enter(client, device))
    await pool.execute("update passkey set email = $1", COORDINATOR)
    number = str(await pool.fetchval("select id from passkey"))
    await sign_in(client, READER)
    await client.post(f"{PASSKEYS}/remove", data={"passkey": number})
    assert (await enter(client, device)).status_code == 303
    await client.post(f"{PASSKEYS}/remove", data={"passkey": number})
    assert "You have none." in words(await client.get(PASSKEYS))
    assert is_refused(await enter(client, device))
    assert [row["action"] for row in await pool.fetch("select action from audit_event order by id")] == [
        "passkey_added",
        "passkey_removed",
    ]


Spoil = Callable[[Authenticator], Authenticator]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device: replace(device, origin="https://mile.example.net"),
        lambda device: replace(device, origin="http://mile.example.org"),
        lambda device: replace(device, rp_id="example.org"),
        lambda device: replace(device, verifies_user=False),
        lambda device: replace(device, key=Authenticator().key),
    ],
    ids=["another site", "without TLS", "another party", "nobody verified", "another key"],
)
async def test_answer_of_another_site_or_key_signs_nobody_in(
    client: httpx.AsyncClient, device: Authenticator, spoil: Spoil
) -> None:
    assert is_refused(await enter(client, spoil(device)))


async def test_device_that_counts_less_than_before_was_copied(client: httpx.AsyncClient, device: Authenticator) -> None:
    copy = replace(device)
    for _ in range(3):
        await enter(client, device)
    assert is_refused(await enter(client, copy))


async def test_answer_counts_once_and_only_to_a_challenge_of_ours(
    client: httpx.AsyncClient, device: Authenticator
) -> None:
    client.cookies.clear()
    options = await options_on(client, "/staff/sign-in")
    sent = {"credential": device.answer(options)}
    assert (await client.post(SIGN_IN, data=sent)).status_code == 303
    client.cookies.clear()
    assert is_refused(await client.post(SIGN_IN, data=sent))
    assert is_refused(await client.post(SIGN_IN, data={"credential": device.answer(options)}))
    for made_up in (b"a" * 32, b"a.b.c", b"\xff\xfe", f"{'a' * 26}.{int(datetime.now(UTC).timestamp())}.".encode()):
        assert is_refused(
            await client.post(SIGN_IN, data={"credential": device.answer({"challenge": encoded(made_up)})})
        )


async def test_answer_that_comes_too_late_signs_nobody_in(
    client: httpx.AsyncClient, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.cookies.clear()
    sent = {"credential": device.answer(await options_on(client, "/staff/sign-in"))}

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Later":
            return cast("Later", datetime.fromtimestamp(datetime.now(tz).timestamp() + 16 * 60, tz))

    monkeypatch.setattr(rules, "datetime", Later)
    assert is_refused(await client.post(SIGN_IN, data=sent))


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", "null", "{", '{"id": "a", "rawId": "a", "type": "public-key"}', "x" * 9000, "[" * 4000]
)
async def test_what_is_no_passkey_is_refused_alike(client: httpx.AsyncClient, sign_in: SignIn, sent: str) -> None:
    assert is_refused(await client.post(SIGN_IN, data={"credential": sent}))
    await sign_in(client, COORDINATOR)
    answer = await client.post(PASSKEYS, data={"name": "my phone", "credential": sent})
    assert answer.status_code == 409
    assert 'value="my phone"' in answer.text


async def test_passkey_is_added_only_to_whom_its_challenge_was_for_and_only_lately(
    client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    await sign_in(client, COORDINATOR)
    device = Authenticator()
    made = device.make(await options_on(client, PASSKEYS))
    await sign_in(client, CHAIR)
    others = await client.post(PASSKEYS, data={"name": "not mine", "credential": made})
    assert others.status_code == 409
    to_sign_in = device.make(await options_on(client, "/staff/sign-in"))
    assert (await client.post(PASSKEYS, data={"name": "x", "credential": to_sign_in})).status_code == 409
    await pool.execute("update staff_session set authenticated_at = now() - interval '16 minutes'")
    late = await add(client, device)
    assert late.status_code == 409
    assert "Please sign in again, then add the passkey." in words(late)
    assert await pool.fetchval("select count(*) from passkey") == 0
    await sign_in(client, CHAIR)
    assert (await add(client, device)).status_code == 303
    again = await add(client, device)
    assert again.status_code == 409


async def test_name_of_a_passkey_is_needed_and_stays_text(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    assert (await add(client, Authenticator(), name="")).status_code == 422
    await add(client, Authenticator(), name="<script>alert(1)</script>")
    page = await client.get(PASSKEYS)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    options = await options_on(client, PASSKEYS)
    assert COORDINATOR not in json.dumps(options["user"]["id"])
    assert len(options["excludeCredentials"]) == 1


async def test_script_runs_on_the_two_pages_that_need_it_alone(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    token = await StaffSessionService(pool).new_link(CHAIR)
    for path, source in (
        (PASSKEYS, "'self'"),
        ("/staff/sign-in", "'self'"),
        ("/staff", "'none'"),
        (f"/staff/sign-in/{token}", "'none'"),
    ):
        answer = await client.get(path)
        assert f"script-src {source};" in answer.headers["content-security-policy"], path
        assert ("<script" in answer.text) == (source == "'self'"), path
        assert not re.search(r"<script[^>]*>[^<]", answer.text), path


async def test_passkeys_are_not_offered_where_no_browser_makes_one(pool: asyncpg.Pool, database_url: str) -> None:
    for url, possible in (("https://192.0.2.1", False), ("http://[::1]:8080", False), ("http://localhost:8080", True)):
        settings, client = settings_for(database_url, 1, public_url=url), cast(Client, FakeTemporal(away=True))
        services = ServiceContext(settings, pool, client)
        service = rules.PasskeyService(services, StaffSessionService(pool), "MILE")
        assert service.are_possible == possible


@pytest.mark.browser
async def test_passkey_is_added_and_used_in_a_browser(
    browser: Browser, pool: asyncpg.Pool, database_url: str, app: Starlette, temporal: FakeTemporal
) -> None:
    # A passkey belongs to a name, never to a network address.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = f"http://localhost:{listening.getsockname()[1]}"
        settings, temporal_client = settings_for(database_url, 1, public_url=site), cast(Client, temporal)
        sessions = StaffSessionService(pool)
        here = create_app(
            ResponseService(pool, temporal_client, RealTime()),
            staff=sessions,
            services=ServiceContext(settings, pool, temporal_client),
        )
        async with served(here, listening), open_browser_page(browser, site) as page:
            devtools = await page.context.new_cdp_session(page)
            await devtools.send("WebAuthn.enable")
            await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
            problems: list[str] = []
            page.on("console", lambda message: problems.append(message.text))
            page.on("pageerror", lambda error: problems.append(str(error)))
            await page.goto(f"/staff/sign-in/{await sessions.new_link(COORDINATOR)}")
            await follow(page.get_by_role("button", name="Sign in"))
            await follow(page.get_by_role("link", name="sign in with a passkey"))
            await assert_without_barriers(page)
            await page.get_by_label("What do you call it?").fill("my laptop")
            await page.get_by_role("button", name="Add a passkey").focus()
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
            assert "my laptop" in await page.inner_text("table")
            await assert_without_barriers(page)
            # The device has one already, and says so.
            await page.get_by_label("What do you call it?").fill("again")
            await page.get_by_role("button", name="Add a passkey").click()
            await page.get_by_text("No passkey was made.").wait_for()
            await page.goto("/staff")
            await follow(page.get_by_role("button", name="Sign out", exact=True))
            await assert_without_barriers(page)
            await follow(page.get_by_role("button", name="Sign in with a passkey"))
            assert f"As {COORDINATOR}." in await page.inner_text("main")
            assert problems == []
            await page.goto(PASSKEYS)
            await follow(page.get_by_role("button", name="Remove my laptop"))
            await page.context.clear_cookies()
            await page.goto("/staff/sign-in")
            await follow(page.get_by_role("button", name="Sign in with a passkey"))
            assert "This passkey did not work." in await page.inner_text("main")


@pytest.mark.browser
async def test_without_javascript_the_emailed_link_is_what_is_offered(browser: Browser, app: Starlette) -> None:
    async with served(app) as site:
        context = await browser.new_context(base_url=site, java_script_enabled=False)
        page = await context.new_page()
        await page.goto("/staff/sign-in")
        assert await page.get_by_role("button", name="Email me a link").is_visible()
        assert not await page.get_by_role("button", name="Sign in with a passkey").is_visible()
        await context.close()
