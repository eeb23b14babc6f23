"""How long staff's pages of a class of 300 pairs take on the server: median of seven requests, in this process.

``python -m benchmarks.console``; PostgreSQL is real, Temporal is away, so that pages show what is stored.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime
from typing import cast

import httpx
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from benchmarks.sending import database, settings_for, store_class
from emails.links import random_token, token_hash
from runtime.clock import WallClock
from runtime.logging import configure
from schemas.cohort.roles import NewRoleHolder
from schemas.enums import StaffAccess
from services.context import ServiceContext
from services.responses import ResponseService
from services.staff_sessions import StaffSessionService
from storage import roles, staff_sessions
from storage.database import open_pool
from web.app import create_app

PAIRS, TIMES, MOST = 300, 7, 300.0
SITE = "https://mile.example.org"
CLASS = "/staff/classes/large"
PAGES = (
    "/staff",
    CLASS,
    *(f"{CLASS}/{part}" for part in ("applications", "matching", "proposals", "kickoff", "board")),
    *(f"{CLASS}/{part}" for part in ("heat-map", "reports", "emails", "roles", "audit", "intake", "settings")),
    "/staff/mentorships/large-001",
)


class Away:
    """A Temporal that knows no workflow and answers nothing."""

    def get_workflow_handle(self, _: str) -> "Away":
        """Return a handle of whatever is asked for."""
        return self

    async def describe(self, **_: object) -> None:
        """Know of no such workflow."""
        raise RPCError("none", RPCStatusCode.NOT_FOUND, b"")

    async def query(self, *_: object, **__: object) -> None:
        """Be away."""
        raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


async def main() -> None:
    """Print a line for each page."""
    configure("WARNING", json=False)
    async with database() as url:
        await _measure(url)


async def _measure(url: str) -> None:
    temporal = cast(Client, Away())
    async with open_pool(url) as pool:
        await store_class(pool, PAIRS)
        now = datetime.now(UTC)
        holder = NewRoleHolder(role="Chair", email="c@example.org", access=StaffAccess.CHAIR, starts_on=now.date())
        await roles.add_holder(pool, "large", holder)
        cookie = random_token()
        await staff_sessions.save_session(pool, token_hash(cookie), holder.email, now, now)
        app = create_app(
            ResponseService(pool, temporal, WallClock()),
            staff=StaffSessionService(pool),
            services=ServiceContext(settings_for(url, 1), pool, temporal),
        )
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE, cookies={"__Host-mile-staff": cookie}
        ) as client:
            slow = [page for page in PAGES if await _median(client, page) > MOST]
    print(f"Slower than {MOST:.0f} ms: {', '.join(slow) or 'none'}")


async def _median(client: httpx.AsyncClient, page: str) -> float:
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await client.get(page)
        times.append(1000 * (time.perf_counter() - began))
    median = statistics.median(times)
    print(f"{median:7.0f} ms  {answer.status_code}  {len(answer.content) / 1000:6.0f} kB  {page}")
    return median


if __name__ == "__main__":
    asyncio.run(main())
