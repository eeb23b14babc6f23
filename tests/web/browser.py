"""Pages as a browser shows them: served on a port of their own, looked at in two ways, checked by axe-core."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Literal, TypedDict

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, ViewportSize
from starlette.applications import Starlette


class Look(TypedDict):
    """A browser's window, in Playwright's words."""

    viewport: ViewportSize
    color_scheme: Literal["light", "dark"]


# Each width and each color scheme once: layout does not depend on colors, nor colors on layout.
LOOKS: dict[str, Look] = {
    "390-light": {"viewport": {"width": 390, "height": 900}, "color_scheme": "light"},
    "1280-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
# What stands in an iframe is an email as it was sent, with tests of its own; what is in order need not be listed.
WITH_TARGET_SIZE = {"rules": {"target-size": {"enabled": True}}, "iframes": False, "resultTypes": ["violations"]}


@contextlib.asynccontextmanager
async def served(app: Starlette, bound: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve pages, on a port of their own or on one that is bound already, and yield their address."""
    # Listening before it serves: the browser's first request waits for the server instead of failing.
    with bound or socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def open_browser_page(
    browser: Browser, look: str, site: str | None = None, *, scripts: bool = True
) -> AsyncIterator[Page]:
    """Yield an empty browser page in one combination of width and color scheme."""
    context = await browser.new_context(base_url=site, java_script_enabled=scripts, **LOOKS[look])
    yield await context.new_page()
    await context.close()


async def follow(button: Locator) -> None:
    """Press a button, or follow a link, and wait for the page it leads to: a click alone returns before."""
    async with button.page.expect_navigation():
        await button.click()


async def press(control: Locator) -> None:
    """Press Enter on a button or a link, as one does without a mouse, and wait for the page it leads to."""
    await control.focus()
    async with control.page.expect_navigation():
        await control.page.keyboard.press("Enter")


async def assert_without_barriers(page: Page) -> None:
    results = await Axe().run(page, options=WITH_TARGET_SIZE)
    assert results.violations_count == 0, f"{page.url}: {results.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
