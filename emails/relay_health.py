"""Whether the relay accepts email: pauses while it does not, and refusals that are its own and not the addresses'."""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog

from emails.smtp import DeliveryFailed, PolicyRefused
from storage import outbox

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
# As many refusals in a row, each at another domain, are the relay's: no class has so many dead addresses at once.
REFUSALS_OF_A_RELAY = 5
# Anyone can type an address that makes a relay refuse one email; a second one shows that it refuses all.
POLICY_REFUSALS_OF_A_RELAY = 2

_log = structlog.get_logger(__name__)


class RelayPause:
    """The pause while the relay accepts nothing: each attempt that fails doubles it, up to a minute.

    Staff and operators cannot be emailed about it, so it stands in the log and in PostgreSQL, where doctor reads it.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._seconds = 0.0
        self._until = 0.0

    @property
    def active(self) -> bool:
        """Tell whether the last attempt found that the relay accepts nothing."""
        return self._seconds > 0

    @property
    def holds(self) -> bool:
        """Tell whether the next attempt may not be made yet."""
        return _now() < self._until

    async def wait(self) -> None:
        """Wait until the next attempt may be made."""
        await asyncio.sleep(max(0.0, self._until - _now()))

    async def begin(self, failure: str) -> None:
        """Pause, or pause for longer; ``failure`` is a code or the name of an error."""
        # Several emails in flight fail at the same moment, by the same fault.
        if self.holds:
            return
        if not self.active:
            _log.error("sender_paused", failure=failure)
        self._seconds = min(self._seconds * 2 or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
        self._until = _now() + self._seconds
        await outbox.set_sender_paused(self._pool, failure)

    async def end(self) -> None:
        """End the pause: the relay has accepted an email, or has refused one by that email's own fault."""
        if self.active:
            self._seconds = self._until = 0.0
            _log.info("sender_resumed")
            await outbox.set_sender_resumed(self._pool)


class RefusalStreak:
    """The refusals since the relay last accepted an email: by its policy, or for other reasons."""

    def __init__(self) -> None:
        self._refusals: dict[str, DeliveryFailed] = {}

    def add(self, key: str, refused: DeliveryFailed) -> Sequence[str]:
        """Count a refusal; return the keys of all of its sort where they are so many that the relay is at fault.

        That is the second one by policy, and otherwise the fifth domain.
        """
        self._refusals[key] = refused
        by_policy = isinstance(refused, PolicyRefused)
        alike = {key: each for key, each in self._refusals.items() if isinstance(each, PolicyRefused) is by_policy}
        if by_policy:
            return tuple(alike) if len(alike) >= POLICY_REFUSALS_OF_A_RELAY else ()
        domains = {each.domain for each in alike.values()}
        return tuple(alike) if len(domains) >= REFUSALS_OF_A_RELAY else ()

    def clear(self) -> None:
        """Forget them: the relay accepted an email."""
        self._refusals.clear()


def _now() -> float:
    return asyncio.get_running_loop().time()
