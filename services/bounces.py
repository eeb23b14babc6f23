"""Bounces: what a message from the mailbox for bounces means for the email it is about."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog

from domain.calendar import local_day
from domain.cohort.roles import settings_with_contact
from emails.bounces import mildest
from emails.links import token_hash
from emails.return_path import bounce_tokens
from runtime.clock import clock
from runtime.settings import Settings
from schemas.emails.incoming import IncomingEmail, RecipientReport
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailState, IncomingKind, Recipient, Side
from schemas.errors import Refusal
from schemas.ids import is_applicant
from storage import applicants, bounces, cohorts, contacts, outbox, roles
from storage.database import Connection, transaction

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
        """Record a bounce, once however often it is read.

        Return False where people should look at it: it is about none of our emails, or it is a report that names
        another address than the one that its email went to.
        """
        email = await self._email(incoming)
        if email is None or incoming.token is None:
            return False
        said = self._said(email, incoming, incoming.token)
        if said is None:
            _log.warning("bounce_names_another_address", key=email.key)
            return all(report.kind is IncomingKind.DELIVERED for report in incoming.reports)
        if said.kind is IncomingKind.DELIVERED:
            return True
        known = await self._addresses(email)
        address = next((one for one in known if incoming.token in self._tokens(email.key, one)), None)
        # Somebody is written to elsewhere by now: a bounce says nothing of their new address.
        if known and address is None:
            _log.info("bounce_of_former_address", key=email.key)
            return True
        _log.warning("email_bounced", key=email.key, bounce=said.kind, failure=said.failure)
        async with transaction(self._pool) as db:
            state = await self._save(db, email, incoming, said, address)
        # Where this process ends before, the sweeper reports it.
        if state is EmailState.UNDELIVERABLE:
            await self._on_undeliverable(email)
        return True

    def _said(self, email: QueuedEmail, incoming: IncomingEmail, token: str) -> RecipientReport | None:
        """Return what a bounce says of the address that its email went to, or None where it names only others."""
        if not incoming.reports:
            return RecipientReport(kind=incoming.kind, failure=incoming.failure or "")
        # The token is derived from the address, so it tells whether a report names it.
        ours = [
            report
            for report in incoming.reports
            if any(token in self._tokens(email.key, address) for address in report.addresses)
        ]
        return mildest(ours) if ours else None

    async def _save(
        self, db: Connection, email: QueuedEmail, incoming: IncomingEmail, said: RecipientReport, address: str | None
    ) -> EmailState | None:
        """Save a bounce, and return the state that its email has by it, if it changed."""
        plain_kind = None if incoming.reports else said.kind
        source, state = incoming.fingerprint, _STATES.get(said.kind)
        if not await bounces.save_bounce(db, email.key, source, said.failure, plain_kind=plain_kind) or state is None:
            return None
        # Whoever has the token could have written plain words: they count once another email brought them, too.
        if plain_kind and not await self._came_back_before(db, email, plain_kind, address):
            return None
        await bounces.set_email_bounced(db, email.key, state, f"bounced {said.failure}")
        return state

    async def _came_back_before(
        self, db: Connection, email: QueuedEmail, plain_kind: IncomingKind, address: str | None
    ) -> bool:
        """Tell whether another email to the same address came back by plain words of the same kind not long ago."""
        if address is None:
            return False
        since = datetime.now(UTC) - timedelta(days=self._settings.plain_bounces_days)
        others = await bounces.other_plain_bounces(db, email.key, plain_kind, since)
        return any(
            bounce_hash in {token_hash(token) for token in self._tokens(key, address)}
            for key, bounce_hash in others.items()
        )

    async def _email(self, incoming: IncomingEmail) -> QueuedEmail | None:
        if incoming.token is None:
            return None
        return await bounces.bounced_email(self._pool, token_hash(incoming.token))

    def _tokens(self, key: str, address: str) -> Collection[str]:
        """Return the tokens that a bounce of an email has if it went to an address."""
        return bounce_tokens(self._settings, key, address)

    async def _addresses(self, email: QueuedEmail) -> Sequence[str]:
        """Return where an email's recipient is written to now, or nothing where that is not known."""
        if email.to is Recipient.STAFF:
            return await self._staff(email)
        try:
            if is_applicant(email.scope_id):
                cohort_id, _, person_id = email.scope_id.partition("/")
                return [(await applicants.applicant(self._pool, cohort_id, person_id)).email]
            return [(await contacts.contact(self._pool, email.scope_id, Side(email.to))).email]
        # A mentor of an earlier cohort has not applied to this one.
        except Refusal:
            return ()

    async def _staff(self, email: QueuedEmail) -> Sequence[str]:
        """Return whom an email to staff may have gone to: the contact, or a role holder by themselves.

        Whoever takes over has an email about it before their first day.
        """
        cohort = await cohorts.cohort_settings(self._pool, await outbox.cohort_of(self._pool, email.key))
        today = local_day(clock(self._settings.clock_file).now(email.scope_id), cohort.time_zone)
        holders = await roles.role_holders(self._pool, cohort.id)
        contact = settings_with_contact(cohort, holders, today).contact
        return [contact.email, *(one.email for one in holders if one.ends_on is None or one.ends_on >= today)]
