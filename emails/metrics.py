"""What operators are alerted to about emails: how many are stuck, and whether the relay accepts any."""

import asyncio

import asyncpg
import structlog
from temporalio.common import MetricMeter

from storage import outbox
from storage.database import DATABASE_ERRORS

EVERY_SECONDS = 60.0

_log = structlog.get_logger(__name__)


class EmailMetrics:
    """Reports each minute what PostgreSQL says; every worker reports the same."""

    def __init__(self, pool: asyncpg.Pool, meter: MetricMeter) -> None:
        self._pool = pool
        self._stuck = meter.create_gauge(
            "mile_emails_stuck", "emails that failed for an hour, waited for a day, or were given up"
        )
        self._paused = meter.create_gauge("mile_relay_paused", "1 while the relay accepts nothing, else 0")

    async def run(self) -> None:
        """Report until canceled."""
        while True:
            try:
                await self.report()
            except DATABASE_ERRORS as error:
                _log.warning("emails_not_counted", error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def report(self) -> None:
        """Report the numbers of this moment."""
        self._stuck.set(len(await outbox.stuck_emails(self._pool)))
        status = await outbox.sender_status(self._pool)
        self._paused.set(int(status is not None and status.paused_since is not None))
