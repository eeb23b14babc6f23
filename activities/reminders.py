"""Writing to people: every email of a mentorship or cohort leaves through here."""

from collections.abc import Awaitable

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
        """Send the emails of one moment and say what became of each, in their order.

        One that goes wrong holds up no other; then all are tried again. A second run finds what was sent and does
        nothing, or sends the very same bytes again.
        """
        outcomes = [await _tried(self._send(order)) for order in orders]
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        return tuple(outcome for outcome in outcomes if isinstance(outcome, EmailResult))

    async def _send(self, order: SendEmail) -> EmailResult:
        result = await self._outbox.send(order)
        activity.logger.info("email_settled", extra={"key": order.key, "state": result.state})
        return result


async def _tried(sending: Awaitable[EmailResult]) -> EmailResult | Exception:
    try:
        return await sending
    except Exception as error:
        return error
