"""Writing to people: every email of a mentorship or cohort leaves through here."""

import asyncpg
from temporalio import activity

from emails.outbox import Outbox
from runtime.settings import Settings
from schemas.messages import EmailResult, SendEmail


class Reminders:
    """Sends emails, at most one for each key."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._outbox = Outbox(pool, settings)

    @activity.defn
    async def send_email(self, order: SendEmail) -> EmailResult:
        """Send one email; a second run finds it sent and does nothing, or sends the very same bytes again."""
        result = await self._outbox.send(order)
        activity.logger.info("email_settled", extra={"key": order.key, "state": result.state})
        return result
