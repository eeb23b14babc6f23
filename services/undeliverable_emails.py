"""Emails whose address refuses them for good: whoever has to know learns of it once."""

import asyncpg
import structlog
from temporalio.client import Client

from schemas.emails.messages import QueuedEmail
from schemas.enums import ADDRESS_EMAILS, EmailKind, Recipient, Side, StaffReason
from schemas.errors import SignalRefused, TemporalUnavailable
from schemas.ids import email_key, is_applicant
from schemas.signals import Envelope
from services.failures import Failures
from services.signals import signal_mentorship
from storage import outbox, personal_links
from storage.database import transaction

_log = structlog.get_logger(__name__)


class UndeliverableReporter:
    """Reports undeliverable emails: to the mentorship they belong to, or to staff for applicants."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    async def report(self, email: QueuedEmail) -> None:
        """Report one email; while Temporal is away it is left to the sweeper. A repetition changes nothing."""
        if email.to is Recipient.STAFF:
            # Nobody can email staff about their own address: it stands among the stuck emails, and doctor fails.
            _log.error("staff_address_undeliverable", key=email.key)
            await outbox.set_undeliverable_signaled(self._pool, email.key)
        elif email.kind in ADDRESS_EMAILS:
            # Not the address that their other emails go to: a wrong one is why it was changed, or is not confirmed.
            await outbox.set_undeliverable_signaled(self._pool, email.key)
        elif is_applicant(email.scope_id):
            async with transaction(self._pool) as connection:
                cohort_id, _, person_id = email.scope_id.partition("/")
                addresses_before = await personal_links.count_revoked(connection, cohort_id, person_id)
                await outbox.enqueue(connection, _unreachable_note(email, addresses_before))
                await outbox.set_undeliverable_signaled(connection, email.key)
        else:
            await self._signal(email)

    async def report_all(self) -> None:
        """Report what could not be reported before; raises an ExceptionGroup of what failed, after all the others."""
        failures = Failures("undeliverable_not_reported")
        for email in await outbox.unsignaled_undeliverable(self._pool):
            with failures.collected(key=email.key):
                await self.report(email)
        failures.raise_all()

    async def _signal(self, email: QueuedEmail) -> None:
        try:
            envelope = Envelope(body={"side": email.to.value})
            await signal_mentorship(self._client, email.scope_id, "address_undeliverable", envelope)
        except (SignalRefused, TemporalUnavailable):
            _log.warning("undeliverable_left_to_the_sweeper", key=email.key)
            return
        await outbox.set_undeliverable_signaled(self._pool, email.key)


def _unreachable_note(email: QueuedEmail, addresses_before: int) -> QueuedEmail:
    """Return the note that tells staff, once for each address, that it refuses emails.

    Whoever gets another address gets another personal link, and the one before is revoked.
    """
    reason = StaffReason.UNDELIVERABLE
    subject = f"{reason}-{addresses_before}" if addresses_before else reason
    return QueuedEmail(
        key=email_key(email.scope_id, EmailKind.STAFF_NOTE, subject, Recipient.STAFF),
        kind=EmailKind.STAFF_NOTE,
        scope_id=email.scope_id,
        to=Recipient.STAFF,
        at=email.now,
        now=email.now,
        reason=reason,
        about=Side(email.to),
        automatic=False,
    )
