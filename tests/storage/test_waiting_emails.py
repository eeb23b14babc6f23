"""Requested emails: stored with what causes them, waiting until they are sent, deferred where they must be."""

import asyncio
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg
import pytest

from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Recipient, Side, StaffReason
from schemas.ids import applicant_scope, email_key
from storage import outbox, personal_links

MANY = 240


@pytest.fixture
def order(cohort: str, now: datetime) -> SendEmail:
    scope, kind, to = applicant_scope(cohort, "M01"), EmailKind.APPLICATION_LINK, Recipient.MENTOR
    key = email_key(scope, kind, "application", to)
    return SendEmail(key=key, kind=kind, scope_id=scope, to=to, at=now, now=now, automatic=False)


def note(order: SendEmail, cohort: str) -> SendEmail:
    reason = StaffReason.UNDELIVERABLE
    key = email_key(order.scope_id, EmailKind.STAFF_NOTE, reason, Recipient.STAFF)
    about = {"key": key, "kind": EmailKind.STAFF_NOTE, "to": Recipient.STAFF, "reason": reason, "about": Side.MENTOR}
    return order.model_copy(update=about)


async def test_requested_email_waits_as_it_was_requested(pool: asyncpg.Pool, cohort: str, order: SendEmail) -> None:
    for request in (order, note(order, cohort)):
        await outbox.enqueue(pool, cohort, request)
    assert set(await outbox.waiting(pool, cohort, order.now)) == {order, note(order, cohort)}
    assert await outbox.waiting(pool, "another-cohort", order.now) == ()
    assert await outbox.cohorts_with_waiting(pool, order.now) == (cohort,)


async def test_email_requested_ten_times_at_once_waits_once(pool: asyncpg.Pool, cohort: str, order: SendEmail) -> None:
    await asyncio.gather(*(outbox.enqueue(pool, cohort, order) for _ in range(10)))
    assert await outbox.waiting(pool, cohort, order.now) == (order,)
    assert await outbox.count_emails(pool, order.scope_id, order.kind) == 1


async def test_email_is_rolled_back_with_what_caused_it(pool: asyncpg.Pool, cohort: str, order: SendEmail) -> None:
    async def save_and_fail() -> None:
        async with pool.acquire() as db, db.transaction():
            await outbox.enqueue(db, cohort, order)
            raise RuntimeError("the page could not save")

    with pytest.raises(RuntimeError):
        await save_and_fail()
    assert await outbox.waiting(pool, cohort, order.now) == ()


async def test_written_email_gets_its_subject_and_no_longer_waits_once_it_is_sent(
    pool: asyncpg.Pool, cohort: str, order: SendEmail
) -> None:
    await outbox.enqueue(pool, cohort, order)
    (row,) = await outbox.emails_of_cohort(pool, cohort)
    assert row["subject"] == ""
    await outbox.claim(pool, cohort, order, "Your link", [])
    await outbox.set_sending(pool, order.key)
    assert await outbox.waiting(pool, cohort, order.now) == (order,)
    await outbox.set_sent(pool, order.key, order.now)
    (row,) = await outbox.emails_of_cohort(pool, cohort)
    assert (row["subject"], row["state"]) == ("Your link", "sent")
    assert await outbox.waiting(pool, cohort, order.now) == ()
    await outbox.enqueue(pool, cohort, order)
    assert await outbox.waiting(pool, cohort, order.now) == ()


async def test_emails_of_workflows_are_left_to_them(pool: asyncpg.Pool, cohort: str, order: SendEmail) -> None:
    await outbox.claim(pool, cohort, order, "A reminder", [])
    await outbox.set_sending(pool, order.key)
    assert await outbox.waiting(pool, cohort, order.now) == ()
    assert await outbox.cohorts_with_waiting(pool, order.now) == ()


async def test_email_to_a_full_mailbox_is_deferred_and_tried_again(
    pool: asyncpg.Pool, cohort: str, order: SendEmail
) -> None:
    later = order.now + timedelta(minutes=30)
    await outbox.enqueue(pool, cohort, order)
    await outbox.set_sending(pool, order.key)
    assert await outbox.defer(pool, order, later, MANY) == "waiting"
    assert await outbox.waiting(pool, cohort, order.now) == ()
    assert await outbox.cohorts_with_waiting(pool, order.now) == ()
    assert await outbox.next_retry_at(pool, cohort, order.now) == later
    assert await outbox.waiting(pool, cohort, later) == (order,)
    assert await outbox.next_retry_at(pool, cohort, later) is None


async def test_email_without_a_request_waits_like_the_others_once_it_is_deferred(
    pool: asyncpg.Pool, cohort: str, order: SendEmail
) -> None:
    await outbox.claim(pool, cohort, order, "A reminder", [])
    await outbox.set_sending(pool, order.key)
    await outbox.defer(pool, order, None, MANY)
    assert await outbox.waiting(pool, cohort, order.now) == (order,)


async def test_email_is_given_up_after_the_most_attempts(pool: asyncpg.Pool, cohort: str, order: SendEmail) -> None:
    await outbox.enqueue(pool, cohort, order)
    states = []
    for _ in range(3):
        await outbox.set_sending(pool, order.key)
        states.append(await outbox.defer(pool, order, None, 3))
    assert states == ["waiting", "waiting", "undeliverable"]
    assert await outbox.waiting(pool, cohort, order.now) == ()
    assert await outbox.defer(pool, order, None, 3) is None


async def test_email_with_nothing_to_say_leaves_no_row_and_a_sent_one_stays(
    pool: asyncpg.Pool, cohort: str, order: SendEmail
) -> None:
    await outbox.enqueue(pool, cohort, order)
    await outbox.discard(pool, order.key)
    assert await outbox.emails_of_cohort(pool, cohort) == []
    await outbox.enqueue(pool, cohort, order)
    await outbox.set_sending(pool, order.key)
    await outbox.set_sent(pool, order.key, order.now)
    await outbox.discard(pool, order.key)
    assert await outbox.email_state(pool, order.key) == "sent"


async def test_personal_link_leads_to_its_owner_until_it_is_revoked(
    pool: asyncpg.Pool, cohort: str, now: datetime
) -> None:
    first, second = (sha256(token).digest() for token in (b"first", b"second"))
    for _ in range(2):
        await personal_links.ensure(pool, cohort, "M01", first)
    assert await personal_links.owner(pool, first) == (cohort, "M01")
    assert await personal_links.owner(pool, second) is None
    await personal_links.revoke(pool, cohort, "M01", now)
    await personal_links.ensure(pool, cohort, "M01", first)
    assert await personal_links.owner(pool, first) is None
    assert await personal_links.count_revoked(pool, cohort, "M01") == 1
    await personal_links.ensure(pool, cohort, "M01", second)
    assert await personal_links.owner(pool, second) == (cohort, "M01")
    assert await personal_links.count_revoked(pool, cohort, "M02") == 0
