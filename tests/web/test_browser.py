"""The pages in a real browser: no barrier axe-core knows of, no mouse needed, no script, at every width and color."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import Page, expect

from schemas.enums import MilestoneKind, Outcome, Side
from schemas.forms.catalog import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser

    from tests.web.conftest import RecordingService

from tests.web.browser import assert_without_barriers, follow

pytestmark = pytest.mark.browser


async def test_every_form_is_without_barriers(page: Page, service: RecordingService) -> None:
    for kind in FORMS:
        await page.goto(service.link(kind, Side.MENTEE))
        await assert_without_barriers(page)
    for kind in (MilestoneKind.SELF_ASSESSMENT, MilestoneKind.CLOSURE_SURVEY):
        await page.goto(service.link(kind, Side.MENTOR))
        await assert_without_barriers(page)


async def test_every_form_with_errors_is_without_barriers(page: Page, service: RecordingService) -> None:
    for kind in FORMS:
        await page.goto(service.link(kind, Side.MENTEE))
        await follow(page.get_by_role("button"))
        assert await page.get_by_role("alert").is_visible()
        await assert_without_barriers(page)


async def test_farewell_thanks_and_closed_pages_are_without_barriers(page: Page, service: RecordingService) -> None:
    sent = {"answers": {"text": "Thank you."}, "answered_at": service.opens_at}
    closed = service.link(MilestoneKind.FOLLOW_UP, outcome=Outcome.MENTOR_WITHDREW, closes_at=service.opens_at)
    for link in (
        service.link(MilestoneKind.FAREWELL, shared="Ask early."),
        service.link(MilestoneKind.THANKS, Side.MENTEE, **sent),
        service.link(MilestoneKind.THANKS, Side.MENTOR),
        closed,
    ):
        await page.goto(link)
        await assert_without_barriers(page)


async def test_what_came_too_late_is_shown_without_barriers(
    page: Page, service: RecordingService, check_in: str
) -> None:
    await page.goto(check_in)
    await page.get_by_label("We have met").check()
    await page.get_by_label("What do you want to remember").fill("Bring the grant draft")
    service.time = service.closes_at
    await follow(page.get_by_role("button"))
    await expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
    await assert_without_barriers(page)


async def test_errors_and_thanks_are_without_barriers(page: Page, check_in: str) -> None:
    await page.goto(check_in)
    await page.get_by_label("How many times have you met").fill("often")
    await follow(page.get_by_role("button"))
    await assert_without_barriers(page)
    await page.get_by_label("We have met").check()
    await page.get_by_label("Please call me").check()
    await page.get_by_label("How many times have you met").fill("2")
    await follow(page.get_by_role("button"))
    await assert_without_barriers(page)


async def test_every_other_page_is_without_barriers(
    page: Page, service: RecordingService, check_in: str, catch: Callable[..., str]
) -> None:
    for path in ("/", "/nothing", "/r/lost", "/mailbox", f"/mailbox/{catch()}", "/mailbox"):
        await page.goto(path)
        await assert_without_barriers(page)
    for now in (service.opens_at.replace(year=2018), service.closes_at):
        service.time = now
        await page.goto(check_in)
        await assert_without_barriers(page)


async def test_emails_are_without_barriers(page: Page, welcome: str) -> None:
    await page.set_content(welcome)
    await assert_without_barriers(page)


async def test_form_can_be_filled_in_without_a_mouse(page: Page, service: RecordingService, check_in: str) -> None:
    await page.goto(check_in)
    keys = page.keyboard
    for key in ("Tab", "Tab", "Space", "ArrowDown", "Tab"):
        await keys.press(key)
    await keys.type("3")
    await keys.press("Tab")
    await keys.type("2")
    for key in ("Tab", "ArrowDown", "ArrowDown", "Tab", "Space", "Tab"):
        await keys.press(key)
    await keys.type("Bring the draft")
    await keys.press("Tab")
    async with page.expect_navigation():
        await keys.press("Enter")
    assert page.url.endswith("/thanks")
    assert service.saved[0].answers == {
        "status": "planned",
        "meetings": "3",
        "introductions": "2",
        "satisfaction": "3",
        "call_requested": "yes",
        "note_to_self": "Bring the draft",
    }


async def test_meeting_is_noted_without_a_mouse(page: Page, service: RecordingService) -> None:
    await page.goto(service.link(MilestoneKind.MEETING))
    keys = page.keyboard
    for key in ("Tab", "Tab", "Space", "Tab"):
        await keys.press(key)
    await keys.type("08022019")
    await page.get_by_label("In person").focus()
    for key in ("ArrowDown", "Tab", "Space", "Tab", "Tab", "Space"):
        await keys.press(key)
    await page.get_by_role("button").focus()
    async with page.expect_navigation():
        await keys.press("Enter")
    assert page.url.endswith("/thanks")
    assert service.saved[0].answers == {
        "held": "held",
        "held_on": "2019-08-02",
        "medium": "video",
        "topics": "goal_setting,leadership",
    }


async def test_errors_take_the_focus_and_lead_to_their_question(page: Page, check_in: str) -> None:
    await page.goto(check_in)
    await page.get_by_label("What do you want to remember").fill("A line\nand another")
    await follow(page.get_by_role("button"))
    # A browser gives autofocus with the first frame it draws, a moment after the page is there.
    await expect(page.get_by_role("alert")).to_be_focused()
    assert await page.get_by_label("What do you want to remember").input_value() == "A line\nand another"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    assert await page.get_by_label("We have met").is_checked()


async def test_focus_can_be_seen_on_everything_that_takes_it(page: Page, check_in: str) -> None:
    await page.goto(check_in)
    for _ in range(8):
        await page.keyboard.press("Tab")
        focused = "getComputedStyle(document.activeElement)"
        assert await page.evaluate(f"{focused}.outlineStyle") == "solid"
        assert await page.evaluate(f"parseFloat({focused}.outlineWidth)") >= 2


async def test_pages_work_with_scripts_switched_off(
    browser: Browser, site: str, service: RecordingService, check_in: str
) -> None:
    context = await browser.new_context(base_url=site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(check_in)
    await page.get_by_label("Not yet").check()
    await follow(page.get_by_role("button"))
    assert page.url.endswith("/thanks")
    await page.goto(service.link(MilestoneKind.THANKS, Side.MENTEE))
    await page.get_by_label("What would you like to thank your mentor for?").fill("Thank you.")
    await follow(page.get_by_role("button", name="Send to Solveig"))
    assert [response.answers for response in service.saved] == [{"status": "not_yet"}, {"text": "Thank you."}]
    await context.close()


async def test_pages_break_no_rule_of_their_own_policy(page: Page, check_in: str, catch: Callable[..., str]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    html = '<html><head></head><body><h1 style="font-size: 25px">Styled</h1></body></html>'
    for path in ("/", check_in, "/mailbox", f"/mailbox/{catch(html=html)}"):
        await page.goto(path)
    assert said == []
    heading = page.frame_locator("iframe").get_by_role("heading", level=1)
    assert await heading.evaluate("heading => getComputedStyle(heading).fontSize") == "25px"


async def test_link_in_a_caught_email_opens_its_form(
    page: Page, service: RecordingService, check_in: str, catch: Callable[..., str], site: str
) -> None:
    html = f'<html><head></head><body><a href="{site}{check_in}">Answer the check-in</a></body></html>'
    await page.goto(f"/mailbox/{catch(html=html)}")
    async with page.expect_popup() as opening:
        await page.frame_locator("iframe").get_by_role("link").click()
    form = await opening.value
    await form.get_by_label("We have met").check()
    await follow(form.get_by_role("button"))
    assert form.url.endswith("/thanks")
    assert service.saved[0].answers == {"status": "met"}
