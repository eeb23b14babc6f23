"""A participant's address changes once the new mailbox says yes, the old one hears of it, and can keep its address."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette

from emails.links import token_hash
from schemas.actor import Actor, ActorKind
from schemas.enums import Side
from services.address_changes import MOST_CHANGES_A_DAY
from services.mentorships.contact import change_contact, preview_contact_change
from services.mentorships.lookup import find_mentorship
from services.undeliverable_emails import UndeliverableReporter
from storage import (
    address_changes,
    calendar_feeds,
    calendar_subscriptions,
    contacts,
    outbox,
    personal_links,
    typed_addresses,
)
from tests.clocks import HandSetClock
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import NOW, PAIR
from tests.services.conftest import FakeTemporal
from tests.web.applicants.people import text_of
from tests.web.browser import assert_without_barriers, follow, open_browser_page, served
from tests.web.participants.own_page.people import COHORT, context_of, read_all

AMINA = Actor(kind=ActorKind.STAFF, name="amina")
OLD, NEW = "p@example.org", "kao@example.net"
LINK = re.compile(r"https://mile\.example\.org(/address/[a-z2-7]{26})$", re.MULTILINE)


class Mail:
    """The emails that leave, by the mailbox they arrive in."""

    def __init__(self, delivery: Delivery, relay: Relay) -> None:
        self._delivery, self.relay = delivery, relay

    async def arrived(self) -> dict[str, str]:
        """Return the text of the newest email that arrived in each mailbox since the last time."""
        self.relay.accepted.clear()
        await self._delivery.deliver()
        texts = [str(message.get_body(("plain",)).get_content()) for message in self.relay.messages]  # type: ignore[union-attr]
        return dict(zip(self.relay.recipients, (text.replace("\r\n", "\n") for text in texts), strict=True))


@pytest.fixture
async def mail(pool: asyncpg.Pool, database_url: str) -> AsyncIterator[Mail]:
    relay = Relay()
    async with listening(relay) as port:
        yield Mail(Delivery(pool, settings_for(database_url, port)), relay)


def link_in(text: str) -> str:
    [link] = LINK.findall(text)
    return str(link)


async def ask(client: httpx.AsyncClient, mine: dict[Side, str], address: str = NEW) -> httpx.Response:
    return await client.post(f"{mine[Side.MENTEE]}/{PAIR}/address", data={"email": address}, follow_redirects=True)


async def set_up_calendars(pool: asyncpg.Pool) -> None:
    await calendar_feeds.replace(pool, COHORT, "P01", b"feed", NOW)
    await calendar_subscriptions.save(pool, COHORT, "P01", b"sealed", NOW)


async def calendars(pool: asyncpg.Pool) -> tuple[bool, bool]:
    """Return whether the mentee's private calendar address works, and whether their own calendar is read."""
    read = await calendar_subscriptions.subscription(pool, COHORT, "P01")
    return await calendar_feeds.owner(pool, b"feed") is not None, read is not None


async def stored(pool: asyncpg.Pool) -> str:
    return (await contacts.contact(pool, PAIR, Side.MENTEE)).email


async def test_address_counts_once_the_new_mailbox_says_yes(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail
) -> None:
    partners = await read_all(client, mine[Side.MENTOR])
    asked = text_of(await ask(client, mine))
    assert "We emailed your new address a link." in asked
    assert f"You asked us to email you at {NEW}." in asked
    arrived = await mail.arrived()
    assert set(arrived) == {OLD, NEW}
    assert "someone asked on July 30 that our emails go to k…@example.net" in " ".join(arrived[OLD].split())
    # Until the yes the mailbox may be a stranger's.
    assert not re.search("Person|Pao|p@example|/m/", arrived[NEW])
    assert await stored(pool) == OLD
    assert await read_all(client, mine[Side.MENTOR]) == partners

    await set_up_calendars(pool)
    confirm = link_in(arrived[NEW])
    assert "Did you ask for our emails at kao@example.net?" in text_of(await client.get(confirm))
    assert await stored(pool) == OLD
    confirmed = text_of(await client.post(confirm, follow_redirects=True))
    assert "Our emails go to kao@example.net." in confirmed
    assert await stored(pool) == NEW
    assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}")).status_code == 404
    arrived = await mail.arrived()
    assert "confirmed there on July 30" in " ".join(arrived[OLD].split())
    [page] = set(re.findall(r"https://mile\.example\.org/m/([a-z2-7]{26})$", arrived[NEW], re.MULTILINE))
    assert await personal_links.owner(pool, token_hash(page)) == (COHORT, "P01")
    assert await calendars(pool) == (True, True)
    # A second click does nothing more.
    assert text_of(await client.post(confirm, follow_redirects=True)) == confirmed
    assert await mail.arrived() == {}
    events = await pool.fetch("select actor, action, details::text from audit_event order by id")
    assert [tuple(event) for event in events] == [
        ("participant:P01", "address_asked", "{}"),
        ("participant:P01", "address_confirmed", "{}"),
    ]


