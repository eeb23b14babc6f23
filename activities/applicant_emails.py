"""Emails to a cohort's applicants: sent soon after they were enqueued, retried where a mailbox defers them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import structlog
from temporalio import activity

from activities.heartbeat import heartbeating
from emails.outbox import Outbox
from runtime.settings import Settings
from schemas.emails.applicant_emails import PendingEmailsResult, SendPendingEmails
from schemas.emails.messages import MAX_ATTEMPTS, RETRY_EVERY, SendEmail
from schemas.enums import EmailKind, EmailOutcome, EmailState, Recipient, Side, StaffReason
from schemas.ids import email_key
from storage import outbox

# When so many in a row cannot be sent, nothing can: the relay or the database is away.
FAILURES_IN_A_ROW = 3

_log = structlog.get_logger(__name__)


@dataclass
class SendTally:
    """What became of emails, by key, and the errors, in order."""

    outcomes: dict[str, EmailOutcome] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)

    @property
    def stuck(self) -> bool:
        """Tell whether the last emails all failed, so that it is no use to try more."""
        return set([*self.outcomes.values()][-FAILURES_IN_A_ROW:]) == {EmailOutcome.FAILED}

    def count(self, *outcomes: EmailOutcome) -> int:
        """Return how many emails came to one of these outcomes."""
        return sum(outcome in outcomes for outcome in self.outcomes.values())


class ApplicantEmails:
    """Sends pending emails, each once, at the rate that the settings allow."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._outbox = Outbox(pool, settings)
        self._interval = 1 / settings.emails_per_second

    @activity.defn
    async def send_pending_emails(self, call: SendPendingEmails) -> PendingEmailsResult:
        """Send a cohort's pending emails; return when a deferred one is due. A second run sends what is left.

        An email that fails is deferred and holds up no other. Raises the last error where all fail.
        """
        tally = SendTally()
        async with heartbeating():
            while orders := await self._untried(call, tally):
                await self.send(call.cohort_id, orders, tally, defer_until=call.now + RETRY_EVERY)
                if tally.stuck:
                    raise tally.errors[-1]
            next_at = await outbox.next_retry_at(self._pool, call.cohort_id, call.now)
        return PendingEmailsResult(sent=tally.count(EmailOutcome.SENT), next_at=next_at)

    async def _untried(self, call: SendPendingEmails, tally: SendTally) -> list[SendEmail]:
        waiting = await outbox.waiting(self._pool, call.cohort_id, call.now)
        return [order for order in waiting if order.key not in tally.outcomes]

    async def send(
        self, cohort_id: str, orders: Sequence[SendEmail], tally: SendTally, *, defer_until: datetime | None = None
    ) -> None:
        """Send emails one after another and tally the outcomes; stop when several in a row fail.

        An email that cannot be sent now waits until ``defer_until`` (Temporal's time), or for the next signal.
        """
        failed: list[SendEmail] = []
        for order in orders:
            try:
                tally.outcomes[order.key] = await self._send(cohort_id, order, defer_until)
            except Exception as error:
                _log.warning("email_failed", key=order.key, error=type(error).__name__)
                tally.outcomes[order.key] = EmailOutcome.FAILED
                tally.errors.append(error)
                failed.append(order)
                if len(tally.outcomes) >= FAILURES_IN_A_ROW and tally.stuck:
                    return
        if not tally.stuck:
            for order in failed:
                await outbox.defer(self._pool, order, defer_until, MAX_ATTEMPTS)

    async def _send(self, cohort_id: str, order: SendEmail, defer_until: datetime | None) -> EmailOutcome:
        began = asyncio.get_running_loop().time()
        state = (await self._outbox.send(order)).state
        if state is EmailOutcome.DEFERRED:
            given_up = await outbox.defer(self._pool, order, defer_until, MAX_ATTEMPTS) is EmailState.UNDELIVERABLE
            state = EmailOutcome.UNDELIVERABLE if given_up else state
        if state is EmailOutcome.NOTHING_TO_TELL:
            await outbox.discard(self._pool, order.key)
        if state is EmailOutcome.UNDELIVERABLE and order.to is not Recipient.STAFF:
            await outbox.enqueue(self._pool, cohort_id, unreachable(order))
        _log.info("email_settled", key=order.key, state=state)
        if state is not EmailOutcome.ALREADY_SENT:
            await asyncio.sleep(max(0.0, began + self._interval - asyncio.get_running_loop().time()))
        return state


def unreachable(order: SendEmail) -> SendEmail:
    """Return the note that tells staff, once, that somebody's address refuses emails."""
    reason = StaffReason.UNDELIVERABLE
    return SendEmail(
        key=email_key(order.scope_id, EmailKind.STAFF_NOTE, reason, Recipient.STAFF),
        kind=EmailKind.STAFF_NOTE,
        scope_id=order.scope_id,
        to=Recipient.STAFF,
        at=order.now,
        now=order.now,
        reason=reason,
        about=Side(order.to),
        automatic=False,
    )
