"""Pages as a browser shows them: served on a port of their own, looked at in two ways, checked by axe-core."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterable
from typing import Literal, NamedTuple

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page
from starlette.applications import Starlette


class Look(NamedTuple):
    """How wide a browser's window is, in CSS pixels, and which colors its owner prefers."""

    width: int
    scheme: Literal["light", "dark"]


HEIGHT = 900
PHONE, DESK = Look(390, "light"), Look(1280, "dark")
# Each width and each color scheme once: no rule of the stylesheet joins a width with a color.
LOOKS = (PHONE, DESK)
ALL_LOOKS = (PHONE, Look(390, "dark"), DESK, Look(1280, "light"))
AXE = Axe()
RUN = "async options => (await axe.run(document, options)).violations"
# What stands in an iframe is an email as it was sent, with tests of its own; what is in order need not be listed.
WITH_TARGET_SIZE = {"rules": {"target-size": {"enabled": True}}, "iframes": False, "resultTypes": ["violations"]}
# A width or a color scheme changes what these rules look at, and nothing else of a page.
BY_LOOK = WITH_TARGET_SIZE | {
    "runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


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
    browser: Browser, site: str | None = None, *, look: Look = PHONE, scripts: bool = True
) -> AsyncIterator[Page]:
    """Yield an empty browser page in one look."""
    context = await browser.new_context(
        base_url=site,
        java_script_enabled=scripts,
        viewport={"width": look.width, "height": HEIGHT},
        color_scheme=look.scheme,
        # Colors that fade into each other would be measured on their way.
        reduced_motion="reduce",
    )
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
    assert await barriers(page) == [], page.url


async def barriers(page: Page, looks: Iterable[Look] = LOOKS) -> list[str]:
    """Return what axe finds on a page that is open in the first look, in full, and then what may differ in the others.

    A page that is wider than the window is a barrier, too. The page is left in the first look.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.axe_script)
    first, *others = looks
    found = await _barriers(page, first, WITH_TARGET_SIZE)
    for look in others:
        await _show_in(page, look)
        found += await _barriers(page, look, BY_LOOK)
    await _show_in(page, first)
    return found


async def _barriers(page: Page, look: Look, options: dict[str, object]) -> list[str]:
    found = [
        f"{look.width} {look.scheme}: {violation['id']} at {node['target']}"
        for violation in await page.evaluate(RUN, options)
        for node in violation["nodes"]
    ]
    return [*found, f"{look.width} {look.scheme}: too wide"] if await page.evaluate(TOO_WIDE) else found


async def _show_in(page: Page, look: Look) -> None:
    await page.emulate_media(color_scheme=look.scheme)
    await page.set_viewport_size({"width": look.width, "height": HEIGHT})
