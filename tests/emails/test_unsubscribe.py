"""Unsubscribing from reminders: in every periodic email, by one click of a mail provider, and taken back by another."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from typing import cast

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from temporalio.client import Client

from runtime.clock import WallClock
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, Side, StaffReason
from schemas.ids import email_key
from schemas.mentorship.responses import StoredReminderLink
from schemas.mentorship.state import Ask, PlannedEmail
from services.reminders import ReminderService
from services.responses import ResponseService
from storage import reminders
from tests.clocks import HandSetClock
from tests.emails.relay import Delivery, Relay
from tests.emails.stored import PAIR, PLAN
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from web.app import create_app

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"


def queued(planned: PlannedEmail) -> QueuedEmail:
    first = planned.asks[0]
    kind = EmailKind(PLAN.milestone(first.milestone).kind)
    return QueuedEmail(
        key=email_key(PAIR, kind, first.milestone, planned.to, first.occurrence),
        kind=kind,
        scope_id=PAIR,
        to=planned.to,
        at=planned.at,
        now=planned.at,
        asks=planned.asks,
    )


PERIODIC = list({email.kind: email for email in map(queued, PLAN.emails)}.values())


def check_in(occurrence: int, to: Recipient = Recipient.MENTEE, number: int = 1) -> QueuedEmail:
    asks = (Ask(milestone=f"check_in-{number}", occurrence=occurrence),)
    # A reminder that comes with its opening would be dropped for that alone.
    at = PLAN.milestone(asks[0].milestone).opens_at + occurrence * timedelta(days=7)
    return queued(PlannedEmail(to=to, at=at, asks=asks))


def unsubscribe_url(relay: Relay) -> str | None:
    """Return the URL of the newest message, read as a mail provider reads it."""
    message = message_from_bytes(relay.accepted[-1][1])
    url, post = message["List-Unsubscribe"], message["List-Unsubscribe-Post"]
    assert post == ("List-Unsubscribe=One-Click" if url else None)
    return url and str(url).replace("\r\n", "").strip("<> ")


@pytest.fixture
def app(outbox: Delivery) -> Starlette:
    time = WallClock()
    responses = ResponseService(outbox.pool, cast(Client, None), time)
    return create_app(responses, reminders=ReminderService(outbox.pool, time))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies that follows no redirect."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://mile.example.org") as client:
        yield client


@pytest.fixture
async def url(outbox: Delivery, relay: Relay) -> str:
    """The URL of the mentee's first check-in."""
    assert await outbox.deliver(check_in(0)) == ["sent"]
    return str(unsubscribe_url(relay))


async def notes(pool: asyncpg.Pool) -> int:
    return int(await pool.fetchval("select count(*) from outbox where reason = $1", StaffReason.REMINDERS_PAUSED))


async def actions(pool: asyncpg.Pool) -> list[tuple[str, str]]:
    rows = await pool.fetch("select actor, action from audit_event order by id")
    return [tuple(row) for row in rows if row["action"].startswith("reminders")]


async def is_paused(outbox: Delivery, number: int, to: Recipient = Recipient.MENTEE) -> bool:
    """Tell whether a reminder that is sent now is discarded."""
    return await outbox.deliver(check_in(1, to, number)) == [None]


@pytest.mark.parametrize("periodic", PERIODIC, ids=[email.kind for email in PERIODIC])
async def test_every_periodic_email_can_be_unsubscribed_from(
    outbox: Delivery, relay: Relay, periodic: QueuedEmail
) -> None:
    assert await outbox.deliver(periodic) == ["sent"]
    assert str(unsubscribe_url(relay)).startswith("https://mile.example.org/u/")


def test_most_kinds_are_periodic() -> None:
    assert {email.kind for email in PERIODIC} >= {"welcome", "agreement", "meeting", "thanks", "check_in", "farewell"}


async def test_what_follows_on_an_act_and_notes_to_staff_have_no_such_header(outbox: Delivery, relay: Relay) -> None:
    told = check_in(0).model_copy(update={"kind": EmailKind.PARTNER_UNREACHABLE, "key": "a", "automatic": False})
    note = told.model_copy(
        update={"kind": EmailKind.STAFF_NOTE, "key": "b", "to": Recipient.STAFF, "reason": StaffReason.CALL_REQUESTED}
    )
    for email in (told, note):
        assert await outbox.deliver(email) == ["sent"]
        assert unsubscribe_url(relay) is None


async def test_pause_is_confirmed_once_with_the_way_back(
    outbox: Delivery, relay: Relay, client: httpx.AsyncClient, url: str
) -> None:
    for _ in range(2):
        await client.post(url, data=ONE_CLICK)
        await client.post(f"{url}/resume")
    await client.post(url, data=ONE_CLICK)
    await outbox.deliver()
    confirmations = [message for message in relay.messages if "reminders are paused" in str(message["Subject"])]
    assert [str(message["To"]) for message in confirmations] == ["Person P <p@example.org>"]
    text = confirmations[0].get_body(("plain",))
    assert text
    (back,) = re.findall(r"https://\S+/u/\S+", text.get_content())
    await client.post(f"{back}/resume")
    assert not await is_paused(outbox, 1)


