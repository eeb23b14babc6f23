"""What becomes of an email that did not leave: it is tried again, given up, or reported."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import structlog

from emails.relay_health import RefusalStreak, RelayPause
from emails.smtp import AddressDeferred, AddressRefused, DeliveryFailed, PolicyRefused, RelayUnavailable
from schemas.emails.messages import ClaimedEmail
from schemas.enums import EmailState
from storage import outbox

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


class Refusals:
    """Records why emails did not leave, and pauses the sender where the relay is at fault.

    ``on_undeliverable`` is called with an email whose address refuses it for good.
    """

    def __init__(
        self, pool: asyncpg.Pool, pause: RelayPause, on_undeliverable: Callable[[ClaimedEmail], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._pause = pause
        self._on_undeliverable = on_undeliverable
        self._streak = RefusalStreak()

    async def accepted(self) -> None:
        """Note that the relay took an email."""
        self._streak.clear()
        await self._pause.end()

    async def record(self, email: ClaimedEmail, failed: DeliveryFailed) -> None:
        """Record what the relay said of an email that it did not take, or that it said nothing."""
        if isinstance(failed, RelayUnavailable):
            await self._relay_unavailable(email, failed)
        elif isinstance(failed, PolicyRefused):
            await self._policy_refused(email, failed)
        else:
            await self._pause.end()
            await self._refused(email, failed)

    async def defer(
        self,
        email: ClaimedEmail,
        failure: str,
        last_state: EmailState = EmailState.DEAD,
        *,
        longest: timedelta = RETRY_DELAYS[-1],
    ) -> EmailState | None:
        """Let an email rest that failed; return its state, which is its last one after five days."""
        delay = min(RETRY_DELAYS[min(email.attempts, len(RETRY_DELAYS)) - 1], longest)
        _log.warning("email_deferred", key=email.key, failure=failure, seconds=delay.total_seconds())
        return await outbox.defer(self._pool, email.key, delay, failure, last_state=last_state)

    async def _refused(self, email: ClaimedEmail, refused: DeliveryFailed) -> None:
        if isinstance(refused, AddressDeferred):
            if await self.defer(email, refused.failure, EmailState.UNDELIVERABLE) is EmailState.UNDELIVERABLE:
                await self._on_undeliverable(email)
            return
        if isinstance(refused, AddressRefused):
            await outbox.set_undeliverable(self._pool, email.key, refused.failure)
            _log.warning("email_undeliverable", key=email.key, failure=refused.failure)
        else:
            await self.defer(email, refused.failure)
        # What was tried again several times is refused for good, whoever else is.
        if email.attempts <= ATTEMPTS_IN_STREAK and (keys := self._streak.add(email.key, refused)):
            await outbox.requeue_undeliverable(self._pool, keys, STREAK_DELAY)
            self._streak.clear()
            await self._pause.begin(f"{len(keys)} refusals in a row, {refused.failure}")
        elif isinstance(refused, AddressRefused):
            await self._on_undeliverable(email)

    async def _policy_refused(self, email: ClaimedEmail, refused: PolicyRefused) -> None:
        """Defer an email, or whoever makes the relay refuse one would stop all others; two in a row are the relay's."""
        # The pause first, or others that are on their way would be refused meanwhile.
        if self._streak.add(email.key, refused):
            await self._pause.begin(refused.failure)
        await self.defer(email, refused.failure, longest=LONGEST_POLICY_DELAY)

    async def _relay_unavailable(self, email: ClaimedEmail, unavailable: RelayUnavailable) -> None:
        await self._pause.begin(unavailable.failure)
        # One that may have arrived keeps its Date, so that the next attempt gives the same bytes.
        if unavailable.ambiguous:
            await self.defer(email, unavailable.failure)
        else:
            await outbox.requeue(self._pool, email.key)
