"""Delivering the outbox: each email by itself, none before its turn, none lost, and none that stops another.

SMTP cannot promise exactly once: an attempt that died between the relay's yes and our record of it is repeated byte for
byte under the same Message-ID, by which mailboxes know it for the same message.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg
import structlog

from emails.batcher import Batcher
from emails.late_emails import LateEmails
from emails.links import LinkKeys
from emails.refusals import Refusals
from emails.relay_health import RelayPause
from emails.return_path import return_path
from emails.smtp import DeliveryFailed, Relay
from emails.writer import EmailWriter
from runtime.settings import Settings
from schemas.emails.messages import ClaimedEmail, WrittenEmail
from storage import outbox
from storage.database import DATABASE_ERRORS

# Emails that are delivered at the same time, each over a connection of its own.
CONNECTIONS = 4
# Emails that are on their way at the same time, so that one statement serves several: at most as many as leave within
# some seconds, or a note to staff would wait for them.
MOST_IN_FLIGHT, IN_FLIGHT_SECONDS = 16, 5.0
SWEEP_SECONDS = 60.0
# To be written, to wait for its turn, to wait for a connection, and to be delivered: together below the lease, or
# another sender would take an email over while this one is still at it. A longer wait for its turn renews the lease.
WRITING_SECONDS, TURN_SECONDS, WAITING_SECONDS, DELIVERY_SECONDS = 10.0, 5.0, 10.0, 30.0
# In-flight emails may finish when a worker stops; a relay that hangs is not waited for.
DRAIN_SECONDS = 15.0
DATABASE_RETRY_SECONDS = 2.0
# Another sender may hold the next email, whose attempt is due already.
MIN_WAIT_SECONDS = 0.2

_log = structlog.get_logger(__name__)


class _Message(NamedTuple):
    """An email as it goes to the relay: bounces come back to ``return_path``."""

    content: bytes
    recipient: str
    return_path: str


class EmailSender:
    """Delivers queued emails as they come up; several senders share the work and the rate limit.

    ``on_undeliverable`` is called with an email whose address refuses it for good.
    """

    def __init__(
        self, pool: asyncpg.Pool, settings: Settings, on_undeliverable: Callable[[ClaimedEmail], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._late_emails = LateEmails(pool)
        self._writer = EmailWriter(pool, settings)
        self._keys = LinkKeys(settings)
        # The last one used is the first one used again, before the relay closes it.
        self._relays: asyncio.LifoQueue[Relay] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._relays.put_nowait(Relay(settings))
        self._most_in_flight = max(1, min(MOST_IN_FLIGHT, int(settings.emails_per_second * IN_FLIGHT_SECONDS)))
        self._in_flight: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._pause = RelayPause(pool)
        self._refusals = Refusals(pool, self._pause, on_undeliverable)
        self._save_written = Batcher(self._written)
        self._take_turn = Batcher(self._turns)
        self._set_sent = Batcher(self._sent)

    async def run(self) -> None:
        """Deliver until canceled; then let what is in flight finish for some seconds."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                await self._deliver_queued()
        finally:
            listening.cancel()
            await self._drain()

    async def _deliver_queued(self) -> None:
        """Deliver what is queued, then wait for more; a database that is away is waited for."""
        try:
            await outbox.set_sender_seen(self._pool)
            while await self._deliver_next():
                pass
            # One that failed or was released may be the next.
            await self._wait_for_more()
        except DATABASE_ERRORS as error:
            _log.warning("outbox_unavailable", error=type(error).__name__)
            await asyncio.sleep(DATABASE_RETRY_SECONDS)

    async def _deliver_next(self) -> bool:
        """Begin to deliver the next emails; return False where none is queued."""
        # Several at a time: half of them may leave, and the connections have enough to do.
        while len(self._in_flight) > self._most_in_flight // 2:
            await asyncio.wait(self._in_flight, return_when=asyncio.FIRST_COMPLETED)
        await self._pause.wait()
        # First: what is enqueued while the query runs may come too late for it.
        self._woken.clear()
        # While the relay accepts nothing, one email at a time finds out whether it does again.
        room = 1 if self._pause.active else self._most_in_flight - len(self._in_flight)
        begun = [asyncio.create_task(self._deliver(email)) for email in await outbox.claim(self._pool, at_most=room)]
        for task in begun:
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        if self._pause.active and begun:
            await asyncio.wait(begun)
        return bool(begun)

    async def _deliver(self, email: ClaimedEmail) -> None:
        """Write, compose and deliver one email, and record what became of it."""
        try:
            await self._attempt(email)
        except DATABASE_ERRORS as error:
            # The row keeps its lease and is taken up again after it.
            _log.warning("email_not_recorded", key=email.key, error=type(error).__name__)

    async def _attempt(self, email: ClaimedEmail) -> None:
        try:
            async with asyncio.timeout(WRITING_SECONDS):
                messages = await self._write(email)
            if messages:
                await self._wait_for_turn(email)
                await self._hand_over(email, messages)
            return
        except DeliveryFailed as failed:
            await self._refusals.record(email, failed)
        # A rendering or a relay that never ends; an OSError, though not one of the database.
        except TimeoutError as error:
            await self._refusals.defer(email, type(error).__name__)
        except DATABASE_ERRORS:
            raise
        # A template, a row or an encoding that is at fault concerns this email alone.
        except Exception as error:
            await self._refusals.defer(email, type(error).__name__)
        # It may be the next one to leave, at a moment that the loop does not know of.
        self._woken.set()

    async def _write(self, email: ClaimedEmail) -> Sequence[_Message]:
        """Return the message to the recipient and its copies, or none where it does not leave now or ever."""
        delay = await self._late_emails.delay_until_office_hours(email)
        if await self._late_emails.says_nothing_new(email, email.now + delay):
            return await self._discard(email)
        if delay:
            await outbox.requeue(self._pool, email.key, delay=delay)
            _log.info("email_postponed", key=email.key, seconds=delay.total_seconds())
            return ()
        # An attempt before may have arrived: another key would make other bytes of the same email.
        key = self._keys.find(email.link_key_id)
        outgoing = await self._writer.write(email, key)
        if outgoing is None:
            return await self._discard(email)
        path = return_path(self._settings, email.key, outgoing.recipient.addr_spec, key)
        await self._save_written(
            WrittenEmail(
                key=email.key,
                subject=outgoing.rendered.subject,
                links=tuple(outgoing.links),
                bounce_hash=path.token_hash,
                message_id=path.message_id,
                link_key_id=key.id,
            )
        )
        # A copy that comes back must not count against the address of the first recipient.
        return_paths = [path.address, *[self._settings.sender] * len(outgoing.copies)]
        messages = outgoing.messages(self._settings, email, path.message_id)
        return [
            _Message(content, recipient, path)
            for (recipient, content), path in zip(messages, return_paths, strict=True)
        ]

    async def _discard(self, email: ClaimedEmail) -> Sequence[_Message]:
        await outbox.discard(self._pool, email.key)
        _log.info("email_discarded", key=email.key)
        return ()

    async def _wait_for_turn(self, email: ClaimedEmail) -> None:
        seconds = await self._take_turn(email.key)
        # At a low rate limit, or with many senders.
        if seconds > TURN_SECONDS:
            await outbox.renew_lease(self._pool, email.key, seconds)
        await asyncio.sleep(seconds)

    async def _hand_over(self, email: ClaimedEmail, messages: Sequence[_Message]) -> None:
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                relay = await self._relays.get()
        except TimeoutError:
            await self._release(email)
            return
        try:
            # The relay refused others meanwhile.
            if self._pause.holds:
                await self._release(email)
                return
            async with asyncio.timeout(DELIVERY_SECONDS):
                await relay.deliver(*messages[0])
            await self._set_sent(email.key)
            _log.info("email_sent", key=email.key, attempts=email.attempts)
            await self._refusals.accepted()
            await self._deliver_copies(email, messages[1:], relay)
        finally:
            self._relays.put_nowait(relay)

    async def _release(self, email: ClaimedEmail) -> None:
        """Let an email be the next one again that was not handed over, by no fault of its own."""
        await outbox.requeue(self._pool, email.key)
        self._woken.set()

    async def _deliver_copies(self, email: ClaimedEmail, copies: Sequence[_Message], relay: Relay) -> None:
        """Deliver copies; a refused one is only logged, because next week's digest says it all again."""
        for copy in copies:
            try:
                await relay.deliver(*copy)
            except DeliveryFailed as refused:
                _log.warning("copy_refused", key=email.key, failure=refused.failure)

    async def _written(self, emails: Sequence[WrittenEmail]) -> Sequence[None]:
        await outbox.save_written(self._pool, *emails)
        return [None] * len(emails)

    async def _turns(self, keys: Sequence[str]) -> Sequence[float]:
        return await outbox.take_turns(self._pool, self._settings.emails_per_second, len(keys))

    async def _sent(self, keys: Sequence[str]) -> Sequence[None]:
        await outbox.set_sent(self._pool, *keys)
        return [None] * len(keys)

    async def _listen(self) -> None:
        """Wake whenever something is enqueued; without the connection, the sweep of each minute still finds it."""
        while True:
            with contextlib.suppress(*DATABASE_ERRORS):
                await self._listen_until_lost()
            await asyncio.sleep(DATABASE_RETRY_SECONDS)

    async def _listen_until_lost(self) -> None:
        lost = asyncio.Event()
        # Not one of the pool, which would reset it and lose the listener.
        connection = await asyncpg.connect(self._settings.database_url.get_secret_value())
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(outbox.CHANNEL, lambda *_: self._woken.set())
            # Nobody heard of what was enqueued before.
            self._woken.set()
            await lost.wait()
        finally:
            connection.terminate()

    async def _wait_for_more(self) -> None:
        next_at = await outbox.next_attempt_at(self._pool)
        seconds = (next_at - datetime.now(UTC)).total_seconds() if next_at else SWEEP_SECONDS
        with contextlib.suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it forgets a cancellation that comes at the moment of the event.
            async with asyncio.timeout(min(max(seconds, MIN_WAIT_SECONDS), SWEEP_SECONDS)):
                await self._woken.wait()

    async def _drain(self) -> None:
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.gather(*(self._relays.get_nowait().close() for _ in range(self._relays.qsize())))
