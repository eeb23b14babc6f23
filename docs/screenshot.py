"""The screenshot of docs/mentorship.md: a check-in page of the demo, at a moment when its form was open.

Run it beside a demo that has been played and keeps serving: ``.venv/bin/python -m docs.screenshot [FOLDER]``. It needs
a Chromium: one on the PATH, one named in ``CHROMIUM``, or Playwright's own.
"""

import asyncio
import contextlib
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import uvicorn
from playwright.async_api import async_playwright

from runtime.clock import Clock
from runtime.local_stack.stack_discovery import present_settings
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.errors import Refusal
from services.responses import ResponseService
from storage.database import open_pool
from web.app import create_app
from web.mailbox_reader import read_email, read_emails

PICTURE = Path(__file__).parent / "pictures" / "check-in.png"
SUBJECT = "check-in 1 by"
LINK = re.compile(r"/r/[a-z2-7]{26}")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class StoppedClock(Clock):
    """A clock that stands at one moment, whoever asks."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self, scope_id: str) -> datetime:
        """Return the one moment."""
        return self._moment


def first_check_in(folder: Path) -> tuple[str, datetime]:
    """Return the path of the first check-in's page, and when the email with its link was written."""
    for envelope in sorted(read_emails(folder), key=lambda envelope: (envelope.at, envelope.to)):
        caught = read_email(folder, envelope.key) if SUBJECT in envelope.subject else None
        if caught and (link := LINK.search(caught.text)):
            return link.group(), envelope.at
    raise Refusal(f"There is no check-in email in {folder}. Play the demo first: make demo")


@contextlib.asynccontextmanager
async def pages_at(settings: Settings, moment: datetime) -> AsyncIterator[str]:
    """Serve the demo's pages as they were at a moment; yield their address."""
    client = await connect(settings, lazy=True)
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            app = create_app(ResponseService(pool, client, StoppedClock(moment)))
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True
            await serving


async def take_picture(address: str) -> None:
    """Open a page in a Chromium and keep what it shows."""
    options = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        page = await browser.new_page(viewport={"width": 760, "height": 900})
        await page.goto(address)
        await page.screenshot(path=PICTURE)
        await browser.close()


async def main(folder: Path) -> None:
    """Take the screenshot from the stack that runs in this folder."""
    settings = present_settings(folder)
    if settings.mailbox is None:
        raise Refusal(f"The service in {folder} has no mailbox of captured emails; run: make demo")
    path, moment = first_check_in(settings.mailbox)
    async with pages_at(settings, moment) as address:
        await take_picture(f"{address}{path}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".mile/demo")))
