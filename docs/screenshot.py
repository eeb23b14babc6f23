"""The screenshots of the documents: pages of the demo's participants as they were then, and staff's main pages.

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
from playwright.async_api import Browser, ViewportSize, async_playwright

from domain.calendar import months_after
from runtime.clock import Clock
from runtime.local_stack.stack_discovery import present_settings
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.enums import Phase
from schemas.errors import Refusal
from schemas.mentorship.my_mentorship import MilestoneForSide, MyMentorship
from schemas.mentorship.responses import ResponsePage
from services.context import ServiceContext
from services.meetings import MeetingService
from services.my_mentorship import MyMentorshipService
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from storage.database import open_pool
from web.app import create_app
from web.mailbox_reader import read_email, read_emails

PICTURES = Path(__file__).parent / "pictures"
# Staff's main pages by the name of their picture, and the width of the window.
STAFF_PAGES = {
    "staff-home": ("/staff", 1100),
    "staff-board": ("/staff/classes/{cohort}/board", 1100),
    "staff-heat-map": ("/staff/classes/{cohort}/heat-map", 1100),
    "staff-matching": ("/staff/classes/{cohort}/matching/runs/1", 1100),
    "staff-mentorship": ("/staff/mentorships/{cohort}-001", 390),
}
SUBJECT = "check-in 1 by"
LINK = re.compile(r"/r/[a-z2-7]{26}")
OWN_PAGE = re.compile(r"/m/[a-z2-7]{26}/[\w-]+")
# What an email says that asks several things, behind one link.
SEVERAL = "step by step"
PHONE = ViewportSize(width=390, height=844)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


class StoppedClock(Clock):
    """A clock that stands at one moment, whoever asks."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self, scope_id: str) -> datetime:
        """Return the one moment."""
        return self._moment


class ResponsesThen(ResponseService):
    """The pages behind an email's link before anything was answered."""

    async def open(self, token_hash: bytes) -> ResponsePage | None:
        """Return what a link opened then."""
        page = await super().open(token_hash)
        steps = tuple(step.model_copy(update={"answered": False}) for step in page.steps) if page else ()
        return page and page.model_copy(update={"answers": {}, "answered_at": None, "steps": steps})


class MyMentorshipThen(MyMentorshipService):
    """Participants' own pages as they were at the moment of the clock, without what came later."""

    async def open(self, token_hash: bytes, mentorship_id: str) -> MyMentorship | None:
        """Return what was known of a mentorship then."""
        page = await super().open(token_hash, mentorship_id)
        if page is None:
            return None
        ends_on = months_after(page.pair.starts_on, page.cohort.timeline.months)
        return page.model_copy(
            update={
                "pair": page.pair.model_copy(update={"ends_on": ends_on}),
                "outcome": None,
                "phase": Phase.ENABLING,
                "paused": False,
                "milestones": tuple(_then(each, page.now) for each in page.milestones),
                "agreements": tuple(
                    each for each in page.agreements if each.written_at and each.written_at <= page.now
                ),
            }
        )


def _then(milestone: MilestoneForSide, now: datetime) -> MilestoneForSide:
    if milestone.opens_at <= now and (milestone.answered_at is None or milestone.answered_at <= now):
        return milestone
    return milestone.model_copy(update={"answers": {}, "answered_at": None, "shared": {}})


def first_check_in(folder: Path, says: str = "") -> tuple[str, str, datetime]:
    """Return the paths of the first check-in's page and of its reader's own, and when the email with both was written.

    It is the first of those whose email ``says`` something.
    """
    for envelope in sorted(read_emails(folder), key=lambda envelope: (envelope.at, envelope.to)):
        caught = read_email(folder, envelope.key) if SUBJECT in envelope.subject else None
        if caught and says in caught.text and (link := LINK.search(caught.text)):
            own = OWN_PAGE.search(caught.text)
            return link.group(), own.group() if own else "", envelope.at
    raise Refusal(f"There is no check-in email in {folder}. Play the demo first: make demo")


@contextlib.asynccontextmanager
async def pages_at(settings: Settings, moment: datetime) -> AsyncIterator[str]:
    """Serve the demo's pages as they were at a moment; yield their address."""
    client, then = await connect(settings, lazy=True), StoppedClock(moment)
    async with open_pool(settings.database_url.get_secret_value()) as pool:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            app = create_app(
                ResponsesThen(pool, client, then),
                my_mentorship=MyMentorshipThen(pool, then),
                meetings=MeetingService(ServiceContext(settings, pool, client)),
            )
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
            server.should_exit = True
            await serving


@contextlib.asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Open a Chromium."""
    options = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        await browser.close()


async def take_picture(browser: Browser, address: str) -> None:
    """Open a participant's page and keep what it shows."""
    page = await browser.new_page(viewport={"width": 760, "height": 900})
    await page.goto(address)
    await page.screenshot(path=PICTURES / "check-in.png")


async def take_pictures_on_a_phone(browser: Browser, pages: dict[str, str]) -> None:
    """Keep what a phone shows of participants' pages, by the name of the picture."""
    page = await browser.new_page(viewport=PHONE)
    for name, address in pages.items():
        await page.goto(address)
        await page.screenshot(path=PICTURES / f"{name}.png")


async def take_pictures_of_staff(browser: Browser, settings: Settings) -> None:
    """Sign in as the demo's contact and keep what the main pages show."""
    async with open_pool(settings.database_url.get_secret_value(), size=2) as pool:
        # The newest role of the class that was played; the others of the demo are of an earlier class.
        row = await pool.fetchrow("select cohort_id, email from role_holder order by id desc limit 1")
        if row is None:
            raise Refusal("Nobody holds a role in this stack. Play the demo first: make demo")
        token = await StaffSessionService(pool).new_link(row["email"])
    page = await browser.new_page(base_url=settings.public_url)
    await page.goto(f"/staff/sign-in/{token}")
    await page.get_by_role("button", name="Sign in").click()
    for name, (path, width) in STAFF_PAGES.items():
        await page.set_viewport_size({"width": width, "height": 900})
        await page.goto(path.format(cohort=row["cohort_id"]))
        await page.screenshot(path=PICTURES / f"{name}.png")


async def main(folder: Path) -> None:
    """Take the screenshots from the stack that runs in this folder."""
    settings = present_settings(folder)
    if settings.mailbox is None:
        raise Refusal(f"The service in {folder} has no mailbox of captured emails; run: make demo")
    path, _, moment = first_check_in(settings.mailbox)
    steps, own, _ = first_check_in(settings.mailbox, SEVERAL)
    async with pages_at(settings, moment) as address, open_browser() as browser:
        await take_picture(browser, f"{address}{path}")
        on_phone = {"phone-own-page": own, "phone-find-a-date": f"{own}/meetings/find", "phone-steps": steps}
        await take_pictures_on_a_phone(browser, {name: f"{address}{path}" for name, path in on_phone.items()})
        await take_pictures_of_staff(browser, settings)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".mile/demo")))
