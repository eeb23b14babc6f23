"""A participant's own page: all about their mentorship behind one link, and nothing that is their partner's alone."""

import re
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from domain.links import milestone_links_end_on
from domain.mentorship.my_mentorship import TITLES
from schemas.enums import MilestoneKind, Side
from storage import agreements
from tests.clocks import HandSetClock
from tests.emails.stored import PAIR, PLAN
from tests.services.conftest import FakeTemporal
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, press, served
from tests.web.participants.own_page.people import (
    CHECK_IN_OPEN,
    answer_everything,
    read_all,
    respond,
)

HELD = {"held": "held", "held_on": "2019-07-25", "medium": "video", "topics": "leadership"}


async def shown(client: httpx.AsyncClient, path: str) -> str:
    page = await client.get(path, follow_redirects=True)
    assert page.status_code == 200
    return text_of(page)


async def test_page_says_who_the_partner_is_what_waits_and_what_comes(
    client: httpx.AsyncClient, mine: dict[Side, str]
) -> None:
    page = await shown(client, mine[Side.MENTEE])
    assert "Your mentorship with Person M" in page
    assert "Library of Ely, Ely m@example.org" in page
    assert "It began on May 10, 2019 and ends on November 10, 2020." in page
    assert "A secret goal" in page
    waiting, _, coming = page.partition("What waits for you")[2].partition("What comes next")
    assert "Your check-in, by Saturday, August 10, 2019" in waiting
    assert "Your meeting" in coming
    assert "Show all dates to come" in coming
    assert "You get it here when your mentorship ends." in page