async def test_confirmation_names_the_day_from_which_reminders_come_again(outbox: Delivery, relay: Relay) -> None:
    link = StoredReminderLink(token_hash=b"reminders", key_id="0", mentorship_id="mile-2019-001", side=Side.MENTEE)
    await reminders.ensure_link(outbox.pool, "mile-2019", "P01", link)
    # Until midnight in Minnesota, which is five hours later in UTC.
    until = datetime(2019, 8, 20, 5, tzinfo=UTC)
    service = ReminderService(outbox.pool, HandSetClock(datetime(2019, 7, 30, 15, tzinfo=UTC)))
    opened = await service.open(b"reminders")
    assert opened
    await service.pause(b"reminders", opened, until)
    await outbox.deliver()
    # Staff are told at the same time, and either email may be the first to arrive.
    plain = [message.get_body(("plain",)) for message in relay.messages]
    told = [part.get_content() for part in plain if part and "Your reminders" in part.get_content()]
    assert len(told) == 1
    assert "Your reminders come again from Tuesday, August 20." in told[0]


async def test_email_about_an_application_cannot_be_unsubscribed_from(outbox: Delivery, relay: Relay) -> None:
    about = QueuedEmail(
        key=email_key("mile-2019/M01", EmailKind.APPLICATION_LINK, "link", Recipient.MENTOR),
        kind=EmailKind.APPLICATION_LINK,
        scope_id="mile-2019/M01",
        to=Recipient.MENTOR,
        at=PLAN.emails[0].at,
        now=PLAN.emails[0].at,
    )
    assert await outbox.deliver(about) == ["sent"]
    assert unsubscribe_url(relay) is None


@pytest.mark.parametrize("multipart", [False, True])
async def test_one_click_of_a_mail_provider_pauses_at_once(
    outbox: Delivery, client: httpx.AsyncClient, url: str, multipart: bool
) -> None:
    # A webmail's page may send it as well: another site, and no page of ours.
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://webmail.example.org"}
    body = {"files": {name: (None, value) for name, value in ONE_CLICK.items()}} if multipart else {"data": ONE_CLICK}
    for _ in range(2):
        response = await client.post(url, headers=headers, **body)
        assert (response.status_code, "set-cookie" in response.headers) == (200, False)
        assert "Reminders are paused" in response.text
    assert await is_paused(outbox, 1)
    assert await notes(outbox.pool) == 1
    assert await actions(outbox.pool) == [("participant:P01", "reminders_paused")]


async def test_pause_concerns_reminders_to_this_person_only(
    outbox: Delivery, client: httpx.AsyncClient, url: str
) -> None:
    await client.post(url, data=ONE_CLICK)
    assert not await is_paused(outbox, 1, Recipient.MENTOR)
    assert await outbox.deliver(check_in(0, number=2)) == ["sent"]
    asks = (Ask(milestone="check_in-3", occurrence=1), Ask(milestone="goal_check_in-3"))
    beside = check_in(1, number=3).model_copy(update={"asks": asks})
    assert await outbox.deliver(beside) == ["sent"]


async def test_reminder_that_could_not_leave_before_the_pause_is_discarded(
    outbox: Delivery, relay: Relay, client: httpx.AsyncClient, url: str
) -> None:
    reminder = check_in(1)
    relay.to_recipient = "450 4.2.1 later"
    assert await outbox.deliver(reminder) == ["queued"]
    await client.post(url, data=ONE_CLICK)
    relay.to_recipient = "250 fine"
    await outbox.forward(reminder.key)
    assert await outbox.deliver() == []
    assert await outbox.pool.fetchval("select count(*) from outbox where key = $1", reminder.key) == 0


async def test_pause_is_taken_back_and_staff_hear_of_it_once(
    outbox: Delivery, client: httpx.AsyncClient, url: str
) -> None:
    for _ in range(2):
        await client.post(url, data=ONE_CLICK)
        response = await client.post(f"{url}/resume", headers={"Content-Type": FORM})
        assert "Do you want to pause reminders?" in response.text
    assert not await is_paused(outbox, 1)
    assert await notes(outbox.pool) == 1
    assert [action for _, action in await actions(outbox.pool)] == ["reminders_paused", "reminders_resumed"] * 2


async def test_another_site_cannot_take_it_back(outbox: Delivery, client: httpx.AsyncClient, url: str) -> None:
    await client.post(url, data=ONE_CLICK)
    response = await client.post(f"{url}/resume", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert await is_paused(outbox, 1)


async def test_looking_and_other_forms_change_nothing(outbox: Delivery, client: httpx.AsyncClient, url: str) -> None:
    for response in (await client.get(url), await client.head(url), await client.post(url, data={"a": "b"})):
        assert response.status_code == 200
    assert not await is_paused(outbox, 1)
    assert (await notes(outbox.pool), await actions(outbox.pool)) == (0, [])


async def test_unknown_links_pause_nothing(outbox: Delivery, client: httpx.AsyncClient, url: str) -> None:
    for wrong in ("/u/" + "a" * 26, "/u/short", f"{url}x"):
        assert (await client.get(wrong)).status_code == 404
        assert (await client.post(wrong, data=ONE_CLICK)).status_code == 404
    assert not await is_paused(outbox, 1)


async def test_only_the_hash_of_the_link_is_stored(outbox: Delivery, url: str) -> None:
    rows = await outbox.pool.fetch("select reminder_link::text from reminder_link")
    assert rows
    assert url.rpartition("/")[2] not in str(rows)


@pytest.mark.browser
async def test_page_works_in_a_browser_without_barriers(
    outbox: Delivery, app: Starlette, browser: Browser, url: str
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(url.removeprefix("https://mile.example.org"))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Pause reminders"))
        await assert_without_barriers(page)
        assert await is_paused(outbox, 1)
        await follow(page.get_by_role("button", name="Send me reminders again"))
        assert not await is_paused(outbox, 2)
