"""An address that refuses: staff and the partner hear of it once, and a corrected address is written to again."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date, time, timedelta
from typing import Any

from runtime.local_stack.mail_sink import FULL_MAILBOXES, NO_SUCH_MAILBOXES
from schemas.enums import Side
from schemas.mentorship.changes import ResendRequest
from storage.contacts import change_contact, contact
from tests.workflows.one_pair import OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]


async def moves_to(pair: OnePair, email: str) -> None:
    known = await contact(pair.environment.pool, pair.mentorship, Side.MENTEE)
    await change_contact(pair.environment.pool, known, email=email)


async def test_an_address_that_refuses_is_told_once_and_can_be_corrected(one_pair: Begin) -> None:
    pair = await one_pair("moved-away")
    await pair.on(date(2019, 7, 1))
    await moves_to(pair, f"gone{NO_SUCH_MAILBOXES}")
    before = len(await pair.email_lines())
    where = await pair.on(date(2019, 8, 2))
    assert "undeliverable" in where.concerns
    assert (await pair.email_lines())[before:] == [
        "2019-07-22 09:00 mentee check_in check_in-1/0 goal_check_in-1/0",
        "2019-07-22 09:00 mentor check_in check_in-1/0",
        "2019-07-22 09:00 *mentor partner_unreachable",
        "2019-07-22 09:00 *staff staff_note",
        "2019-07-31 09:00 mentee check_in check_in-1/1 goal_check_in-1/1",
        "2019-07-31 09:00 mentor check_in check_in-1/1",
    ]
    refused = [row["kind"] for row in await pair.emails() if row["state"] == "undeliverable"]
    assert refused == ["check_in", "check_in"]
    await moves_to(pair, "found-again@example.org")
    assert await pair.handle.execute_update("resend", ResendRequest(side=Side.MENTEE)) == 1
    assert "undeliverable" not in (await pair.progress_at()).concerns
    assert (await pair.email_lines())[-1].split()[2:] == [
        "*mentee",
        "agreement",
        "agreement/0",
        "check_in-1/0",
        "goal_check_in-1/0",
    ]
    assert (await pair.emails())[-1]["state"] == "sent"


async def test_a_full_mailbox_holds_up_neither_the_partner_nor_staff(one_pair: Begin) -> None:
    pair = await one_pair("mailbox-full")
    await pair.on(date(2019, 7, 1))
    await moves_to(pair, f"full{FULL_MAILBOXES}")
    await pair.on(date(2019, 7, 22), time(9, 15))
    await pair.answer(Side.MENTOR, "check_in-1", status="met", call_requested="yes")
    assert "call_requested" in (await pair.progress_at()).concerns
    assert await states_of(pair, "check_in") == {"mentor": "sent", "mentee": "queued"}
    assert await states_of(pair, "staff_note") == {"staff": "sent"}
    await moves_to(pair, "emptied@example.org")
    await try_again(pair, failing_for=timedelta(minutes=1))
    assert await states_of(pair, "check_in") == {"mentor": "sent", "mentee": "sent"}


async def test_a_mailbox_that_stays_full_for_days_is_told_as_one_that_refuses(one_pair: Begin) -> None:
    pair = await one_pair("mailbox-stays-full")
    await pair.on(date(2019, 7, 1))
    await moves_to(pair, f"full{FULL_MAILBOXES}")
    await pair.on(date(2019, 7, 22), time(9, 15))
    await try_again(pair, failing_for=timedelta(days=4))
    assert "undeliverable" not in (await pair.progress_at()).concerns
    await try_again(pair, failing_for=timedelta(days=5))
    assert "undeliverable" in (await pair.progress_at()).concerns
    assert await states_of(pair, "partner_unreachable") == {"mentor": "sent"}


async def try_again(pair: OnePair, *, failing_for: timedelta) -> None:
    """Let the sender try an email again that has failed for so long."""
    before = await pair.environment.pool.fetchval(
        "select sum(attempts) from outbox where scope_id = $1", pair.mentorship
    )
    await pair.environment.pool.execute(
        "update outbox set next_attempt_at = now(), failing_since = now() - $2::interval"
        " where scope_id = $1 and state = 'queued'",
        pair.mentorship,
        failing_for,
    )
    await pair.environment.pool.execute("select pg_notify('outbox', '')")
    tried = "select sum(attempts) from outbox where scope_id = $1 and state <> 'sending'"
    async with asyncio.timeout(30):
        while await pair.environment.pool.fetchval(tried, pair.mentorship) == before:  # noqa: ASYNC110 - it does not tell
            await asyncio.sleep(0.02)
    await pair.progress_at()


async def states_of(pair: OnePair, kind: str) -> dict[str, str]:
    return {row["recipient"]: row["state"] for row in await pair.emails() if row["kind"] == kind}
