"""The settings of a class on the staff pages: forms, the file in both directions, and the next class."""

import html
import re
from datetime import UTC, date, datetime
from typing import Any, cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from domain.cohort.settings_file import read_settings
from domain.cohort.settings_questions import typed_settings
from schemas.actor import Actor, ActorKind
from schemas.cohort.folder import CohortFolder
from schemas.cohort.settings import CohortSettings
from schemas.enums import StaffAccess
from schemas.errors import Refusal
from schemas.forms.cohort_settings import SETTINGS_PAGES
from services import settings as settings_service
from services.cohorts import create
from services.context import ServiceContext
from services.settings import SettingsUpdate
from storage import cohorts
from tests.emails.relay import settings_for
from tests.services.conftest import FakeTemporal
from tests.web.browser import DESK, open_browser_page, served
from tests.web.staff.conftest import CHAIR, COORDINATOR, READER, Ask, SignIn, give
from tests.web.staff.pages import hidden
from tests.web.staff.steps import look, take

SETTINGS = "/staff/classes/mile-2019/settings"


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal()


@pytest.fixture
async def chair(client: httpx.AsyncClient, sign_in: SignIn) -> httpx.AsyncClient:
    """The chair's browser."""
    await sign_in(client, CHAIR)
    return client


async def stored(pool: asyncpg.Pool, cohort: str = "mile-2019") -> CohortSettings:
    return await cohorts.cohort_settings(pool, cohort)


async def page_of(pool: asyncpg.Pool, slug: str, **changed: str) -> dict[str, Any]:
    page = next(page for page in SETTINGS_PAGES if page.slug == slug)
    return typed_settings(await stored(pool), page) | {
        name.replace("__", "."): words for name, words in changed.items()
    }


async def test_change_shows_old_and_new_values_and_is_saved(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, CHAIR)
    typed = await page_of(pool, "texts", program__association="Library Association")
    page = await look(client, f"{SETTINGS}/texts", typed)
    change = "The association behind it: Minnesota Library Association would be Library Association."
    assert re.findall(r"<li>(The assoc[^<]+)</li>", html.unescape(page.text)) == [change]
    assert (await stored(pool)).program.association == "Minnesota Library Association"
    done = await take(client, f"{SETTINGS}/texts", typed, note="a shorter name")
    assert "Changed: The association behind it." in done.text
    assert (await stored(pool)).program.association == "Library Association"
    event = await pool.fetchrow("select actor, details from audit_event where action = 'updated'")
    assert event
    assert event["actor"] == f"staff:{CHAIR}"
    assert '"program.association"' in event["details"]
    assert "a shorter name" in event["details"]


@pytest.mark.parametrize(
    ("slug", "changed", "said"),
    [
        ("dates", {"institute__last_day": "2019-05-11"}, "The mentorships of mile-2019 have begun"),
        ("dates", {"institute__first_day": "2019-05-20"}, "First day of the institute: 2019-05-20 is after “Last day"),
        ("applications", {"applications": "yes"}, "First day to apply: please answer this."),
        ("contact", {"contact__email": "me@example.org"}, "You answer for this class by your role"),
        ("matching", {"matching__bands__poor": "70"}, "A match is poor below: "),
        ("proposals", {"proposals": "yes", "proposals__reminders": "5, 30"}, "reminders"),
    ],
)
async def test_refused_change_keeps_what_was_typed_and_says_why_by_the_question(
    chair: httpx.AsyncClient, pool: asyncpg.Pool, slug: str, changed: dict[str, str], said: str
) -> None:
    client, before = chair, await stored(pool)
    typed = await page_of(pool, slug, **changed)
    refused = await client.post(f"{SETTINGS}/{slug}", data=typed)
    assert refused.status_code == 409
    assert said in html.unescape(refused.text)
    for words in changed.values():
        assert f'value="{words}"' in refused.text
    assert await stored(pool) == before


async def test_file_goes_out_and_comes_back_the_same(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, CHAIR)
    file = (await client.get(f"{SETTINGS}/cohort.toml")).content
    assert read_settings("cohort.toml", file) == await stored(pool)
    unchanged = await client.post(f"{SETTINGS}/file", data={"file": file.decode()})
    assert "Nothing would change." in unchanged.text
    edited = file.replace(b"Sugar Lake Lodge", b"Grand Rapids \xe2\x80\x9cInn\xe2\x80\x9d")
    shown = await client.post(f"{SETTINGS}/upload", files={"file": ("C:\\class\\cohort.toml", edited)})
    assert shown.status_code == 200
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", shown.text, re.DOTALL)
    assert found
    assert html.unescape(found[1]).strip() == edited.decode().strip()
    await take(client, f"{SETTINGS}/file", {"file": html.unescape(found[1])})
    assert (await stored(pool)).institute.venue == "Grand Rapids “Inn”"