async def test_old_mailbox_stops_a_change_that_waits(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail
) -> None:
    await ask(client, mine)
    arrived = await mail.arrived()
    keep, confirm = link_in(arrived[OLD]), link_in(arrived[NEW])
    shown = text_of(await client.get(keep))
    assert "someone asked that our emails no longer go to p@example.org" in shown
    assert NEW not in shown
    assert "You keep this address" in text_of(await client.post(keep, follow_redirects=True))
    assert (await client.post(confirm)).status_code == 404
    assert await stored(pool) == OLD
    # Whoever asked for it had the link to the page.
    assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}")).status_code == 404
    assert set(await mail.arrived()) == {OLD}


async def test_old_mailbox_takes_a_change_back_for_a_week(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail, clock: HandSetClock
) -> None:
    await ask(client, mine)
    first = await mail.arrived()
    await client.post(link_in(first[NEW]))
    arrived = await mail.arrived()
    clock.time += timedelta(days=6, hours=23)
    assert "You keep this address" in text_of(await client.post(link_in(arrived[OLD]), follow_redirects=True))
    assert await stored(pool) == OLD
    back = await mail.arrived()
    assert set(back) == {OLD, NEW}
    assert "Our emails do not come here any more." in back[NEW]
    assert "Here is the link to your own page." in back[OLD]
    # The link of the first email leads to the same change, and that of the new mailbox to nothing.
    assert "You keep this address" in text_of(await client.get(link_in(first[OLD])))
    assert (await client.get(link_in(first[NEW]))).status_code == 404


async def test_links_about_an_address_end_after_a_week(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail, clock: HandSetClock
) -> None:
    await ask(client, mine)
    arrived = await mail.arrived()
    clock.time += timedelta(days=7)
    for link in map(link_in, arrived.values()):
        assert (await client.get(link)).status_code == 404
        assert (await client.post(link)).status_code == 404
    assert await stored(pool) == OLD
    assert NEW not in text_of(await client.get(f"{mine[Side.MENTEE]}/{PAIR}"))


async def test_first_owner_gets_the_address_back_after_a_second_change(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail
) -> None:
    await ask(client, mine)
    await client.post(link_in((await mail.arrived())[NEW]))
    arrived = await mail.arrived()
    keep = link_in(arrived[OLD])
    [page] = set(re.findall(r"(/m/[a-z2-7]{26})$", arrived[NEW], re.MULTILINE))
    await client.post(f"{page}/{PAIR}/address", data={"email": "third@example.net"})
    second = await mail.arrived()
    await client.post(link_in(second["third@example.net"]))
    assert await stored(pool) == "third@example.net"
    # Nobody who has the page ends the way back by asking for new links.
    third = await mail.arrived()
    [page] = set(re.findall(r"(/m/[a-z2-7]{26})$", third["third@example.net"], re.MULTILINE))
    await client.post(f"{page}/{PAIR}/new-link")
    await client.post(keep)
    assert await stored(pool) == OLD
    for link in (link_in(second[NEW]), link_in(third[NEW])):
        assert (await client.post(link)).status_code == 404
    assert await stored(pool) == OLD


async def test_nobody_learns_whose_an_address_is(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail
) -> None:
    known = text_of(await ask(client, mine, "M@example.org")).replace("M@example.org", "…")
    arrived = await mail.arrived()
    await pool.execute("delete from link_request")
    assert text_of(await ask(client, mine, "nobody@example.net")).replace("nobody@example.net", "…") == known
    await pool.execute("update address_change set closed_at = null")
    refused = await client.post(link_in(arrived["M@example.org"]))
    assert refused.status_code == 409
    assert "We cannot use this address in your class." in text_of(refused)
    assert await stored(pool) == OLD
    assert (await client.get(f"{mine[Side.MENTEE]}/{PAIR}")).status_code == 200


async def test_what_is_no_new_address_is_refused_in_words(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool
) -> None:
    wrong = await ask(client, mine, "kao at example")
    assert wrong.status_code == 422
    assert "kao at example" in wrong.text
    same = await ask(client, mine, "P@Example.org")
    assert (same.status_code, "We email you at this address already." in text_of(same)) == (409, True)
    assert await pool.fetchval("select count(*) from outbox") == 0