async def test_what_waits_is_answered_behind_its_link_and_waits_no_more(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    page = await client.get(mine[Side.MENTEE], follow_redirects=True)
    [link] = re.findall(r'<a href="(/m/[^"]*/forms/check_in-1)"', page.text)
    assert "Back to your mentorship" in await shown(client, link)
    wrong = await client.post(link, data={"status": "yachts"})
    assert wrong.status_code == 422
    assert f'href="/m/{link.split("/")[2]}/{PAIR}">Back to your mentorship' in wrong.text
    answered = await client.post(link, data={"status": "met", "satisfaction": "4"})
    assert answered.headers["location"] == f"{link}/thanks"
    thanks = await client.get(f"{link}/thanks")
    assert f'<a href="{link}">change your answers</a>' in thanks.text
    assert temporal.messages == [(f"mentorship-{PAIR}", "response_received")]
    assert await pool.fetchval("select actor from audit_event") == "participant:P01"
    after = await shown(client, mine[Side.MENTEE])
    assert "Your check-in, by" not in after
    assert "We have met" in after
    assert "Change your answers" in after


async def test_answers_cannot_be_changed_once_the_page_has_closed(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    await respond(pool, "check_in-1", Side.MENTEE, {"status": "met"})
    clock.time += timedelta(days=30)
    page = await shown(client, mine[Side.MENTEE])
    assert "We have met" in page
    assert "Change your answers" not in page


async def test_meeting_that_either_side_logged_is_on_both_pages_and_waits_for_nobody(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    due = PLAN.milestone("meeting-1")
    clock.time = due.opens_at + timedelta(hours=1)
    before = {side: await shown(client, path) for side, path in mine.items()}
    assert all("Your meeting, by" in page for page in before.values())
    await respond(pool, "meeting-1", Side.MENTOR, HELD | {"takeaway": "only for me"})
    for path in mine.values():
        page = await shown(client, path)
        assert "You met on Thursday, July 25, 2019, by video." in page
        assert "Your meeting, by" not in page
    assert "only for me" not in await shown(client, mine[Side.MENTEE])


async def test_agreement_is_shown_in_all_its_versions(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await respond(pool, "agreement", Side.MENTEE, {"goal_1": "Lead", "call_requested": "yes"})
    first = await agreements.newest(pool, PAIR)
    await pool.execute(
        "insert into agreement select mentorship_id, 2, contents || '{\"goal_1\": \"Follow\"}', 'mentor', written_at, "
        "mentor_confirmed_at, mentee_confirmed_at from agreement"
    )
    page = await shown(client, f"{mine[Side.MENTOR]}/{PAIR}/agreements")
    assert first.contents["goal_1"] == "Lead"
    assert "Version 2, written by Person M" in page
    assert "Version 1, written by Person P" in page
    assert "Lead" in page
    assert "call" not in page


@pytest.mark.parametrize("author", list(Side))
async def test_partner_sees_nothing_that_is_not_for_them(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock, author: Side
) -> None:
    # All is answered, and everything that opens anywhere is open or over.
    clock.time = datetime(2020, 12, 1, tzinfo=UTC)
    await respond(pool, "agreement", author, {"goal_1": "Lead"})
    read = []
    for private in (0, 1):
        await answer_everything(pool, author, private=private)
        await respond(pool, "agreement", author, {"goal_1": "Lead"} | ({"call_requested": "yes"} if private else {}))
        read.append(await read_all(client, mine[author.partner]))
    assert len(read[0]) > 5
    # Whatever the author answers where the partner may not look, the partner's pages are the same to the letter.
    assert read[0] == read[1]
    assert "words of" not in "".join(read[0].values())


async def test_author_sees_their_own_words_again(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    clock.time = datetime(2020, 12, 1, tzinfo=UTC)
    await answer_everything(pool, Side.MENTEE, private=0)
    page = await shown(client, mine[Side.MENTEE])
    assert "words of check_in-1 note_to_self 0" in page
    assert "words of thanks-1 text 0" in page


async def test_looking_at_every_page_changes_nothing(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    counts = "select (select count(*) from response), (select count(*) from audit_event), (select count(*) from outbox)"
    before = await pool.fetchrow(counts)
    for path in mine.values():
        await read_all(client, path)
    assert await pool.fetchrow(counts) == before
    assert temporal.messages == []


async def test_who_can_see_what_is_said_by_the_rule_of_each_question(
    client: httpx.AsyncClient, mine: dict[Side, str]
) -> None:
    page = await shown(client, f"{mine[Side.MENTEE]}/{PAIR}/readers")
    alone, _, rest = page.partition("Only you can see this.")[2].partition("Who can see this:")
    assert "What do you want to remember for your next meeting?" in alone
    assert "Please call me" not in alone
    called = next(part for part in rest.split("Who can see this:") if "Please call me" in part)
    assert called.startswith(" you and staff.")


async def test_mentor_of_several_chooses_and_each_has_a_page(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute(
        'insert into application select (jsonb_populate_record(a, \'{"person_id": "P02", "email": "q@example.org", '
        '"answers": {"id": "P02", "name": "Person Q", "email": "q@example.org", "library": "L", "town": "T", '
        '"role": "R", "library_type": "public"}}\')).* from application a where person_id = \'P01\''
    )
    await pool.execute(
        'insert into mentorship select (jsonb_populate_record(m, \'{"id": "mile-2019-002", "mentee_id": "P02"}\')).* '
        "from mentorship m"
    )
    both = await client.get(mine[Side.MENTOR])
    assert {"Person P", "Person Q"} <= set(re.findall(r"Person \w", both.text))
    assert "Your mentorship with Person Q" in await shown(client, f"{mine[Side.MENTOR]}/mile-2019-002")
    # A mentee has their own mentorship only.
    assert (await client.get(f"{mine[Side.MENTEE]}/mile-2019-002")).status_code == 404


async def test_link_opens_nothing_of_others_and_nothing_where_it_is_revoked_or_too_old(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    mentor = mine[Side.MENTOR]
    not_theirs = (f"{PAIR}/forms/goal_check_in-1", f"{PAIR}/forms/welcome", f"{PAIR}/forms/nothing", "mile-2019-009")
    assert [(await client.get(f"{mentor}/{path}")).status_code for path in not_theirs] == [404] * 4
    assert (await client.get(f"/m/{'a' * 26}")).status_code == 404
    last = max(due.closes_on for due in PLAN.milestones)
    clock.time = datetime.combine(milestone_links_end_on(last) + timedelta(days=2), clock.time.time(), UTC)
    assert (await client.get(f"{mentor}/{PAIR}")).status_code == 404
    clock.time = CHECK_IN_OPEN
    assert (await client.get(f"{mentor}/{PAIR}")).status_code == 200
    await pool.execute("update personal_link set revoked_at = now()")
    assert (await client.get(f"{mentor}/{PAIR}")).status_code == 404


async def test_before_the_mentorship_the_link_leads_to_the_application(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute("update mentorship set started_at = null")
    answer = await client.get(mine[Side.MENTEE])
    assert answer.headers["location"] == mine[Side.MENTEE].replace("/m/", "/a/")


async def test_certificate_is_there_from_the_end_on(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    await pool.execute("update mentorship set outcome = 'completed', phase = 'after'")
    page = await client.get(mine[Side.MENTOR], follow_redirects=True)
    [link] = re.findall(r'<a href="(/m/[^"]*/forms/farewell)"', page.text)
    farewell = await client.get(link)
    assert f'href="{link}/certificate.pdf"' in farewell.text
    pdf = await client.get(f"{link}/certificate.pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize("outcome", ["completed", "mentor_withdrew"])
async def test_page_no_longer_says_how_to_reach_the_partner_once_the_mentorship_has_ended(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, outcome: str
) -> None:
    moved = '{"town": "Duluth", "email": "moved@example.org"}'
    await pool.execute("update application set answers = answers || cast($1 as jsonb) where person_id = 'P01'", moved)
    page = await shown(client, mine[Side.MENTOR])
    assert "Duluth moved@example.org" in page
    await pool.execute("update mentorship set outcome = $1, phase = 'after'", outcome)
    page = await shown(client, mine[Side.MENTOR])
    assert "Your mentorship with Person P" in page
    assert "moved@example.org" not in page
    assert "Duluth" not in page


@pytest.mark.browser
async def test_pages_work_in_a_browser_by_keyboard_and_without_barriers(
    app: Starlette, browser: Browser, pool: asyncpg.Pool, mine: dict[Side, str]
) -> None:
    await respond(pool, "meeting-1", Side.MENTOR, HELD)
    await respond(pool, "agreement", Side.MENTEE, {"goal_1": "Lead"})
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(mine[Side.MENTEE])
        await assert_without_barriers(page)
        await press(page.get_by_role("link", name="Your check-in, by"))
        await page.get_by_label("We have met").check()
        await press(page.get_by_role("button"))
        await press(page.get_by_role("link", name="Back to your mentorship"))
        await page.get_by_text("Your check-in, August 10").click()
        await assert_without_barriers(page)
        for name in ("Who can see what", "See every version", "More about this in your handbook"):
            await follow(page.get_by_role("link", name=name))
            await assert_without_barriers(page)
            await follow(page.get_by_role("link", name="Back to your mentorship"))
        await pool.execute("""update cohort set settings = settings || '{"languages": ["en", "es"]}'""")
        await pool.execute("update application set language = 'es'")
        await page.reload()
        assert await page.locator("html").get_attribute("lang") == "es"
        await assert_without_barriers(page)


def test_every_kind_of_milestone_that_asks_has_a_title() -> None:
    assert {due.kind for due in PLAN.milestones} - {MilestoneKind.WELCOME} <= set(TITLES)