async def test_file_does_not_take_back_what_somebody_else_changed_meanwhile(
    chair: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    file = (await chair.get(f"{SETTINGS}/cohort.toml")).text.replace("Cohasset", "Ely")
    page = await look(chair, f"{SETTINGS}/file", {"file": file})
    changed = (await stored(pool)).model_copy(update={"title": "A better title"})
    await cohorts.save_settings(pool, changed, datetime.now(UTC))
    again = await chair.post(f"{SETTINGS}/file", data=hidden(page) | {"step-action": "confirm", "note": ""})
    assert again.status_code == 200
    assert "Something changed since you looked" in again.text
    assert "Name of the class: A better title would be 2019 Mentorship Program." in again.text
    assert await stored(pool) == changed
    # A form changes its own page only, whatever happened to another one.
    await take(chair, f"{SETTINGS}/dates", {**await page_of(pool, "dates"), "institute.town": "Ely"})
    assert ((await stored(pool)).title, (await stored(pool)).institute.town) == ("A better title", "Ely")


async def test_two_who_save_at_once_lose_nothing(
    chair: httpx.AsyncClient, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {**await page_of(pool, "dates"), "institute.town": "Ely"}
    page = await look(chair, f"{SETTINGS}/dates", typed)
    theirs = (await stored(pool)).model_copy(update={"title": "A better title"})
    real = settings_service.preview_update

    async def preview_while_someone_saves(*given: Any) -> SettingsUpdate:
        found = await real(*given)
        await cohorts.save_settings(pool, theirs, datetime.now(UTC))
        return found

    monkeypatch.setattr(settings_service, "preview_update", preview_while_someone_saves)
    refused = await chair.post(f"{SETTINGS}/dates", data=hidden(page) | {"step-action": "confirm", "note": ""})
    assert (refused.status_code, "Someone else changed the settings at this moment." in refused.text) == (409, True)
    assert await stored(pool) == theirs
    monkeypatch.undo()
    await take(chair, f"{SETTINGS}/dates", typed)
    assert ((await stored(pool)).title, (await stored(pool)).institute.town) == ("A better title", "Ely")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ((b'id = "mile-2019"', b'id = "mile-2021"'), "This file is of mile-2021"),
        ((b"min_years = ", b"min_yaers = "), "did you mean eligibility.min_years?"),
        ((b"[institute]", b"[institute"), "cannot be read here"),
    ],
)
async def test_file_that_cannot_be_used_is_refused_as_on_the_command_line(
    client: httpx.AsyncClient, sign_in: SignIn, edit: tuple[bytes, bytes], said: str
) -> None:
    await sign_in(client, CHAIR)
    file = (await client.get(f"{SETTINGS}/cohort.toml")).content.replace(*edit)
    refused = await client.post(f"{SETTINGS}/file", data={"file": file.decode()})
    assert (refused.status_code, said in html.unescape(refused.text)) == (409, True)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "Please choose a file."),
        (b"\xff\xfe\x00", 409, "This is not a text file"),
        (b"#" * 5_000_000, 413, "too long"),
    ],
    ids=["empty", "not text", "too large"],
)
async def test_upload_that_is_no_settings_file_is_refused(
    client: httpx.AsyncClient, sign_in: SignIn, content: bytes, status: int, said: str
) -> None:
    await sign_in(client, CHAIR)
    refused = await client.post(f"{SETTINGS}/upload", files={"file": ("cohort.toml", content)})
    assert (refused.status_code, said in refused.text) == (status, True)


async def test_only_the_routes_of_uploads_read_such_forms(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, CHAIR)
    typed = await page_of(pool, "contact")
    refused = await client.post(f"{SETTINGS}/contact", data=typed, files={"file": ("x", b"y")})
    assert refused.status_code == 422


