"""A sender that is told to stop is gone soon, whatever the relay does at that moment, and loses no email."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager

import pytest

from emails import sender
from schemas.enums import EmailState
from storage import outbox as rows
from tests.emails.relay import Delivery
from tests.emails.test_sender import check_in

# With MILE_TEST_DRAIN=15 it is the time that emails in flight are given in production.
DRAIN_SECONDS = float(os.environ.get("MILE_TEST_DRAIN", "0.3"))
# To close connections that answer no more.
CLOSED_WITHIN_SECONDS = 2
# The event loop's clock counts whole milliseconds.
CLOCK_SECONDS = 0.001
GREETING = b"220 relay\r\n"


class HangingRelay:
    """Answers each command with what a script says, and then never again where it says nothing."""

    def __init__(self, hangs_at: bytes) -> None:
        self._hangs_at = hangs_at
        self.hanging = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command, receiving = b"CONNECT", False
        try:
            while not command.startswith(self._hangs_at):
                writer.write(self._reply(command, receiving=receiving))
                receiving = command.startswith(b"DATA")
                command = await (reader.readuntil(b"\r\n.\r\n") if receiving else reader.readline())
                if receiving:
                    command = b"."
            self.hanging.set()
            await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    @staticmethod
    def _reply(command: bytes, *, receiving: bool) -> bytes:
        if command == b"CONNECT":
            return GREETING
        return b"354 go on\r\n" if command.startswith(b"DATA") else b"250 fine\r\n"


async def _seconds_to_stop(delivery: Delivery, once: Awaitable[object]) -> float:
    """Start a sender, stop it once something is so, and return how long it took to stop."""
    running = asyncio.create_task(sender.EmailSender(delivery.pool, delivery.settings, delivery.note).run())
    await asyncio.wait_for(once, 10)
    stopped_at = asyncio.get_running_loop().time()
    running.cancel()
    await asyncio.wait([running])
    return asyncio.get_running_loop().time() - stopped_at


async def _paused(delivery: Delivery) -> None:
    while (status := await rows.sender_status(delivery.pool)) is None or status.paused_since is None:  # noqa: ASYNC110 - PostgreSQL does not tell
        await asyncio.sleep(0.01)


@pytest.fixture
def short_drain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "DRAIN_SECONDS", DRAIN_SECONDS)


@pytest.mark.parametrize("hangs_at", [b"CONNECT", b"EHLO", b"MAIL", b"RCPT", b"DATA", b"."])
async def test_sender_stops_though_the_relay_answers_no_more(
    outbox: Delivery, short_drain: None, hangs_at: bytes
) -> None:
    relay = HangingRelay(hangs_at)
    async with relay.listening() as port:
        outbox.settings = outbox.settings.model_copy(update={"smtp_port": port})
        await rows.enqueue(outbox.pool, check_in())
        taken = await _seconds_to_stop(outbox, relay.hanging.wait())
    # It waits for the email in flight, and no longer.
    assert DRAIN_SECONDS - CLOCK_SECONDS <= taken <= DRAIN_SECONDS + CLOSED_WITHIN_SECONDS
    # Another sender takes it over.
    assert await rows.email_state(outbox.pool, check_in().key) is EmailState.SENDING


async def test_sender_stops_while_the_relay_refuses_connections(outbox: Delivery, short_drain: None) -> None:
    async with HangingRelay(b"CONNECT").listening() as port:
        outbox.settings = outbox.settings.model_copy(update={"smtp_port": port})
    await rows.enqueue(outbox.pool, check_in())
    assert await _seconds_to_stop(outbox, _paused(outbox)) <= DRAIN_SECONDS + CLOSED_WITHIN_SECONDS
    assert await rows.email_state(outbox.pool, check_in().key) is EmailState.QUEUED
