"""Emails in a browser on a phone, in light and in dark, checked by axe-core."""

from collections.abc import Mapping
from typing import Literal

from playwright.async_api import Browser, Page

from tests.web.browser import AXE, RUN, TOO_WIDE, WITH_TARGET_SIZE, open_browser_page

# Colors alone differ in dark.
OPTIONS: dict[Literal["light", "dark"], Mapping[str, object]] = {
    "light": WITH_TARGET_SIZE,
    "dark": {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]},
}


async def barriers(browser: Browser, emails: Mapping[str, str]) -> dict[str, set[str]]:
    """Return what stands in a reader's way, by the email's name: axe's rules, and whether it is too wide."""
    async with open_browser_page(browser) as page:
        found = {name: await _barriers(page, html) for name, html in emails.items()}
    return {name: ids for name, ids in found.items() if ids}


async def _barriers(page: Page, html: str) -> set[str]:
    await page.set_content(html)
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.axe_script)
    found = set()
    for scheme, options in OPTIONS.items():
        await page.emulate_media(color_scheme=scheme)
        found |= {f"{violation['id']} in {scheme}" for violation in await page.evaluate(RUN, options)}
    if await page.evaluate(TOO_WIDE):
        found.add("too wide")
    return found