async def test_page_and_mailbox_have_their_limits(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    to_new = "select count(*) from outbox where kind = 'address_confirmation'"
    for number in range(MOST_CHANGES_A_DAY):
        assert (await ask(client, mine, f"kao+{number}@example.net")).status_code == 200
    refused = await ask(client, mine)
    assert (refused.status_code, "Please try again tomorrow" in text_of(refused)) == (409, True)
    assert await pool.fetchval(to_new) == MOST_CHANGES_A_DAY
    # All were one mailbox, which gets no more today whoever types it: the page says what it always says.
    clock.time += timedelta(days=1, seconds=1)
    assert "We emailed your new address a link." in text_of(await ask(client, mine))
    assert await pool.fetchval(to_new) == MOST_CHANGES_A_DAY
    async with pool.acquire() as db:
        await typed_addresses.stop(db, COHORT, "-", "other@example.net", clock.time)
    await ask(client, mine, "other@example.net")
    assert await pool.fetchval(to_new) == MOST_CHANGES_A_DAY


async def test_old_mailbox_is_told_what_staff_change_and_cannot_undo_it(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail, clock: HandSetClock
) -> None:
    services = context_of(pool, FakeTemporal(), clock)
    pair = await find_mentorship(services, PAIR)
    await ask(client, mine)
    asked = await mail.arrived()
    # So that nothing is sent again.
    await pool.execute("update mentorship set outcome = 'completed'")
    for email in ("right@example.net", "RIGHT@example.net"):
        await change_contact(services, AMINA, pair, Side.MENTEE, email=email, name=None)
    arrived = await mail.arrived()
    assert set(arrived) == {OLD}
    told = " ".join(arrived[OLD].split())
    assert "Our emails now go to r…@example.net instead of here. Staff of the program changed that on July 30." in told
    assert "mentorship.chair@example.org" in told
    assert LINK.findall(arrived[OLD]) == []
    # Staff decided later than the participant.
    for link in map(link_in, asked.values()):
        assert (await client.post(link)).status_code == 404
    assert await stored(pool) == "RIGHT@example.net"


async def test_address_that_staff_correct_takes_calendars_from_whoever_had_the_old_one(
    pool: asyncpg.Pool, mine: dict[Side, str], clock: HandSetClock
) -> None:
    services = context_of(pool, FakeTemporal(), clock)
    pair = await find_mentorship(services, PAIR)
    await pool.execute("update mentorship set outcome = 'completed'")
    await set_up_calendars(pool)
    for email, ended in ((OLD.upper(), False), (NEW, True)):
        previewed = await preview_contact_change(services, pair, Side.MENTEE, email=email, name=None)
        said = [sentence for sentence in previewed.preview.changes if "calendar" in sentence]
        assert said == (
            [
                "Their private calendar address would stop working. They can make another on their page.",
                "We would no longer read their own calendar. They can enter it again on their page.",
            ]
            if ended
            else []
        )
        await change_contact(services, AMINA, pair, Side.MENTEE, email=email, name=None)
        assert await calendars(pool) == (not ended, not ended)
        assert await pool.fetchval("select count(*) from personal_link where revoked_at is not null") == ended
    again = await preview_contact_change(services, pair, Side.MENTEE, email=OLD, name=None)
    assert "calendar" not in " ".join(again.preview.changes)


async def test_mailbox_that_refuses_the_news_is_not_the_participants(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, temporal: FakeTemporal
) -> None:
    await ask(client, mine)
    await pool.execute("update outbox set state = 'undeliverable'")
    assert len(await outbox.unsignaled_undeliverable(pool)) == 2
    await UndeliverableReporter(pool, temporal).report_all()  # type: ignore[arg-type]
    assert temporal.messages == []
    assert await pool.fetchval("select count(*) from outbox where kind = 'staff_note'") == 0
    assert not await outbox.unsignaled_undeliverable(pool)


async def test_addresses_of_a_change_are_deleted_after_a_month(
    client: httpx.AsyncClient, mine: dict[Side, str], pool: asyncpg.Pool, mail: Mail
) -> None:
    await ask(client, mine)
    await mail.arrived()
    saved_at = await pool.fetchval("select saved_at from address_change")
    await address_changes.forget(pool, saved_at)
    assert await pool.fetchval("select count(*) from address_link") == 2
    await address_changes.forget(pool, saved_at + timedelta(seconds=1))
    assert await pool.fetchval("select count(*) from address_change") == 0
    assert await pool.fetchval("select count(*) from address_link") == 0


@pytest.mark.browser
async def test_address_changes_in_a_browser_without_barriers(
    app: Starlette, browser: Browser, mine: dict[Side, str], mail: Mail
) -> None:
    async with served(app) as site, open_browser_page(browser, site) as page:
        await page.goto(f"{mine[Side.MENTEE]}/{PAIR}")
        await follow(page.get_by_role("link", name="Change your address"))
        await assert_without_barriers(page)
        await page.get_by_label("What is your new email address?").fill(NEW)
        await follow(page.get_by_role("button", name="Email my new address"))
        await assert_without_barriers(page)
        arrived = await mail.arrived()
        await page.goto(link_in(arrived[NEW]))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Yes, email me here"))
        await assert_without_barriers(page)
        await page.goto(link_in(arrived[OLD]))
        await assert_without_barriers(page)
        await follow(page.get_by_role("button", name="Keep this address"))
        await assert_without_barriers(page)
