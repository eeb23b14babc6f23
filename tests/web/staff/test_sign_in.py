"""Signing in by an emailed link: once, for 15 minutes, for role holders only, and told apart by nobody else."""

from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from schemas.enums import StaffAccess
from tests.web.browser import follow, open_browser_page, served
from tests.web.staff.conftest import CHAIR, FORMER, NOBODY, OTHER_CHAIR, READER, SITE, SignIn, give

Ask = Callable[[httpx.AsyncClient, str], Awaitable[str | None]]


async def test_every_address_gets_the_same_page_and_only_role_holders_an_email(
    client: httpx.AsyncClient, ask_for_link: Ask
) -> None:
    answers, links = [], []
    for address in (CHAIR, NOBODY, FORMER):
        answer = await client.post("/staff/sign-in", data={"email": address})
        answers.append((answer.status_code, answer.headers["location"], answer.text))
        links.append(await ask_for_link(client, address))
    assert answers == [(303, "/staff/sign-in/sent", "")] * 3
    assert [link is not None for link in links] == [True, False, False]


async def test_link_signs_in_once_and_a_scanner_that_opens_it_changes_nothing(
    client: httpx.AsyncClient, ask_for_link: Ask
) -> None:
    link = await ask_for_link(client, CHAIR)
    assert link
    for _ in range(2):
        assert (await client.get(link)).status_code == 200
    entered = await client.post(link)
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff")
    kept = entered.headers["set-cookie"]
    assert kept.startswith("__Host-mile-staff=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(kept.split("; "))
    assert (await client.get("/staff")).status_code == 200
    client.cookies.clear()
    assert [(await client.get(link)).status_code, (await client.post(link)).status_code] == [404, 404]
    assert (await client.get("/staff")).headers["location"] == "/staff/sign-in"


async def test_link_ends_after_15_minutes_and_a_new_one_can_be_had(
    client: httpx.AsyncClient, pool: asyncpg.Pool, ask_for_link: Ask
) -> None:
    link = await ask_for_link(client, CHAIR)
    assert link
    await pool.execute("update sign_in_link set made_at = made_at - interval '14 minutes'")
    assert (await client.get(link)).status_code == 200
    await pool.execute("update sign_in_link set made_at = made_at - interval '1 minute'")
    dead = await client.post(link)
    assert dead.status_code == 404
    assert 'href="/staff/sign-in"' in dead.text


async def test_link_that_would_come_too_late_is_not_sent(
    client: httpx.AsyncClient, pool: asyncpg.Pool, ask_for_link: Ask
) -> None:
    await client.post("/staff/sign-in", data={"email": CHAIR})
    await pool.execute("update outbox set due_at = due_at - interval '15 minutes' where kind = 'sign_in'")
    assert await ask_for_link(client, NOBODY) is None
    assert await pool.fetchval("select count(*) from sign_in_link") == 0


async def test_whoever_types_a_chairs_address_all_day_cannot_keep_them_out(
    client: httpx.AsyncClient, pool: asyncpg.Pool, ask_for_link: Ask
) -> None:
    for _ in range(9):
        await client.post("/staff/sign-in", data={"email": CHAIR})
        await client.post("/staff/sign-in", data={"email": CHAIR})
        await pool.execute("update link_request set sent_at = sent_at - interval '5 minutes'")
    assert await pool.fetchval("select count(*) from outbox where kind = 'sign_in'") == 9
    await pool.execute("delete from outbox")
    link = await ask_for_link(client, CHAIR)
    assert link
    assert (await client.post(link)).headers["location"] == "/staff"


@pytest.mark.parametrize(
    "ended",
    [
        "update staff_session set seen_at = seen_at - interval '12 hours'",
        "update staff_session set began_at = began_at - interval '7 days'",
        "update staff_session set ended_at = now()",
        "update role_holder set ends_on = starts_on",
        "update cohort set archived_at = now()",
    ],
    ids=["idle for 12 hours", "7 days old", "ended", "no role any more", "class archived"],
)
async def test_session_ends(client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn, ended: str) -> None:
    await sign_in(client, CHAIR)
    assert (await client.get("/staff")).status_code == 200
    await pool.execute(ended)
    assert (await client.get("/staff")).headers["location"] == "/staff/sign-in"


async def test_signing_out_everywhere_ends_every_session_of_this_person_and_no_other(
    app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    transport = httpx.ASGITransport(app=app)
    async with (
        httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE}) as phone,
        httpx.AsyncClient(transport=transport, base_url=SITE, headers={"origin": SITE}) as other,
    ):
        await sign_in(client, CHAIR)
        await pool.execute("delete from link_request")
        await sign_in(phone, CHAIR)
        await sign_in(other, OTHER_CHAIR)
        assert (await client.post("/staff/sign-out", data={"everywhere": "yes"})).status_code == 303
        assert [(await one.get("/staff")).status_code for one in (client, phone, other)] == [303, 303, 200]


async def test_neither_links_nor_cookies_are_stored(
    client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    await sign_in(client, CHAIR)
    (cookie,) = client.cookies.values()
    rows = [*await pool.fetch("select * from staff_session"), *await pool.fetch("select * from sign_in_link")]
    assert cookie.encode() not in b"".join(row["token_hash"] for row in rows)
    assert [len(row["token_hash"]) for row in rows] == [32, 32]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example.org"])
async def test_form_that_does_not_come_from_our_page_is_refused(
    client: httpx.AsyncClient, sign_in: SignIn, origin: str | None
) -> None:
    await sign_in(client, CHAIR)
    client.headers.pop("origin")
    headers = {"origin": origin} if origin else {}
    assert (await client.post("/staff/sign-out", headers=headers)).status_code == 403
    assert (await client.get("/staff")).status_code == 200


async def test_what_was_typed_comes_back_to_somebody_who_is_signed_out(client: httpx.AsyncClient) -> None:
    refused = await client.post("/staff/sign-out", data={"note": "She called on Monday"})
    assert refused.status_code == 403
    assert "She called on Monday" in refused.text


@pytest.mark.parametrize(("address", "title"), [(CHAIR, "2019"), (READER, "2019"), (OTHER_CHAIR, "2021")])
async def test_home_has_the_classes_of_somebodys_roles_and_no_other(
    client: httpx.AsyncClient, sign_in: SignIn, address: str, title: str
) -> None:
    await sign_in(client, address)
    shown = (await client.get("/staff")).text
    assert [year for year in ("2019", "2021") if f"{year} Mentorship Program</a></h2>" in shown] == [title]
    # A reader sees figures, and no count of what is wrong with whom.
    assert ("Open concerns" in shown) == (address != READER)


@pytest.mark.parametrize("other", [StaffAccess.CHAIR, StaffAccess.COORDINATOR, StaffAccess.READER])
async def test_two_roles_in_a_class_let_their_holder_do_what_either_does(
    client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn, other: StaffAccess
) -> None:
    await give(pool, "mile-2019", READER, other)
    await sign_in(client, READER)
    assert ("Open concerns" in (await client.get("/staff")).text) == (other is not StaffAccess.READER)


@pytest.mark.browser
async def test_signing_in_works_by_keyboard(
    browser: Browser, app: Starlette, client: httpx.AsyncClient, ask_for_link: Ask
) -> None:
    link = await ask_for_link(client, CHAIR)
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{link}")
        await page.get_by_role("button", name="Sign in").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert page.url == f"{site}/staff"
        await follow(page.get_by_role("button", name="Sign out", exact=True))
        assert page.url == f"{site}/staff/sign-in"
