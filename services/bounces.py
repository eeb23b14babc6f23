"""Bounces: what a message from the mailbox for bounces means for the email it is about."""

from collections.abc import Awaitable, Callable

import asyncpg
import structlog

from emails.links import token_hash
from emails.return_path import bounce_tokens
from runtime.settings import Settings
from schemas.emails.incoming import IncomingEmail
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailState, IncomingKind, Recipient, Side
from schemas.errors import Refusal
from schemas.ids import is_applicant
from storage import applicants, bounces, contacts
from storage.database import transaction

# What the outbox says of an email from then on; one that is only delayed stays as it is.
_STATES = {
    IncomingKind.ADDRESS_REFUSED: EmailState.UNDELIVERABLE,
    # Nobody's address is at fault, but the email did not arrive: it is stuck until staff retry or drop it.
    IncomingKind.NOT_DELIVERED: EmailState.DEAD,
}
_log = structlog.get_logger(__name__)


class BounceRecorder:
    """Records bounces; ``on_undeliverable`` is called with an email whose address refuses it for good."""

    def __init__(
        self, pool: asyncpg.Pool, settings: Settings, on_undeliverable: Callable[[QueuedEmail], Awaitable[None]]
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._on_undeliverable = on_undeliverable

    async def record(self, incoming: IncomingEmail) -> bool:
        """Record a bounce, once however often it is read; return False where it is about none of our emails."""
        email = await self._email(incoming)
        if email is None or incoming.token is None or incoming.failure is None:
            return False
        if await self._has_another_address(email, incoming.token):
            _log.info("bounce_of_former_address", key=email.key)
            return True
        _log.warning("email_bounced", key=email.key, bounce=incoming.kind, failure=incoming.failure)
        state = _STATES.get(incoming.kind)
        async with transaction(self._pool) as db:
            is_new = await bounces.save_bounce(db, email.key, incoming.fingerprint, incoming.failure)
            if is_new and state is not None:
                await bounces.set_email_bounced(db, email.key, state, f"bounced {incoming.failure}")
        # Where this process ends before, the sweeper reports it.
        if is_new and state is EmailState.UNDELIVERABLE:
            await self._on_undeliverable(email)
        return True

    async def _email(self, incoming: IncomingEmail) -> QueuedEmail | None:
        if incoming.token is None:
            return None
        return await bounces.bounced_email(self._pool, token_hash(incoming.token))

    async def _has_another_address(self, email: QueuedEmail, token: str) -> bool:
        """Tell whether somebody is written to elsewhere by now, so that a bounce says nothing of their address."""
        address = await self._address(email)
        return address is not None and token not in bounce_tokens(self._settings, email.key, address)

    async def _address(self, email: QueuedEmail) -> str | None:
        """Return the address of an email's recipient, or None where it is not one of a participant."""
        if email.to is Recipient.STAFF:
            return None
        try:
            if is_applicant(email.scope_id):
                cohort_id, _, person_id = email.scope_id.partition("/")
                return (await applicants.applicant(self._pool, cohort_id, person_id)).email
            return (await contacts.contact(self._pool, email.scope_id, Side(email.to))).email
        # A mentor of an earlier cohort has not applied to this one.
        except Refusal:
            return None
