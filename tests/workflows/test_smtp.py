"""What a mail relay can answer, and what becomes of an email then: sent once, tried again, or undeliverable."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiosmtplib
import asyncpg
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from emails.outbox import Outbox
from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, Recipient
from schemas.mentorship.state import Ask
from storage import outbox as outbox_rows
from tests.workflows.one_pair import OnePair

Begin = Callable[[str], Coroutine[Any, Any, OnePair]]
AT = datetime(2019, 7, 22, 14, tzinfo=UTC)


class Relay:
    """Answers as it is told, and keeps what it took."""

    def __init__(self, to_recipient: str = "250 fine", to_message: str = "250 taken") -> None:
        self.to_recipient = to_recipient
        self.to_message = to_message
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        self.taken.append(envelope.original_content or b"")
        return self.to_message


@asynccontextmanager
async def outbox(pair: OnePair, relay: Relay) -> AsyncIterator[Outbox]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(relay, hostname="localhost", loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Outbox(pair.stage.pool, pair.stage.settings.model_copy(update={"smtp_port": port}))
    finally:
        server.close()


def order(pair: OnePair) -> SendEmail:
    return SendEmail(
        key=f"{pair.mentorship}/check_in/by-hand/mentor/0",
        kind=EmailKind.CHECK_IN,
        scope_id=pair.mentorship,
        to=Recipient.MENTOR,
        at=AT,
        now=AT,
        asks=(Ask(milestone="check_in-1"),),
    )


async def _row(pool: asyncpg.Pool, key: str) -> Any:
    return await pool.fetchrow("select state, attempts from outbox where key = $1", key)


async def test_an_address_refused_for_good_is_undeliverable_and_not_tried_again(one_pair: Begin) -> None:
    pair, relay = await one_pair("smtp-refused"), Relay(to_recipient="550 no such user")
    await pair.standing()
    async with outbox(pair, relay) as box:
        assert (await box.send(order(pair))).state == "undeliverable"
        relay.to_recipient = "250 fine"
        assert (await box.send(order(pair))).state == "undeliverable"
    assert relay.taken == []
    assert await outbox_rows.email_state(pair.stage.pool, order(pair).key) == "undeliverable"


@pytest.mark.parametrize("busy", [{"to_recipient": "451 later"}, {"to_message": "421 closing"}], ids=str)
async def test_a_busy_relay_is_asked_again_and_gets_the_very_same_bytes(one_pair: Begin, busy: dict[str, str]) -> None:
    pair, relay = await one_pair(f"smtp-busy-{len(next(iter(busy)))}"), Relay(**busy)
    await pair.standing()
    async with outbox(pair, relay) as box:
        assert (await box.send(order(pair))).state == "deferred"
        relay.to_recipient, relay.to_message = "250 fine", "250 taken"
        assert (await box.send(order(pair))).state == "sent"
        assert (await box.send(order(pair))).state == "already_sent"
    assert len(set(relay.taken)) == 1
    row = await _row(pair.stage.pool, order(pair).key)
    assert (row["state"], row["attempts"]) == ("sent", 2)


async def test_an_attempt_that_died_before_it_was_noted_is_sent_again_under_the_same_id(one_pair: Begin) -> None:
    pair, relay = await one_pair("smtp-died"), Relay()
    await pair.standing()
    async with outbox(pair, relay) as box:
        await box.send(order(pair))
        await pair.stage.pool.execute("update outbox set state = 'sending' where key = $1", order(pair).key)
        assert (await box.send(order(pair))).state == "sent"
    assert len(relay.taken) == 2
    assert relay.taken[0] == relay.taken[1]


async def test_a_relay_that_is_away_leaves_the_email_waiting(one_pair: Begin) -> None:
    pair = await one_pair("smtp-away")
    await pair.standing()
    box = Outbox(pair.stage.pool, pair.stage.settings.model_copy(update={"smtp_port": 1}))
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await box.send(order(pair))
    assert (await _row(pair.stage.pool, order(pair).key))["state"] == "sending"
