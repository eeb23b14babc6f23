"""Delivering the outbox: each email by itself, none before its turn, none lost, and none that stops another.

SMTP cannot promise exactly once: an attempt that died between the relay's yes and our record of it is repeated byte for
byte under the same Message-ID, by which mailboxes know it for the same message.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from emails.late_emails import delay_until_office_hours, says_nothing_new
from emails.links import LinkKeys
from emails.relay_health import RefusalStreak, RelayPause
from emails.return_path import return_path
from emails.smtp import AddressDeferred, AddressRefused, DeliveryFailed, PolicyRefused, Relay, RelayUnavailable
from emails.writer import EmailWriter
from runtime.settings import Settings
from schemas.emails.messages import ClaimedEmail
from schemas.enums import EmailState
from storage import outbox
from storage.database import DATABASE_ERRORS

# Emails that are rendered and delivered at the same time, each over a connection of its own.
CONNECTIONS = 4
SWEEP_SECONDS = 60.0
# Below the lease, or another sender would take an email over while this one is still at it.
ATTEMPT_SECONDS = 30.0
# In-flight emails may finish when a worker stops; a relay that hangs is not waited for.
DRAIN_SECONDS = 15.0
DATABASE_RETRY_SECONDS = 2.0
# Another sender may hold the next email, whose attempt is due already.
MIN_WAIT_SECONDS = 0.2
# How long an email rests after each failure; from then on it is tried once a day.
RETRY_DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)

# The relay may have refused everything: such an email is late by an hour at most once it does not any more.
LONGEST_POLICY_DELAY = timedelta(hours=1)
# Five dead addresses in a row look like a relay that refuses all: their emails are tried again so often, so far apart.
ATTEMPTS_IN_STREAK = 3
STREAK_DELAY = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


class EmailSender:
    """Delivers queued emails as they come up; several senders share the work and the rate limit.

    ``on_undeliverable`` is called with an email whose address refuses it for good.
    """

    def __init__(
        self, pool: asyncpg.Pool, settings: Settings, on_undeliverable: Callable[[ClaimedEmail], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._on_undeliverable = on_undeliverable
        self._writer = EmailWriter(pool, settings)
        self._keys = LinkKeys(settings)
        self._relays = [Relay(settings) for _ in range(CONNECTIONS)]
        self._free = asyncio.Semaphore(CONNECTIONS)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._pause = RelayPause(pool)
        self._refusals = RefusalStreak()

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
        """Begin to deliver the next email; return False where none is queued."""
        await self._free.acquire()
        try:
            await self._pause.wait()
            # First: what is enqueued while the query runs may come too late for it.
            self._woken.clear()
            email = await outbox.claim(self._pool)
        except BaseException:
            self._free.release()
            raise
        if email is None:
            self._free.release()
            return False
        task = asyncio.create_task(self._deliver_on_free_connection(email))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        # While the relay accepts nothing, one email at a time finds out whether it does again.
        if self._pause.active:
            await asyncio.wait([task])
        return True

    async def _deliver_on_free_connection(self, email: ClaimedEmail) -> None:
        relay = self._relays.pop()
        try:
            if not await self._deliver(email, relay):
                # It may be the next one to leave, at a moment that the loop does not know of.
                self._woken.set()
        except DATABASE_ERRORS as error:
            # The row keeps its lease and is taken up again after it.
            _log.warning("email_not_recorded", key=email.key, error=type(error).__name__)
        finally:
            self._relays.append(relay)
            self._free.release()

    async def _deliver(self, email: ClaimedEmail, relay: Relay) -> bool:
        """Render, compose and deliver one email, and record what became of it; return whether it is settled."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._attempt(email, relay)
            return True
        except RelayUnavailable as unavailable:
            await self._relay_unavailable(email, unavailable)
        except PolicyRefused as refused:
            await self._policy_refused(email, refused)
        except DeliveryFailed as refused:
            await self._pause.end()
            await self._refused(email, refused)
        # A rendering that never ends; an OSError, though not one of the database.
        except TimeoutError as error:
            await self._defer(email, type(error).__name__, EmailState.DEAD)
        except DATABASE_ERRORS:
            raise
        # A template, a row or an encoding that is at fault concerns this email alone.
        except Exception as error:
            await self._defer(email, type(error).__name__, EmailState.DEAD)
        return False

    async def _attempt(self, email: ClaimedEmail, relay: Relay) -> None:
        delay = await delay_until_office_hours(self._pool, email)
        if await says_nothing_new(self._pool, email, email.now + delay):
            await self._discard(email)
            return
        if delay:
            await outbox.requeue(self._pool, email.key, delay=delay)
            _log.info("email_postponed", key=email.key, seconds=delay.total_seconds())
            return
        # An attempt before may have arrived: another key would make other bytes of the same email.
        key = self._keys.find(email.link_key_id)
        outgoing = await self._writer.write(email, key)
        if outgoing is None:
            await self._discard(email)
            return
        path = return_path(self._settings, email.key, outgoing.recipient.addr_spec, key)
        await outbox.save_written(
            self._pool,
            email.key,
            outgoing.rendered.subject,
            outgoing.links,
            bounce_hash=path.token_hash,
            message_id=path.message_id,
            link_key_id=key.id,
        )
        (recipient, message), *copies = outgoing.messages(self._settings, email, path.message_id)
        await asyncio.sleep(await outbox.take_turn(self._pool, self._settings.emails_per_second))
        await relay.deliver(message, recipient, path.address)
        await outbox.set_sent(self._pool, email.key)
        _log.info("email_sent", key=email.key, attempts=email.attempts)
        self._refusals.clear()
        await self._pause.end()
        await self._deliver_copies(email, copies, relay)

    async def _discard(self, email: ClaimedEmail) -> None:
        await outbox.discard(self._pool, email.key)
        _log.info("email_discarded", key=email.key)

    async def _deliver_copies(self, email: ClaimedEmail, copies: list[tuple[str, bytes]], relay: Relay) -> None:
        """Deliver copies; a refused one is only logged, because next week's digest says it all again."""
        for recipient, message in copies:
            try:
                # A copy that comes back must not count against the address of the first recipient.
                await relay.deliver(message, recipient, self._settings.sender)
            except DeliveryFailed as refused:
                _log.warning("copy_refused", key=email.key, failure=refused.failure)

    async def _refused(self, email: ClaimedEmail, refused: DeliveryFailed) -> None:
        if isinstance(refused, AddressDeferred):
            if await self._defer(email, refused.failure, EmailState.UNDELIVERABLE) is EmailState.UNDELIVERABLE:
                await self._on_undeliverable(email)
            return
        if isinstance(refused, AddressRefused):
            await outbox.set_undeliverable(self._pool, email.key, refused.failure)
            _log.warning("email_undeliverable", key=email.key, failure=refused.failure)
        else:
            await self._defer(email, refused.failure, EmailState.DEAD)
        # What was tried again several times is refused for good, whoever else is.
        if email.attempts <= ATTEMPTS_IN_STREAK and (keys := self._refusals.add(email.key, refused)):
            await outbox.requeue_undeliverable(self._pool, keys, STREAK_DELAY)
            self._refusals.clear()
            await self._pause.begin(f"{len(keys)} refusals in a row, {refused.failure}")
        elif isinstance(refused, AddressRefused):
            await self._on_undeliverable(email)

    async def _policy_refused(self, email: ClaimedEmail, refused: PolicyRefused) -> None:
        """Defer an email, or whoever makes the relay refuse one would stop all others; two in a row are the relay's."""
        await self._defer(email, refused.failure, EmailState.DEAD, longest=LONGEST_POLICY_DELAY)
        if self._refusals.add(email.key, refused):
            await self._pause.begin(refused.failure)

    async def _relay_unavailable(self, email: ClaimedEmail, unavailable: RelayUnavailable) -> None:
        # One that may have arrived keeps its Date, so that the next attempt gives the same bytes.
        if unavailable.ambiguous:
            await self._defer(email, unavailable.failure, EmailState.DEAD)
        else:
            await outbox.requeue(self._pool, email.key)
        await self._pause.begin(unavailable.failure)

    async def _defer(
        self,
        email: ClaimedEmail,
        failure: str,
        last_state: EmailState,
        *,
        longest: timedelta = RETRY_DELAYS[-1],
    ) -> EmailState | None:
        delay = min(RETRY_DELAYS[min(email.attempts, len(RETRY_DELAYS)) - 1], longest)
        _log.warning("email_deferred", key=email.key, failure=failure, seconds=delay.total_seconds())
        return await outbox.defer(self._pool, email.key, delay, failure, last_state=last_state)

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
        await asyncio.gather(*(relay.close() for relay in self._relays))
