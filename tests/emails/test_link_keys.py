"""Keys of links: a new one signs what is new, and an email that is tried again keeps every byte it had."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from emails.links import LinkKeys, token_hash
from emails.samples import SAMPLE_COHORT
from runtime.clock import WallClock
from runtime.settings import Settings
from schemas.enums import MilestoneKind, Side
from storage import mentorships, reminders, response_pages
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import PAIR, check_in

OLD, NEW = "0123456789abcdef" * 2, "fedcba9876543210" * 2
TOKEN = re.compile(rb"/r/([a-z2-7]{26})")


@pytest.fixture
async def port(relay: Relay) -> AsyncIterator[int]:
    async with listening(relay) as port:
        yield port


def delivery(pool: asyncpg.Pool, database_url: str, port: int, *keys: str) -> Delivery:
    return Delivery(pool, settings_for(database_url, port, link_secret=",".join(keys), bounces_address="b@example.org"))


async def test_email_that_is_tried_again_under_a_new_key_has_the_same_bytes(
    cohort: asyncpg.Pool, database_url: str, port: int, relay: Relay
) -> None:
    email = check_in(0)
    assert await delivery(cohort, database_url, port, OLD).deliver(email) == ["sent"]
    # As if the sender had died between the relay's yes and its own record of it.
    await cohort.execute("update outbox set state = 'sending', next_attempt_at = now() where key = $1", email.key)
    assert await delivery(cohort, database_url, port, NEW, OLD).deliver(email) == ["sent"]
    first, second = relay.accepted
    assert first == second
    assert relay.envelope_senders[0] == relay.envelope_senders[1]


async def test_links_of_the_old_key_still_open_and_those_of_new_emails_have_the_new_one(
    cohort: asyncpg.Pool, database_url: str, port: int, relay: Relay
) -> None:
    await delivery(cohort, database_url, port, OLD).deliver(check_in(0))
    rotated = delivery(cohort, database_url, port, NEW, OLD)
    await rotated.deliver(check_in(1))
    tokens = [TOKEN.findall(raw.replace(b"=\r\n", b""))[0].decode() for _, raw in relay.accepted]
    pages = [await response_pages.response_page(cohort, token_hash(token), WallClock()) for token in tokens]
    assert [page.kind for page in pages if page] == [MilestoneKind.CHECK_IN, MilestoneKind.CHECK_IN]
    by_hash = {row["token_hash"]: row["key_id"] for row in await cohort.fetch("select token_hash, key_id from link")}
    new, old = (key.id for key in LinkKeys(rotated.settings).all)
    assert [by_hash[token_hash(token)] for token in tokens] == [old, new]


async def test_reminder_link_keeps_its_key_for_the_emails_that_carry_it(
    cohort: asyncpg.Pool, database_url: str, port: int
) -> None:
    await delivery(cohort, database_url, port, OLD).deliver(check_in(0))
    links = await cohort.fetch("select token_hash, key_id from reminder_link")
    await delivery(cohort, database_url, port, NEW, OLD).deliver(check_in(1))
    assert await cohort.fetch("select token_hash, key_id from reminder_link") == links
    mentor = (await mentorships.partners(cohort, PAIR)).of(Side.MENTOR)
    stored = await reminders.link_of(cohort, SAMPLE_COHORT.id, mentor.id)
    assert stored
    assert stored.key_id == links[0]["key_id"]


def test_id_of_a_key_tells_nothing_of_it(database_url: str) -> None:
    keys = LinkKeys(settings_for(database_url, 25, link_secret=f"{NEW}, {OLD}"))
    assert len({key.id for key in keys.all}) == 2
    assert keys.find("unknown") == keys.find(None) == keys.all[0]
    assert OLD not in repr(keys.all)


def test_each_key_must_be_long(database_url: str) -> None:
    with pytest.raises(ValueError, match="each key needs at least 32 characters"):
        Settings.model_validate(settings_for(database_url, 25).model_dump() | {"link_secret": f"{NEW},short"})
