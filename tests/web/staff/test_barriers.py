"""Every page of staff: no barrier that axe-core knows of, all of it reached by keyboard, without a script."""

import re

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from tests.services.conftest import FakeTemporal
from tests.web.browser import TOO_WIDE, barriers, open_browser_page
from tests.web.staff.barriers import load, shape, wrong_by_keyboard
from tests.web.staff.conftest import CHAIR, SignIn
from tests.web.staff.full_class import full_temporal, pages_of_full_class

# A passkey takes a script, and whoever has none signs in by a link; all else works without.
SCRIPTED = re.compile(r'<script(?! src="/static/passkey)|\son[a-z]+=|javascript:')


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal in which the full class runs."""
    return full_temporal()


@pytest.mark.browser
async def test_every_page_is_without_barriers_and_reached_by_keyboard(
    browser: Browser, app: Starlette, client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    await sign_in(client, CHAIR)
    shown = await pages_of_full_class(app, client, pool)
    found: dict[str, list[str]] = {}
    known: set[frozenset[str]] = set()
    async with open_browser_page(browser) as page:
        for name, html in shown.items():
            await load(page, html)
            wrong = ["too wide"] if await page.evaluate(TOO_WIDE) else []
            wrong += SCRIPTED.findall(html)
            # Another page of the same elements has the same barriers.
            if (its_shape := shape(html)) not in known:
                known.add(its_shape)
                wrong += await barriers(page) + await wrong_by_keyboard(page)
            found[name] = wrong
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(shown) > len(known) > len(shown) / 2
