"""Neither PostgreSQL that is away for a moment nor an error of ours loses what somebody typed."""

import html
import re
from collections.abc import AsyncIterator
from typing import cast

import asyncpg
import httpx
import pytest
import structlog
from playwright.async_api import Page, expect
from temporalio.client import Client

from runtime.clock import clock
from services.responses import ResponseService
from tests.web.browser import assert_without_barriers, follow
from tests.web.conftest import RecordingService
from web.app import create_app

TYPED = {"status": "met", "meetings": "3", "note_to_self": 'Bring the "grant" draft\r\n& <ask> him'}
FAULTS = [
    ConnectionRefusedError("no server"),
    TimeoutError(),
    asyncpg.CannotConnectNowError("starting up"),
    asyncpg.ConnectionDoesNotExistError("closed"),
    asyncpg.TooManyConnectionsError("too many"),
    asyncpg.AdminShutdownError("shutting down"),
    asyncpg.DeadlockDetectedError("deadlock"),
    asyncpg.ReadOnlySQLTransactionError("cannot execute INSERT in a read-only transaction"),
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
    asyncpg.DiskFullError("could not extend file"),
    asyncpg.PostgresIOError("could not write block"),
    asyncpg.InterfaceError("pool is closing"),
]


def fields(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
    return {html.unescape(name): html.unescape(value) for name, value in found}


@pytest.fixture
async def nobody_there() -> AsyncIterator[httpx.AsyncClient]:
    """The pages of a service whose PostgreSQL is not there."""
    async with asyncpg.create_pool("postgresql://mile@/mile?host=/nonexistent", min_size=0) as pool:
        responses = ResponseService(pool, cast("Client", None), clock(None))
        transport = httpx.ASGITransport(app=create_app(responses), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://mile.example.org") as client:
            yield client


async def test_form_comes_back_with_everything_typed_while_postgresql_is_away(nobody_there: httpx.AsyncClient) -> None:
    page = await nobody_there.post(f"/r/{'a' * 26}", data=TYPED)
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert fields(page) == TYPED
    assert "noindex" in page.headers["x-robots-tag"]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_fault_that_passes_is_answered_by_503_and_noted_without_its_words(
    client: httpx.AsyncClient, service: RecordingService, check_in: str, fault: Exception
) -> None:
    service.fault = fault
    with structlog.testing.capture_logs() as noted:
        pages = [await client.get(check_in), await client.post(check_in, data=TYPED)]
    assert [(page.status_code, page.headers["retry-after"]) for page in pages] == [(503, "60")] * 2
    assert [fields(page) for page in pages] == [{}, TYPED]
    assert [line["event"] for line in noted] == ["page_unavailable", "page_served"] * 2
    assert "grant" not in str(noted)
    assert not str(fault) or str(fault) not in str(noted)


async def test_fault_that_stays_is_no_503(client: httpx.AsyncClient, service: RecordingService, check_in: str) -> None:
    service.fault = asyncpg.UndefinedTableError("no table")
    pages = [await client.get(check_in), await client.post(check_in, data=TYPED)]
    assert [page.status_code for page in pages] == [500, 500]
    # It loses what was typed no more than a fault that passes.
    assert [fields(page) for page in pages] == [{}, TYPED]
    assert ["save" in page.text for page in pages] == [False, True]


@pytest.mark.browser
async def test_form_can_be_sent_again_from_the_page_of_an_error_once_it_is_over(
    page: Page, service: RecordingService, check_in: str
) -> None:
    await page.goto(check_in)
    await page.get_by_label("We have met").check()
    await page.get_by_label("What do you want to remember").fill("Bring the draft\nand another")
    for fault in (asyncpg.UndefinedTableError("no table"), asyncpg.CannotConnectNowError("starting up")):
        service.fault = fault
        await follow(page.get_by_role("button"))
        await expect(page.get_by_text("Bring the draft")).to_be_visible()
        await assert_without_barriers(page)
    service.fault = None
    await follow(page.get_by_role("button", name="Send it again"))
    assert page.url.endswith("/thanks")
    assert service.saved[0].answers["note_to_self"] == "Bring the draft\nand another"
