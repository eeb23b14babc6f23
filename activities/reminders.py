"""Emails of mentorships, and to staff: each leaves through here."""

import asyncpg
from temporalio import activity

from emails.outbox import Outbox
from runtime.settings import Settings
from schemas.emails.messages import EmailResult, SendEmail


class Reminders:
    """Sends emails, at most one for each key."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._outbox = Outbox(pool, settings)

    @activity.defn
    async def send_emails(self, orders: tuple[SendEmail, ...]) -> tuple[EmailResult, ...]:
        """Send the emails of one moment; return the result of each, in their order.

        Raises the first error once all were tried: one that fails holds up no other. A second run skips what was sent,
        or sends the same bytes under the same Message-ID.
        """
        results: list[EmailResult] = []
        errors: list[Exception] = []
        for order in orders:
            try:
                results.append(await self._send(order))
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return tuple(results)

    async def _send(self, order: SendEmail) -> EmailResult:
        result = await self._outbox.send(order)
        activity.logger.info("email_settled", extra={"key": order.key, "state": result.state})
        return result
