"""The agreement's page in a real browser: no barrier axe-core knows of in any state, no mouse and no script needed."""

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from schemas.enums import Side
from schemas.forms.agreement import CLAUSES
from tests.web.browser import assert_without_barriers, follow, press
from tests.web.participants.agreement.answers import TICKED, AgreementService, agrees, saves

pytestmark = pytest.mark.browser


async def test_every_state_of_the_page_is_without_barriers(
    page: Page, client: httpx.AsyncClient, links: dict[Side, str]
) -> None:
    mentee, mentor = links[Side.MENTEE], links[Side.MENTOR]
    await page.goto(mentee)
    await assert_without_barriers(page)
    on = page.get_by_role("button", name="Save and continue")
    await follow(on)
    await page.get_by_label("Your own dates").fill("next week")
    await follow(on)
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    await page.get_by_label("Your own dates").fill("")
    for _ in range(3):
        await follow(on)
        await assert_without_barriers(page)
    await follow(page.get_by_role("link", name=CLAUSES[0].label))
    for clause in CLAUSES:
        await page.get_by_label(clause.label).check()
    await client.post(mentor, data=saves(0, {"contact": "By phone"}))
    await follow(on)
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    await follow(page.get_by_role("button", name="I sign off on this"))
    await assert_without_barriers(page)
    await page.goto(mentor)
    await assert_without_barriers(page)
    await client.post(mentor, data=agrees(2, {"contact": "By phone"}))
    await page.goto(mentor)
    await expect(page.get_by_role("heading", level=1)).to_have_text("You have both signed off on your agreement")
    await assert_without_barriers(page)
    await client.post(mentor, data=saves(2, TICKED, {"contact": "By letter"}))
    await page.goto(f"{mentee}?change=yes")
    for more in await page.locator("summary").all():
        await more.click()
    await assert_without_barriers(page)


async def test_agreement_is_made_with_the_keyboard_and_without_scripts(
    browser: Browser, site: str, service: AgreementService, mentee: str
) -> None:
    context = await browser.new_context(base_url=site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(mentee)
    on = page.get_by_role("button", name="Save and continue")
    for _ in range(3):
        await press(on)
    for clause in CLAUSES:
        await page.get_by_label(clause.label).focus()
        await page.keyboard.press("Space")
    await press(on)
    await press(page.get_by_role("button", name="I sign off on this"))
    assert page.url.endswith("/thanks")
    assert (await service.newest()).confirmed_by == (Side.MENTEE,)
    await context.close()
