"""Pages as a browser shows them: served on a port of their own, looked at in two ways, checked by axe-core."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page
from starlette.applications import Starlette

# Each width and each colour scheme once: layout does not depend on colours, nor colours on layout.
LOOKS = [(390, "light"), (1280, "dark")]
# What stands in an iframe is an email as it was sent, with tests of its own.
WITH_TARGET_SIZE = {"rules": {"target-size": {"enabled": True}}, "iframes": False}


@contextlib.asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """Serve pages and yield their address."""
    # Listening before it serves: the browser's first request waits for the server instead of failing.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


async def follow(button: Locator) -> None:
    """Press a button, or follow a link, and wait for the page it leads to: a click alone returns before."""
    async with button.page.expect_navigation():
        await button.click()


async def assert_without_barriers(page: Page) -> None:
    found = await Axe().run(page, options=WITH_TARGET_SIZE)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
