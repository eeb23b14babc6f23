"""The agreement's page in a real browser: no barrier axe-core knows of in any state, no mouse and no script needed."""

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette

from schemas.agreement import CLAUSES
from schemas.words import Side
from tests.web.agreement.agreeing import TICKED, AgreementDesk, agrees, saves

pytestmark = pytest.mark.browser
# Each width and each colour scheme once: layout does not depend on colours, nor colours on layout.
LOOKS = [(390, "light"), (1280, "dark")]


@pytest.fixture
async def site(app: Starlette) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def assert_without_barriers(page: Page) -> None:
    found = await Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_every_state_of_the_page_is_without_barriers(
    browser: Browser, site: str, client: httpx.AsyncClient, links: dict[Side, str], *, width: int, scheme: str
) -> None:
    mentee, mentor = links[Side.MENTEE], links[Side.MENTOR]
    context = await browser.new_context(
        base_url=site, viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = await context.new_page()
    await page.goto(mentee)
    await assert_without_barriers(page)
    await page.get_by_role("button", name="I agree to this").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    await client.post(mentor, data=saves(0, {"contact": "By phone"}))
    await page.get_by_role("button", name="Save, and let").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await assert_without_barriers(page)
    for clause in CLAUSES:
        await page.get_by_label(clause.label).check()
    await page.get_by_role("button", name="I agree to this").click()
    await assert_without_barriers(page)
    await page.goto(mentor)
    await assert_without_barriers(page)
    await client.post(mentor, data=agrees(2, {"contact": "By phone"}))
    await page.goto(mentor)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Your agreement stands")
    await assert_without_barriers(page)
    await client.post(mentor, data=saves(2, TICKED, {"contact": "By letter"}))
    await page.goto(f"{mentee}?change=yes")
    for more in await page.locator("summary").all():
        await more.click()
    await assert_without_barriers(page)
    await context.close()


async def test_agreement_is_made_with_the_keyboard_and_without_scripts(
    browser: Browser, site: str, desk: AgreementDesk, mentee: str
) -> None:
    context = await browser.new_context(base_url=site, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(mentee)
    for clause in CLAUSES:
        await page.get_by_label(clause.label).focus()
        await page.keyboard.press("Space")
    await page.get_by_role("button", name="I agree to this").focus()
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    assert page.url.endswith("/thanks")
    assert (await desk.newest()).confirmed_by == (Side.MENTEE,)
    await context.close()
