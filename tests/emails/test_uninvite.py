"""Past mentors who want no more emails that ask them to mentor again: a link, or their mail program's button."""

from datetime import date, timedelta
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from emails.samples import SAMPLE_COHORT
from runtime.clock import WallClock
from schemas.cohort.settings import ApplicationWindow, Institute
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.ids import applicant_scope, email_key
from services.reminders import ReminderService
from services.responses import ResponseService
from storage import campaigns, cohorts
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import NOW, PAIR
from tests.emails.test_unsubscribe import ONE_CLICK, client, unsubscribe_url
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from web.app import create_app

__all__ = ["client"]
NEXT_CLASS, KICKOFF = "mile-2021", date(2021, 5, 7)
ASKED_AT = NOW + timedelta(days=640)


@pytest.fixture
def app(outbox: Delivery) -> Starlette:
    time = WallClock()
    responses = ResponseService(outbox.pool, cast(Client, None), time)
    return create_app(responses, reminders=ReminderService(outbox.pool, time))


def asks_again(number: int = 0) -> QueuedEmail:
    scope, kind = applicant_scope(NEXT_CLASS, "mile-2019.M01"), EmailKind.MENTORS_NEEDED
    at = ASKED_AT + timedelta(days=7 * number)
    key = email_key(scope, kind, "again", Recipient.MENTOR, number)
    return QueuedEmail(key=key, kind=kind, scope_id=scope, to=Recipient.MENTOR, at=at, now=at)


@pytest.fixture
async def url(outbox: Delivery, relay: Relay) -> str:
    """The URL that stops the emails which the next class sends to past mentors."""
    changes = {
        "id": NEXT_CLASS,
        "institute": Institute(venue="Birch Lake Inn", town="Ely", last_day=KICKOFF),
        "applications": ApplicationWindow(
            opens_on=date(2021, 2, 1), closes_on=date(2021, 3, 31), expected_participants=9
        ),
    }
    await cohorts.save_settings(outbox.pool, SAMPLE_COHORT.model_copy(update=changes), NOW)
    assert await outbox.deliver(asks_again()) == ["sent"]
    url = str(unsubscribe_url(relay))
    text = relay.messages[-1].get_body(("plain",))
    assert text
    assert f"Want no more of these? {url}" in " ".join(text.get_content().split())
    return url


async def is_asked(pool: asyncpg.Pool) -> bool:
    return bool(await campaigns.people_to_ask(pool, NEXT_CLASS, KICKOFF, sit_out_years=2))


async def actions(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    return [tuple(row) for row in await pool.fetch("select actor, action from audit_event order by id")]


async def test_link_stops_the_emails_of_every_class_and_takes_it_back(
    outbox: Delivery, client: httpx.AsyncClient, url: str
) -> None:
    assert await is_asked(outbox.pool)
    for _ in range(2):
        stopped = await client.post(url, data=ONE_CLICK)
        assert "We won’t ask you to be a mentor" in stopped.text
    assert not await is_asked(outbox.pool)
    # One that was on its way is not sent, and an application stays possible.
    assert await outbox.deliver(asks_again(1)) == [None]
    assert "Do you want no more emails" in (await client.post(f"{url}/undo")).text
    assert await is_asked(outbox.pool)
    assert await actions(outbox.pool) == [("participant:M01", "uninvited"), ("participant:M01", "invited_again")]


async def test_looking_other_forms_and_other_sites_change_nothing(
    outbox: Delivery, client: httpx.AsyncClient, url: str
) -> None:
    for response in (await client.get(url), await client.head(url), await client.post(url, data={"a": "b"})):
        assert response.status_code == 200
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://webmail.example.org"}
    assert (await client.post(f"{url}/undo", headers=headers)).status_code == 403
    assert (await client.post(url.replace("/u/", "/u/a"), data=ONE_CLICK)).status_code == 404
    assert await is_asked(outbox.pool)
    # A mail provider's own button is another site's.
    assert (await client.post(url, data=ONE_CLICK, headers=headers)).status_code == 200
    assert not await is_asked(outbox.pool)


async def test_link_opens_nothing_of_the_mentors_own(outbox: Delivery, client: httpx.AsyncClient, url: str) -> None:
    assert await outbox.pool.fetchval("select mentorship_id from reminder_link") == PAIR
    assert await outbox.pool.fetchval("select count(*) from personal_link") == 0


@pytest.mark.browser
async def test_page_works_in_a_browser_without_barriers(
    outbox: Delivery, app: Starlette, browser: Browser, url: str
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(url.removeprefix("https://mile.example.org"))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Don’t ask me again"))
        assert not await is_asked(outbox.pool)
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Ask me again"))
        assert await is_asked(outbox.pool)
