"""Applying in a real browser: without a mouse, without a script, without barriers at every width and color."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from schemas.enums import ApplicationStatus, Side
from schemas.forms.applying import PAGES
from storage import applicants, cohorts
from tests.clocks import HandSetClock
from tests.web.applicants.people import BEFORE, CLOSES, COHORT_ID, KICKOFF, MENTOR, OPEN, link, settings
from tests.web.browser import assert_without_barriers, follow

pytestmark = pytest.mark.browser
APPLY, ASK = f"/apply/{COHORT_ID}", f"/ask/{COHORT_ID}"


@pytest.fixture
async def plain(browser: Browser, site: str) -> AsyncIterator[Page]:
    """A narrow page on which no script runs."""
    context = await browser.new_context(
        base_url=site, viewport={"width": 390, "height": 900}, java_script_enabled=False
    )
    yield await context.new_page()
    await context.close()


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def type_in(page: Page, *words: str) -> None:
    """Go from field to field and type, as one does who never touches a mouse."""
    for each in words:
        await page.keyboard.press("Tab")
        await page.keyboard.type(each)


async def enter(page: Page) -> None:
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_public_pages_are_without_barriers_in_every_state(
    page: Page, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    for now in (BEFORE, OPEN, CLOSES, KICKOFF):
        clock.time = now
        await page.goto(APPLY)
        await assert_without_barriers(page)
    clock.time = OPEN
    for path, button in ((APPLY, "Email me my link"), (ASK, "Send my question")):
        await page.goto(path)
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name=button))
        assert await page.get_by_role("alert").is_visible()
        await assert_without_barriers(page)
        await page.goto(f"{path}/sent")
        await assert_without_barriers(page)
    assert await pool.fetchval("select count(*) from outbox") == 0


@pytest.mark.parametrize("side", list(Side))
async def test_pages_behind_a_link_are_without_barriers(
    page: Page, pool: asyncpg.Pool, draft_page: str, side: Side
) -> None:
    personal = draft_page if side is Side.MENTOR else await link(pool, "P01")
    paths = [f"/form/{number}?check=yes" for number in range(1, len(PAGES[side]) + 1)]
    for path in ("", *paths, "/review"):
        await page.goto(f"{personal}{path}")
        await assert_without_barriers(page)
    await follow(page.get_by_role("button", name="Submit", exact=True))
    assert await page.get_by_role("alert").is_visible()
    await assert_without_barriers(page)


async def test_pages_of_an_application_that_is_handed_in_are_without_barriers(
    page: Page, pool: asyncpg.Pool, draft_page: str
) -> None:
    for number, typed in enumerate(MENTOR, start=1):
        await page.request.post(f"{draft_page}/form/{number}", form={**typed, "go": "on", "years": "2"})
    await page.goto(f"{draft_page}/review")
    await assert_without_barriers(page)
    await follow(page.get_by_role("button", name="Submit", exact=True))
    for path in ("", "/review", "/withdraw", "/not-me"):
        await page.goto(f"{draft_page}{path}")
        await assert_without_barriers(page)
    assert (await applicants.applicant(pool, COHORT_ID, "A001")).status is ApplicationStatus.INELIGIBLE


async def test_mentor_applies_without_a_mouse_and_without_a_script(plain: Page, pool: asyncpg.Pool) -> None:
    await plain.goto(APPLY)
    # Past the links to both handbooks.
    await press(plain, "Tab", "Tab", "Tab")
    await type_in(plain, "solveig@example.org")
    await enter(plain)
    assert await plain.get_by_role("heading", name="Check your email").is_visible()
    personal = await link(pool, "A001")
    await plain.goto(personal)
    await press(plain, "Tab", "Tab")
    await enter(plain)

    # On each page of the form the first link leads back to the application.
    assert await plain.get_by_role("heading", name="About you").is_visible()
    await press(plain, "Tab", "Tab")
    await type_in(plain, "Solveig Aaberg", "Solly", "she/her", "Clerk", "Library of Ely")
    await press(plain, "Tab", "Space", "ArrowDown")
    await type_in(plain, "Ely")
    await enter(plain)

    assert await plain.get_by_role("heading", name="Your experience").is_visible()
    await press(plain, "Tab", "Tab")
    await type_in(plain, "12", "2013")
    await press(plain, "Tab", "Space", "ArrowDown", "Tab")
    await enter(plain)

    assert await plain.get_by_role("heading", name="What you can offer").is_visible()
    await press(plain, "Tab", "Tab", "Tab", "Tab", "Tab", "Space")
    for _ in range(9):
        await press(plain, "Tab")
    await type_in(plain, "I rebuilt a library after a flood.")
    await press(plain, "Tab")
    await enter(plain)

    assert await plain.get_by_role("heading", name="How you work").is_visible()
    await press(plain, "Tab", "Tab", "Tab", "Space", "Tab", "Space", "Tab", "Tab", "Tab", "Tab", "Tab", "Space")
    await type_in(plain, "2")
    await enter(plain)

    assert await plain.get_by_role("heading", name="Anyone we should not match you with?").is_visible()
    await press(plain, "Tab", "Tab")
    await type_in(plain, "Nobody from Duluth, please.")
    await press(plain, "Tab")
    await enter(plain)

    assert await plain.get_by_role("heading", name="Review your application").is_visible()
    assert not await plain.get_by_role("heading", name="Still to do").is_visible()
    # The last link before the button leads to the handbook.
    for _ in range(8):
        await press(plain, "Tab")
    await enter(plain)
    assert await plain.get_by_role("heading", name="Your application is accepted").is_visible()
    (applied,) = await cohorts.mentors(pool, COHORT_ID)
    assert applied.model_dump(exclude_defaults=True, mode="json") == {
        "id": "A001",
        "email": "solveig@example.org",
        "name": "Solveig Aaberg",
        "preferred_name": "Solly",
        "pronouns": "she/her",
        "role": "Clerk",
        "library": "Library of Ely",
        "library_type": "academic",
        "town": "Ely",
        "years": 12,
        "last_attended": 2013,
        "offers": ["leadership"],
        "about": "I rebuilt a library after a flood.",
        "working_style": "structured",
        "availability": ["mornings"],
        "library_type_wish": "other",
        "capacity": 2,
    }


async def test_what_is_still_to_do_leads_to_its_question(plain: Page, draft_page: str) -> None:
    await plain.goto(f"{draft_page}/review")
    await follow(plain.get_by_role("link", name="How many years have you worked in libraries?"))
    assert plain.url.endswith("/form/2?check=yes#years")
    assert await plain.title() == "Please correct: Your experience (page 2 of 5) – MILE"
    years = plain.get_by_label("How many years have you worked in libraries?")
    # The summary above takes the focus only where no link led to a question.
    await expect(years).to_be_focused()
    await expect(years).to_have_accessible_description(re.compile("Please answer this question"))
    await years.fill("twelve")
    await follow(plain.get_by_role("button", name="Save and review"))
    assert await plain.get_by_text("Please enter a whole number from 0 to 70, such as 3.").first.is_visible()
    assert await plain.get_by_text("twelve").is_visible()


async def test_window_that_closes_while_one_types_loses_nothing(
    plain: Page, draft_page: str, clock: HandSetClock, pool: asyncpg.Pool
) -> None:
    await cohorts.save_settings(pool, settings(waiting_list=False), OPEN)
    for number, typed in enumerate(MENTOR[:-1], start=1):
        await plain.request.post(f"{draft_page}/form/{number}", form={**typed, "go": "on"})
    await plain.goto(f"{draft_page}/form/5")
    await plain.get_by_role("textbox").fill("My cousin Ada")
    clock.time = CLOSES
    await follow(plain.get_by_role("button", name="Save and continue"))
    await follow(plain.get_by_role("button", name="Submit", exact=True))
    assert await plain.get_by_role("alert").is_visible()
    assert await plain.get_by_text("We saved what you wrote.").first.is_visible()
    assert await plain.get_by_text("My cousin Ada").is_visible()


async def test_question_is_asked_without_a_mouse(plain: Page, pool: asyncpg.Pool) -> None:
    await plain.goto(ASK)
    await press(plain, "Tab")
    await type_in(plain, "", "curious@example.org", "Is it much work?")
    await press(plain, "Tab")
    await enter(plain)
    assert await plain.get_by_role("heading", name="We sent your question").is_visible()
    assert await pool.fetchval("select text from inquiry") == "Is it much work?"
