"""Applications on the staff pages: found, read, decided on many at once, and downloaded."""

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from schemas.applications.people import MentorApplication
from schemas.cohort.settings import ApplicationWindow
from schemas.enums import EmailKind, Side, StaffAccess
from services.context import ServiceContext
from storage import application_review, cohorts
from tests.services.conftest import FakeTemporal
from tests.web.browser import open_browser_page, served
from tests.web.staff.conftest import COORDINATOR, SignIn, give
from tests.web.staff.pages import hidden
from tests.web.staff.steps import look, take

BASE = "/staff/classes/mile-2019/applications"
WAITING = [f"W{number:02}" for number in range(1, 13)]


@pytest.fixture
def temporal() -> FakeTemporal:
    return FakeTemporal(running={"cohort-mile-2019"})


@pytest.fixture(autouse=True)
async def waiting(app: Starlette, pool: asyncpg.Pool) -> None:
    """Twelve mentors on the waiting list, one of another library."""
    for number, person_id in enumerate(WAITING, start=1):
        mentor = MentorApplication(
            id=person_id,
            name=f"Waiting Person {number}",
            email=f"w{number}@example.org",
            library="Roseau Library" if number == 12 else "Library of Ely",
            library_type="public",
            town="Ely",
            role="Clerk",
            years=9,
        )
        await pool.execute(
            "insert into application (cohort_id, side, person_id, email, answers, status)"
            " values ('mile-2019', 'mentor', $1, $2, $3, 'waiting')",
            person_id,
            mentor.email,
            mentor.model_dump_json(),
        )


@pytest.fixture
async def link(client: httpx.AsyncClient, ask_for_link: Callable[..., Awaitable[str | None]]) -> str:
    """A link that signs the coordinator in."""
    link = await ask_for_link(client, COORDINATOR)
    assert link
    return link


async def statuses(pool: asyncpg.Pool) -> dict[str, str]:
    return {row["person_id"]: row["status"] for row in await pool.fetch("select person_id, status from application")}


async def events(pool: asyncpg.Pool, action: str) -> list[tuple[str, str, str | None]]:
    rows = await pool.fetch(
        "select actor, person_id, details ->> 'note' as note from audit_event where action = $1 order by person_id",
        action,
    )
    return [tuple(row) for row in rows]


def names_in_list(page: httpx.Response) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page.text)]


