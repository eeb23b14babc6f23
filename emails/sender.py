"""Composing messages and handing them to the relay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address

import structlog

from emails.message import address, compose
from emails.rendering import Rendered
from emails.smtp import Relay, TemporarilyRefused, Undeliverable
from runtime.settings import Settings
from schemas.cohort.settings import CohortSettings
from schemas.emails.messages import SendEmail
from schemas.mentorship.responses import Link

_log = structlog.get_logger()


@dataclass
class OutgoingEmail:
    """An email ready to go: its words, its recipient, the links it carries, and who gets a copy.

    Replies go to the cohort's contact unless ``reply_to`` says otherwise; ``calendar`` is a calendar file that comes
    with it.
    """

    rendered: Rendered
    cohort: CohortSettings
    recipient: Address
    links: Sequence[tuple[bytes, Link]] = ()
    copies: Sequence[Address] = ()
    reply_to: Address | None = None
    calendar: bytes | None = field(default=None, repr=False)


class Sender:
    """Hands emails to the relay."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._relay = Relay(settings)

    async def deliver(self, order: SendEmail, email: OutgoingEmail) -> None:
        """Hand one email to the relay. Raises Undeliverable and TemporarilyRefused."""
        await self._relay.deliver(self._message(order, email, email.recipient), email.recipient.addr_spec)

    async def deliver_copies(self, order: SendEmail, email: OutgoingEmail) -> None:
        """Send copies; a refused one is only logged, because next week's digest says it all again."""
        for copy in email.copies:
            try:
                await self._relay.deliver(self._message(order, email, copy), copy.addr_spec)
            except (Undeliverable, TemporarilyRefused) as refused:
                _log.warning("copy_refused", key=order.key, code=refused.code)

    def _message(self, order: SendEmail, email: OutgoingEmail, recipient: Address) -> bytes:
        cohort = email.cohort
        return compose(
            email.rendered,
            sender=address(f"{cohort.program.short_name} mentorship", self._settings.sender),
            recipient=recipient,
            reply_to=email.reply_to or address(cohort.contact.role, cohort.contact.email),
            key=order.key,
            at=order.at,
            list_id=f"{cohort.id}.{self._settings.list_id}",
            mentorship_root=order.scope_id,
            calendar=email.calendar,
        )
