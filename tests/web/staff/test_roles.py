"""Roles on pages: given, ended and handed over, by whoever signed in a moment ago, and told to whom they concern."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser, Locator
from starlette.applications import Starlette

from storage import roles
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.web.browser import follow, open_browser_page, served
from tests.web.staff.conftest import CHAIR, COORDINATOR, SignIn
from tests.web.staff.pages import preview, take, words

Ask = Callable[[httpx.AsyncClient, str], Awaitable[str | None]]
ROLES = "/staff/classes/mile-2019/roles"
NEXT = "next@staff.example.org"


@pytest.fixture
def tomorrow() -> date:
    return datetime.now(UTC).date() + timedelta(days=2)


async def held(pool: asyncpg.Pool, email: str) -> list[tuple[str, date, date | None]]:
    rows = await pool.fetch("select access, starts_on, ends_on from role_holder where email = $1", email)
    return [tuple(row) for row in rows]


async def test_handing_over_gives_the_role_ends_the_old_one_and_emails_a_checklist(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, database_url: str, tomorrow: date
) -> None:
    await sign_in(client, CHAIR)
    ((_, began, _),) = await held(pool, CHAIR)
    page = await preview(client, f"{ROLES}/hand-over", email=NEXT, starts_on=str(tomorrow))
    assert "1 person is told of their role, with a checklist." in words(page)
    assert await held(pool, NEXT) == []
    done = await take(client, f"{ROLES}/hand-over", "moved to Duluth", email=NEXT, starts_on=str(tomorrow))
    assert f"{NEXT} is the Team of mile-2019 from {tomorrow} on" in words(done)
    assert await held(pool, NEXT) == [("chair", tomorrow, None)]
    assert await held(pool, CHAIR) == [("chair", began, tomorrow - timedelta(days=1))]
    for day, answers in ((tomorrow - timedelta(days=1), CHAIR), (tomorrow, NEXT)):
        assert (await roles.settings_on(pool, "mile-2019", day)).contact.email == answers
    events = await pool.fetch("select actor, action, details ->> 'note' from audit_event order by id")
    assert [tuple(event) for event in events] == [
        (f"staff:{CHAIR}", "role_ended", "moved to Duluth"),
        (f"staff:{CHAIR}", "role_set", "moved to Duluth"),
    ]
    relay = Relay()
    async with listening(relay) as port:
        await Delivery(pool, settings_for(database_url, port)).deliver()
    assert [message["To"] for message in relay.messages] == [f"Team <{NEXT}>"]
    assert "From then on you are the Team of the 2019 Mentorship Program." in " ".join(relay.text().split())
    assert "Look at the emails that did not leave." in relay.text()


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"email": CHAIR, "starts_on": "2099-05-10"}, f"{CHAIR} answers already."),
        ({"email": NEXT, "starts_on": "2019-05-10"}, "2019-05-10 is not after today."),
    ],
)
async def test_handing_over_is_refused_to_oneself_and_for_the_past(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, typed: dict[str, str], refusal: str
) -> None:
    await sign_in(client, CHAIR)
    refused = await client.post(f"{ROLES}/hand-over", data=typed)
    assert refused.status_code == 409
    assert refusal in words(refused)
    assert f'value="{typed["email"]}"' in refused.text
    assert await pool.fetchval("select count(*) from audit_event") == 0


@pytest.mark.parametrize(("tells", "emails"), [("yes", 1), ("", 0)])
async def test_role_is_given_with_or_without_an_email(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, tells: str, emails: int
) -> None:
    await sign_in(client, CHAIR)
    day = date(2099, 5, 10)
    term = {"starts_on": str(day), "ends_on": str(day)}
    await take(client, f"{ROLES}/give", email=NEXT, role="Evaluator", access="reader", tells=tells, **term)
    assert await held(pool, NEXT) == [("reader", day, day)]
    assert await pool.fetchval("select count(*) from outbox where kind = 'role_given'") == emails


async def test_role_whose_last_day_is_before_its_first_is_refused_and_nothing_typed_is_lost(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, tomorrow: date
) -> None:
    await sign_in(client, CHAIR)
    typed = {"email": NEXT, "role": "Evaluator", "access": "reader"}
    refused = await client.post(f"{ROLES}/give", data=typed | {"starts_on": str(tomorrow), "ends_on": "2019-05-10"})
    assert refused.status_code == 409
    assert "The last day is before the first day." in words(refused)
    assert 'value="Evaluator"' in refused.text
    assert 'value="2019-05-10"' in refused.text
    assert await held(pool, NEXT) == []


async def test_ended_role_signs_its_holder_out(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    await sign_in(client, COORDINATOR)
    cookie = dict(client.cookies)
    client.cookies.clear()
    await sign_in(client, CHAIR)
    number = await pool.fetchval("select id from role_holder where email = $1", COORDINATOR)
    listed = (await client.get(ROLES)).text
    assert f'href="{ROLES}/end?number={number}"' in listed
    chosen = (await client.get(f"{ROLES}/end?number={number}")).text
    assert f'value="{number}" checked' in chosen
    await take(client, f"{ROLES}/end", number=str(number))
    client.cookies.clear()
    client.cookies.update(cookie)
    assert (await client.get("/staff")).headers["location"] == "/staff/sign-in"


async def test_coordinator_sees_roles_and_no_way_to_give_one(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    page = (await client.get(ROLES)).text
    assert CHAIR in page
    assert f"{ROLES}/give" not in page


@pytest.mark.browser
async def test_chair_is_handed_over_in_seven_clicks_at_most(
    browser: Browser, app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, ask_for_link: Ask
) -> None:
    link, clicks = await ask_for_link(client, CHAIR), 0
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{link}")
        await follow(page.get_by_role("button", name="Sign in"))

        async def click(target: Locator) -> None:
            nonlocal clicks
            clicks += 1
            await target.click()
            await page.wait_for_load_state()

        await click(page.get_by_role("link", name="2019 Mentorship Program"))
        await click(page.get_by_role("link", name="Roles"))
        await click(page.get_by_role("link", name="Hand over the chair"))
        await click(page.get_by_label("Email address of whoever takes over"))
        await page.keyboard.type(NEXT)
        await click(page.get_by_role("button", name="See what it leads to"))
        await click(page.get_by_role("button", name="Hand over"))
        assert f"{NEXT} is the Team of mile-2019" in await page.inner_text("[role=status]")
    assert clicks <= 7
    assert len(await held(pool, NEXT)) == 1