async def test_next_class_takes_over_settings_and_staff(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    await sign_in(client, CHAIR)
    typed: dict[str, Any] = {
        "id": "mile-2022",
        "title": "2022 Program",
        "first_day": "2022-05-04",
        "last_day": "2022-05-06",
    }
    page = await look(client, f"{SETTINGS}/next-class", typed)
    assert "Whoever has a role in 2019 Mentorship Program today would have it in the new class, too." in page.text
    done = await take(client, f"{SETTINGS}/next-class", typed)
    assert "2022 Program has begun." in done.text
    assert "/staff/classes/mile-2022" in done.text
    last, new = await stored(pool), await stored(pool, "mile-2022")
    assert new.institute.last_day == date(2022, 5, 6)
    assert new.model_copy(update={"id": last.id, "title": last.title, "institute": last.institute}) == last
    staff = await pool.fetch("select email, access from role_holder where cohort_id = 'mile-2022' order by 1")
    assert [tuple(row) for row in staff] == [(CHAIR, "chair"), (COORDINATOR, "coordinator"), (READER, "reader")]
    assert ("cohort-mile-2022", "CohortWorkflow") in temporal.messages
    created = await pool.fetchrow("select actor, details ->> 'note' as note from audit_event where action = 'created'")
    assert created is not None
    assert tuple(created) == (f"staff:{CHAIR}", "as agreed")
    again = await client.post(f"{SETTINGS}/next-class", data=typed)
    assert "mile-2022 has been created already." in again.text


async def test_next_class_is_never_one_of_others(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    # Temporal knows nothing of mile-2021: it never began, or ended too long ago.
    before = await stored(pool, "mile-2021")
    staff = await pool.fetch("select * from role_holder where cohort_id = 'mile-2021'")
    await sign_in(client, CHAIR)
    typed: dict[str, Any] = {"id": "mile-2021", "title": "Mine now", "last_day": "2022-05-06"}
    refused = await client.post(f"{SETTINGS}/next-class", data=typed)
    assert (refused.status_code, "mile-2021 has been created already." in refused.text) == (409, True)
    # Two chairs may begin a class of one id at once: what was shown to the second came before the first one's yes.
    context = ServiceContext(settings_for("postgresql://unused", 1), pool, cast(Client, temporal))
    mine = CohortFolder(settings=before.model_copy(update={"title": "Mine now"}), mentors=(), mentees=(), personas={})
    with pytest.raises(Refusal, match="has been created already"):
        await create(context, Actor(kind=ActorKind.STAFF, name=CHAIR), mine, staff_of="mile-2019")
    assert await stored(pool, "mile-2021") == before
    assert await pool.fetch("select * from role_holder where cohort_id = 'mile-2021'") == staff


async def test_class_is_deleted_where_no_one_heard_of_it_and_archived_where_no_mentorship_runs(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, CHAIR)
    page = await client.get("/staff/classes/mile-2019/archive")
    assert (page.status_code, "mentorship of mile-2019 runs" in page.text) == (409, True)
    await pool.execute("update mentorship set outcome = 'completed'")
    await give(pool, "mile-2021", CHAIR, StaffAccess.CHAIR)
    done = await take(client, "/staff/classes/mile-2019/archive", {}, note="it is over")
    assert "2019 Mentorship Program is archived." in done.text
    assert await pool.fetchval("select archived_at is not null from cohort where id = 'mile-2019'")
    new: dict[str, Any] = {"id": "mile-2022", "title": "A mistake", "last_day": "2022-05-06"}
    await take(client, "/staff/classes/mile-2021/settings/next-class", new)
    done = await take(client, "/staff/classes/mile-2022/delete", {}, note="a mistake")
    assert "A mistake is deleted." in done.text
    assert await pool.fetchval("select count(*) from cohort where id = 'mile-2022'") == 0


async def test_opportunity_is_added_and_removed(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    await sign_in(client, COORDINATOR)
    base = "/staff/classes/mile-2019/opportunities"
    typed: dict[str, Any] = {"area": "chance", "kind": "other", "title": "A talk", "closes_on": "2031-03-04"}
    refused = await client.post(f"{base}/add", data=typed | {"url": "javascript:alert(1)"})
    assert (refused.status_code, "This address cannot be used." in refused.text) == (409, True)
    await take(client, f"{base}/add", typed | {"url": "https://example.org/talk"})
    number = await pool.fetchval("select id from opportunity where title = 'A talk'")
    assert 'href="https://example.org/talk"' in (await client.get(base)).text
    await take(client, f"{base}/{number}/remove", {})
    assert await pool.fetchval("select count(*) from opportunity") == 0
    actions = await pool.fetch("select action from audit_event where action like 'opportunity%' order by id")
    assert [row["action"] for row in actions] == ["opportunity_added", "opportunity_removed"]


async def test_link_is_added_and_removed(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    await sign_in(client, COORDINATOR)
    base = "/staff/classes/mile-2019/resources"
    typed: dict[str, Any] = {"area": "networking", "title": "A guide", "about": "How to begin."}
    for address in ("http://example.org/guide", "https://example.org/a b", "https://ada@example.org/"):
        refused = await client.post(f"{base}/add", data=typed | {"url": address})
        assert (refused.status_code, "This address cannot be used." in refused.text) == (409, True)
    await take(client, f"{base}/add", typed | {"url": "https://example.org/guide"})
    number = await pool.fetchval("select id from resource where title = 'A guide'")
    assert 'href="https://example.org/guide"' in (await client.get(base)).text
    await take(client, f"{base}/{number}/remove", {})
    assert await pool.fetchval("select count(*) from resource") == 0
    actions = await pool.fetch("select action from audit_event where action like 'resource%' order by id")
    assert [row["action"] for row in actions] == ["resource_added", "resource_removed"]


@pytest.mark.browser
async def test_settings_are_changed_by_keyboard(
    browser: Browser, app: Starlette, client: httpx.AsyncClient, ask_for_link: Ask
) -> None:
    link = await ask_for_link(client, CHAIR)
    async with served(app) as site, open_browser_page(browser, site, look=DESK) as page:
        await page.goto(f"{link}")
        await page.get_by_role("button", name="Sign in").click()
        await page.goto(f"{SETTINGS}/applications")
        await page.get_by_label("Years of library work a mentor needs").fill("7")
        for button in ("See what it leads to", "Save"):
            await page.get_by_role("button", name=button).focus()
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
        assert await page.get_by_text("Changed: Years of library work a mentor needs.").count() == 1
