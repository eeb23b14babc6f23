"""The staff console by Lighthouse, and each of its pages in every look: too long for each run of the other tests."""

import asyncio
import json
from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from tests.conftest import CHROMIUM
from tests.integration.checkers import require, require_node_module, run
from tests.services.conftest import FakeTemporal
from tests.web.browser import ALL_LOOKS, barriers, open_browser_page, served
from tests.web.staff.barriers import load
from tests.web.staff.conftest import CHAIR, SignIn, app, client, sign_in  # noqa: F401 - they are fixtures
from tests.web.staff.full_class import BASE, MENTORSHIP, full_temporal, pages_of_full_class
from web.staff.access import COOKIE

MAIN_PAGES = (
    "/staff",
    f"{BASE}/applications",
    f"{BASE}/matching/runs/1",
    f"{BASE}/board",
    f"/staff/mentorships/{MENTORSHIP}",
)


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal in which the full class runs."""
    return full_temporal()


@pytest.fixture
async def shown(app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn) -> dict[str, str]:  # noqa: F811
    """Every page of the full class as its chair gets it."""
    await sign_in(client, CHAIR)
    return await pages_of_full_class(app, client, pool)


@pytest.mark.browser
async def test_every_page_is_without_barriers_in_every_look(browser: Browser, shown: dict[str, str]) -> None:
    found = {}
    async with open_browser_page(browser) as page:
        for name, html in shown.items():
            await load(page, html)
            found[name] = await barriers(page, ALL_LOOKS)
    assert {name: ids for name, ids in found.items() if ids} == {}


@pytest.mark.browser
@pytest.mark.usefixtures("shown")
async def test_lighthouse_gives_main_pages_all_points_for_accessibility(
    app: Starlette,  # noqa: F811
    client: httpx.AsyncClient,  # noqa: F811
    tmp_path: Path,
) -> None:
    node, lighthouse = require("node", "nodejs"), require_node_module("lighthouse/cli/index.js")
    headers = json.dumps({"Cookie": f"{COOKIE}={client.cookies[COOKIE]}"})
    options = ("--quiet", "--only-categories=accessibility", "--output=json", f"--extra-headers={headers}")
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-quic"
    scores = {}
    async with served(app) as site:
        for path in MAIN_PAGES:
            ran = await asyncio.to_thread(
                run, "env", f"CHROME_PATH={CHROMIUM}", node, lighthouse, f"{site}{path}", *options, flags, home=tmp_path
            )
            report = json.loads(ran.stdout)
            # Whoever is not signed in would be led to another page, which has all points too.
            assert report["finalDisplayedUrl"] == f"{site}{path}"
            scores[path] = report["categories"]["accessibility"]["score"]
    print(scores)
    assert scores == dict.fromkeys(MAIN_PAGES, 1)