async def test_twelve_are_accepted_with_one_preview_and_one_yes(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    page = await look(client, f"{BASE}/accept", {"people": WAITING})
    assert "Waiting Person 7 (W07) would be accepted; was on the waiting list." in html.unescape(page.text)
    assert "12 emails leave at once: 12 mentors are told what became of their application or match." in page.text
    assert set(await statuses(pool)) >= set(WAITING)
    assert [status for who, status in (await statuses(pool)).items() if who in WAITING] == ["waiting"] * 12
    done = await take(client, f"{BASE}/accept", {"people": WAITING}, note="places are free")
    assert "Accepted: Waiting Person 1, " in done.text
    assert {status for who, status in (await statuses(pool)).items() if who in WAITING} == {"accepted"}
    assert await events(pool, "accepted") == [(f"staff:{COORDINATOR}", who, "places are free") for who in WAITING]
    emailed = await pool.fetch("select scope_id from outbox where kind = 'status_changed' order by 1")
    assert [row["scope_id"] for row in emailed] == [f"mile-2019/{who}" for who in WAITING]


async def test_one_that_is_refused_is_named_and_stops_no_other(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    chosen: dict[str, str | list[str]] = {"people": ["M01", "W01"]}
    page = await look(client, f"{BASE}/withdraw", chosen)
    assert "Not Person M (M01): M01 is in a published pair of mile-2019." in page.text
    without_note = await client.post(f"{BASE}/withdraw", data=chosen | {"step-action": "confirm"})
    assert without_note.status_code == 422
    done = await take(client, f"{BASE}/withdraw", chosen, note="asked for it")
    assert "Withdrawn: Waiting Person 1. Not Person M (M01)" in done.text
    stored = await statuses(pool)
    assert (stored["M01"], stored["W01"]) == ("accepted", "withdrawn")
    assert await events(pool, "withdrawn") == [(f"staff:{COORDINATOR}", "W01", "asked for it")]


async def test_each_look_at_an_application_is_in_the_audit_log_and_not_on_its_page(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    for _ in range(2):
        assert "application viewed" not in (await client.get(f"{BASE}/M01")).text.casefold()
    assert (await client.get(f"{BASE}/M99")).status_code == 409
    assert await events(pool, "application_viewed") == [(f"staff:{COORDINATOR}", "M01", None)] * 2
    assert "Application viewed" in (await client.get("/staff/classes/mile-2019/audit")).text


async def test_refusal_is_that_of_the_command_and_the_page_adds_who_it_is_about(
    client: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await sign_in(client, COORDINATOR)
    page = await client.get("/staff/classes/mile-2019/intake/M01/call")
    assert page.status_code == 409
    assert re.findall(r'<p class="words">(.*)</p>', page.text) == [
        "M01 misses no answer of their intake any more.",
        "M01 is Person M.",
    ]
    # Whose name stands there already is not said again.
    assert "M01 is Person M." not in (await client.post(f"{BASE}/accept", data={"people": ["M01", "P01"]})).text


async def test_where_all_are_refused_nothing_is_done_and_the_boxes_stay_checked(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    refused = await client.post(f"{BASE}/accept", data={"people": ["M01", "P01"]})
    assert refused.status_code == 409
    assert "Not Person M (M01): M01 is already accepted." in refused.text
    assert re.findall(r'value="(\w+)" checked', refused.text) == ["M01", "P01"]
    assert await events(pool, "accepted") == []


async def test_people_are_put_on_the_waiting_list_but_for_who_is_in_a_pair(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    await pool.execute("update application set status = 'ineligible' where person_id = 'W01'")
    await pool.execute("update application set status = 'withdrawn' where person_id = 'W02'")
    path = f"{BASE}/waiting-list"
    done = await take(client, path, {"people": ["M01", "W01", "W02", "W03"]}, note="no places")
    assert "On the waiting list: Waiting Person 1." in done.text
    for why in ("is in a published pair", "W02 is withdrawn", "W03 is already on the waiting list"):
        assert why in done.text
    stored = await statuses(pool)
    assert [stored[who] for who in ("M01", "W01", "W02", "W03")] == ["accepted", "waiting", "withdrawn", "waiting"]
    assert await events(pool, "waitlisted") == [(f"staff:{COORDINATOR}", "W01", "no places")]
    emailed = await pool.fetch("select scope_id from outbox where kind = 'status_changed'")
    assert [row["scope_id"] for row in emailed] == ["mile-2019/W01"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"words": "roseau"}, ["Waiting Person 12"]),
        ({"words": "person m ely"}, ["Person M"]),
        ({"side": "mentee"}, ["Person P"]),
        ({"status": "accepted"}, ["Person M", "Person P"]),
        ({"status": "waiting", "words": "person 11"}, ["Waiting Person 11"]),
        ({"words": "nobody is called so"}, []),
    ],
)
async def test_list_has_whom_the_filter_and_the_search_name(
    client: httpx.AsyncClient, sign_in: SignIn, typed: dict[str, str], found: list[str]
) -> None:
    await sign_in(client, COORDINATOR)
    page = await client.post(BASE, data=typed)
    assert (page.status_code, names_in_list(page)) == (200, found)
    assert len(names_in_list(await client.get(BASE))) == 14


async def test_all_that_a_search_finds_are_checked_with_one_button(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)
    page = await client.post(BASE, data={"status": "waiting", "words": "ely", "check": "all"})
    assert re.findall(r'name="people" value="(\w+)" checked', page.text) == WAITING[:11]
    shown = await client.post(BASE, data={"status": "waiting", "words": "ely"})
    assert " checked" not in shown.text


async def test_what_is_typed_and_not_submitted_is_not_shown(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at) values "
        "('mile-2019', 'P01', 'mentee', 'p@example.org', $1, now(), now()),"
        "('mile-2019', 'A001', 'mentor', 'new@example.org', $2, now(), now())",
        json.dumps({"name": "Person P", "goal_1": "A goal in the making"}),
        json.dumps({"name": "Newcomer", "about": "Words of a draft"}),
    )
    shown = (await client.get(f"{BASE}/P01")).text
    assert "A secret goal" in shown
    assert "A goal in the making" not in shown
    begun = (await client.get(f"{BASE}/A001")).text
    assert "They have not submitted their application yet." in begun
    assert "Words of a draft" not in begun
    assert (await client.get(f"{BASE}/nobody")).status_code == 409


async def test_wishes_to_be_kept_apart_are_listed_by_name(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at) values "
        "('mile-2019', 'M01', 'mentor', 'm@example.org', $1, now(), now())",
        json.dumps({"name": "Person M", "keep_apart": "My <sister> in Duluth"}),
    )
    await sign_in(client, COORDINATOR)
    page = (await client.get("/staff/classes/mile-2019/keep-apart")).text
    assert '>Person M</a> (mentor)</dt><dd class="words">My &lt;sister&gt; in Duluth</dd>' in page


async def test_download_has_the_people_asked_for_and_is_audited(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    export = "/staff/classes/mile-2019/export"
    assert (await client.post(export, data={"side": "mentor"})).status_code == 422
    assert await events(pool, "exported") == []
    accepted = await client.post(export, data={"side": "mentor", "who": "accepted"})
    assert accepted.headers["content-disposition"] == 'attachment; filename="mile-2019-mentors.csv"'
    assert [row["id"] for row in csv.DictReader(io.StringIO(accepted.text))] == ["M01"]
    everybody = await client.post(export, data={"side": "mentor", "who": "all", "excel": "yes"})
    assert everybody.content.startswith(b"\xef\xbb\xbf")
    assert [row["id"] for row in csv.DictReader(io.StringIO(everybody.text.lstrip("\ufeff")))] == ["M01", *WAITING]
    left = await client.post(export, data={"side": "mentor", "who": "left"})
    assert len(list(csv.DictReader(io.StringIO(left.text)))) == 12
    assert len(await events(pool, "exported")) == 2
    assert len(await events(pool, "carry_over")) == 1


async def test_window_is_extended_and_closed(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    settings = await cohorts.cohort_settings(pool, "mile-2019")
    later = {"opens_on": date(now.year, 1, 1), "closes_on": date(now.year + 2, 3, 15)}
    institute = settings.institute.model_copy(
        update={"first_day": date(now.year + 3, 5, 8), "last_day": date(now.year + 3, 5, 10)}
    )
    moved = settings.model_copy(update={"applications": ApplicationWindow(**later), "institute": institute})
    await cohorts.save_settings(pool, moved, now)
    await sign_in(client, COORDINATOR)
    window = "/staff/classes/mile-2019/window"
    early = await client.post(f"{window}/extend", data={"until": str(date(now.year + 1, 1, 1))})
    assert early.status_code == 409
    assert "To close them now, close the window." in early.text
    done = await take(client, f"{window}/extend", {"until": str(date(now.year + 2, 4, 1))})
    assert f"until the end of {now.year + 2}-04-01" in done.text
    stored = (await cohorts.cohort_settings(pool, "mile-2019")).applications
    assert stored
    assert stored.closes_on == date(now.year + 2, 4, 1)
    seen = await client.get(f"{window}/close")
    assert "until now (waiting list)." in seen.text
    # Whoever reads this for some minutes says yes to the same.
    monkeypatch.setattr(ServiceContext, "now", lambda *_: datetime.now(UTC) + timedelta(minutes=3))
    sent = await client.post(f"{window}/close", data=hidden(seen) | {"step-action": "confirm", "note": "full"})
    assert sent.status_code == 303
    stored = (await cohorts.cohort_settings(pool, "mile-2019")).applications
    assert stored
    assert stored.closed_at
    assert [actor for actor, _, _ in await events(pool, "window_closed")] == [f"staff:{COORDINATOR}"]


async def test_past_mentor_is_left_out_and_invited_again(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    later = (await cohorts.cohort_settings(pool, "mile-2021")).model_copy(
        update={
            "institute": (await cohorts.cohort_settings(pool, "mile-2019")).institute.model_copy(
                update={"first_day": None, "last_day": date(2021, 5, 7)}
            )
        }
    )
    await cohorts.save_settings(pool, later, datetime.now(UTC))
    await give(pool, "mile-2021", COORDINATOR, StaffAccess.COORDINATOR)
    await sign_in(client, COORDINATOR)
    prospects = "/staff/classes/mile-2021/prospects"
    assert "Person M <small>M01</small>" in (await client.get(prospects)).text
    done = await take(client, f"{prospects}/leave-out", {"people": ["mile-2019/M01"]}, note="she asked")
    assert "M01 of mile-2019 is not invited to mentor." in done.text
    assert "Person M <small>M01</small>" not in (await client.get(prospects)).text
    assert await events(pool, "uninvited") == [(f"staff:{COORDINATOR}", "M01", "she asked")]
    await take(client, "/staff/classes/mile-2019/prospects/invite", {"people": ["mile-2019/M01"]})
    assert await pool.fetchval("select count(*) from application where uninvited_at is not null") == 0


async def test_address_gets_links_again(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    await sign_in(client, COORDINATOR)
    allow = "/staff/classes/mile-2019/allow"
    assert "Nothing would change." in (await client.post(allow, data={"address": "x@example.org"})).text
    stopped = "insert into stopped_mailbox (cohort_id, mailbox_hash, stopped_at) values ('mile-2019', $1, now())"
    await pool.execute(stopped, hashlib.sha256(b"x@example.org").digest())
    done = await take(client, allow, {"address": "X@example.org"}, note="he asked")
    assert "send links to this address again" in done.text
    assert await pool.fetchval("select count(*) from stopped_mailbox") == 0
    details = await pool.fetchval("select details::text from audit_event where action = 'public_emails_resumed'")
    assert "he asked" in details
    assert "example.org" not in details


@pytest.mark.browser
async def test_applications_are_accepted_by_keyboard(
    browser: Browser, app: Starlette, link: str, pool: asyncpg.Pool
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(link)
        await page.get_by_role("button", name="Sign in").click()
        await page.goto(BASE)
        # 14 presses accept 12 people.
        for who in WAITING:
            await page.locator(f"input[value={who}]").focus()
            await page.keyboard.press("Space")
        for button in ("Accept…", "Accept them"):
            await page.get_by_role("button", name=button).focus()
            async with page.expect_navigation():
                await page.keyboard.press("Enter")
        assert {(await statuses(pool))[who] for who in WAITING} == {"accepted"}


async def test_gap_of_an_intake_shows_the_last_reminder_and_call(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, COORDINATOR)
    intake = "/staff/classes/mile-2019/intake"
    assert "<td>challenges and hopes</td><td>none yet</td><td>none yet</td>" in (await client.get(intake)).text
    now = datetime.now(UTC)
    await application_review.enqueue_email(pool, "mile-2019", "P01", Side.MENTEE, kind=EmailKind.INTAKE, now=now)
    await pool.execute("update outbox set state = 'sent', sent_at = '2019-04-05 14:00Z' where kind = 'intake'")
    done = await take(client, f"{intake}/P01/call", {}, note="will do it on Sunday")
    assert "Your call with Person P is noted." in done.text
    assert f"{COORDINATOR}: will do it on Sunday</td>" in done.text
    assert "April 5, 2019" in done.text
    assert await events(pool, "intake_call_noted") == [(f"staff:{COORDINATOR}", "P01", "will do it on Sunday")]
    assert (await client.get(f"{intake}/M01/call")).status_code == 409
