"""Emails in a browser on a phone, in light and in dark, checked by axe-core."""

from collections.abc import Mapping
from typing import Literal

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.web.browser import LOOKS, WITH_TARGET_SIZE

PHONE = LOOKS["390-light"]["viewport"]
AXE = Axe()
RUN = "async options => (await axe.run(document, options)).violations"
# Colors alone differ in dark.
OPTIONS: dict[Literal["light", "dark"], Mapping[str, object]] = {
    "light": WITH_TARGET_SIZE,
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]},
}


async def barriers(browser: Browser, emails: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what stands in a reader's way, by the email's name: axe's rules, and whether it is too wide."""
    context = await browser.new_context(viewport=PHONE)
    page = await context.new_page()
    found = {name: await _barriers(page, html) for name, html in emails.items()}
    await context.close()
    return {name: ids for name, ids in found.items() if ids}


async def _barriers(page: Page, html: str) -> set[str]:
    await page.set_content(html)
    await page.evaluate(AXE.axe_script)
    found = set()
    for scheme, options in OPTIONS.items():
        await page.emulate_media(color_scheme=scheme)
        found |= {f"{violation['id']} in {scheme}" for violation in await page.evaluate(RUN, options)}
    if not await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        found.add("too wide")
    return found
