"""Revoking links: which ones stop working, what staff are told before, and what the next email has."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from pydantic import SecretStr

from emails.links import LinkKeys
from schemas.enums import Recipient, Side
from schemas.errors import Refusal, UnknownCohort
from services.context import ServiceContext
from services.links import LinkSelection, list_keys, preview_revocation, revoke_links
from storage import calendar_feeds, mentorships, personal_links, reminders
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import NOW, PAIR, check_in, store_pair
from tests.services.conftest import ACTOR

OLD, NEW = "0123456789abcdef" * 2, "fedcba9876543210" * 2
OPEN = "select count(*) from link where revoked_at is null"


@pytest.fixture
async def cohort_id(pool: asyncpg.Pool) -> str:
    await store_pair(pool)
    return (await mentorships.partners(pool, PAIR)).cohort.id


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with listening(Relay()) as port:
        yield port


@pytest.fixture
async def sent(pool: asyncpg.Pool, cohort_id: str, database_url: str, port: int) -> ServiceContext:
    """One email to each side under the old key, a third under the new one, and one more personal link of the mentor."""
    await Delivery(pool, settings_for(database_url, port, link_secret=OLD)).deliver(
        check_in(0), check_in(0, Recipient.MENTEE)
    )
    rotated = settings_for(database_url, port, link_secret=f"{NEW},{OLD}")
    await Delivery(pool, rotated).deliver(check_in(1))
    mentor = (await mentorships.partners(pool, PAIR)).of(Side.MENTOR)
    await personal_links.ensure(pool, cohort_id, mentor.id, b"personal", key_id=LinkKeys(rotated).all[1].id)
    return ServiceContext(rotated, pool, None)  # type: ignore[arg-type]


async def open_keys(pool: asyncpg.Pool) -> list[str]:
    return [row["key_id"] for row in await pool.fetch("select key_id from link where revoked_at is null")]


async def test_preview_counts_what_the_step_then_does_and_changes_nothing(
    sent: ServiceContext, pool: asyncpg.Pool, cohort_id: str
) -> None:
    before = await pool.fetchval(OPEN)
    selection = LinkSelection(cohort_id=cohort_id)
    previewed = await preview_revocation(sent, selection)
    assert previewed.preview
    assert previewed.preview.changes[0] == (
        "These links of 2 people would stop working: 3 to milestones, 4 to people’s own pages, 2 to pause reminders."
    )
    assert await pool.fetchval(OPEN) == before == 3
    assert await personal_links.owner(pool, b"personal")
    done = await revoke_links(sent, ACTOR, selection, note="lost")
    assert done.revoked == previewed.revoked
    assert await pool.fetchval(OPEN) == 0
    assert await personal_links.owner(pool, b"personal") is None
    event = await pool.fetchrow("select action, details::text from audit_event")
    assert event
    assert (event["action"], '"links": 9' in event["details"]) == ("links_revoked", True)
    assert (await revoke_links(sent, ACTOR, selection, note="again")).revoked == ()


async def test_private_calendar_is_counted_and_its_owner_must_make_another(
    sent: ServiceContext, pool: asyncpg.Pool, cohort_id: str
) -> None:
    mentor = (await mentorships.partners(pool, PAIR)).of(Side.MENTOR)
    selection = LinkSelection(cohort_id=cohort_id, person_id=mentor.id)
    await revoke_links(sent, ACTOR, selection, note="all but the calendar")
    await calendar_feeds.replace(pool, cohort_id, mentor.id, b"calendar", NOW)
    preview = (await preview_revocation(sent, selection)).preview
    assert preview
    assert preview.changes == (
        "These links of 1 person would stop working: 1 to private calendars.",
        "Whoever opens one would see that it does not work. Nobody would be emailed, and no answer would be lost.",
        "No email has a calendar address: whoever wants one again makes it on their own page.",
    )
    await revoke_links(sent, ACTOR, selection, note="the calendar, too")
    assert await calendar_feeds.owner(pool, b"calendar") is None


async def test_old_key_is_revoked_and_the_new_one_is_not(sent: ServiceContext, pool: asyncpg.Pool) -> None:
    new, old = (key.id for key in LinkKeys(sent.settings).all)
    with pytest.raises(Refusal, match="New links are made with this key"):
        await revoke_links(sent, ACTOR, LinkSelection(key_id=new), note="wrong one")
    await revoke_links(sent, ACTOR, LinkSelection(key_id=old), note="lost laptop")
    assert await open_keys(pool) == [new]


async def test_person_loses_their_links_and_the_partner_none(
    sent: ServiceContext, pool: asyncpg.Pool, cohort_id: str
) -> None:
    mentor = (await mentorships.partners(pool, PAIR)).of(Side.MENTOR)
    result = await revoke_links(sent, ACTOR, LinkSelection(cohort_id=cohort_id, person_id=mentor.id), note="forwarded")
    assert {one.people for one in result.revoked} == {(mentor.id,)}
    assert [row["side"] for row in await pool.fetch("select side from link where revoked_at is null")] == ["mentee"]


async def test_reminders_stay_paused_and_the_next_email_has_another_link(
    sent: ServiceContext, pool: asyncpg.Pool, cohort_id: str
) -> None:
    query = "select token_hash from reminder_link where side = 'mentor'"
    before = await pool.fetchval(query)
    await reminders.pause(pool, before, NOW)
    await revoke_links(sent, ACTOR, LinkSelection(), note="all of them")
    assert await reminders.link(pool, before) is None
    await Delivery(pool, sent.settings).deliver(check_in(2))
    after = await pool.fetchval(query)
    link = await reminders.link(pool, after)
    assert link
    assert (after != before, link.is_paused(NOW)) == (True, True)


async def test_email_that_failed_under_a_revoked_key_is_sent_with_a_link_that_works(
    sent: ServiceContext, pool: asyncpg.Pool
) -> None:
    old = LinkKeys(sent.settings).all[1].id
    await pool.execute(
        "update outbox set state = 'queued', sent_at = null, next_attempt_at = now() + interval '1 hour'"
        " where key = $1",
        check_in(0).key,
    )
    await revoke_links(sent, ACTOR, LinkSelection(key_id=old), note="lost laptop")
    delivery = Delivery(pool, sent.settings)
    await delivery.forward(check_in(0).key)
    assert await delivery.deliver(check_in(0)) == ["sent"]
    rows = await pool.fetch("select revoked_at from link where email_key = $1 order by revoked_at", check_in(0).key)
    assert [row["revoked_at"] is None for row in rows] == [False, True]


async def test_unknown_cohort_is_refused(sent: ServiceContext) -> None:
    with pytest.raises(UnknownCohort):
        await preview_revocation(sent, LinkSelection(cohort_id="nowhere"))


async def test_keys_are_listed_with_how_many_links_each_still_opens(sent: ServiceContext) -> None:
    new, old = LinkKeys(sent.settings).all
    await sent.pool.execute("update link set revoked_at = now() where side = 'mentee'")
    # The mentor's link to the milestone and personal one of each key, the mentee's personal one, one that no email has,
    # and a reminder link of each side; one was revoked.
    reminders_of_old = await sent.pool.fetchval("select count(*) from reminder_link where key_id = $1", old.id)
    assert [(key.key_id, key.makes_new, key.is_set, key.links) for key in await list_keys(sent)] == [
        (new.id, True, True, 2),
        (old.id, False, True, 4 + reminders_of_old),
    ]
    without_old = sent.settings.model_copy(update={"link_secret": SecretStr(NEW)})
    [_, unknown] = await list_keys(ServiceContext(without_old, sent.pool, sent.client))
    assert (unknown.key_id, unknown.makes_new, unknown.is_set) == (old.id, False, False)
