"""Letters to a cohort's applicants: sent soon after somebody asked for them, tried again where a mailbox is full."""

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
    """What became of letters, by key: see EmailOutcome; and what went wrong with those, in order."""

    states: dict[str, EmailOutcome] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)

    @property
    def stuck(self) -> bool:
        """Tell whether the last letters all failed, so that there is no use in trying more."""
        return set([*self.states.values()][-FAILURES_IN_A_ROW:]) == {EmailOutcome.FAILED}

    def count(self, *states: EmailOutcome) -> int:
        """Return how many letters are in one of these states."""
        return sum(state in states for state in self.states.values())


class ApplicantEmails:
    """Sends the letters that wait, each once, no faster than emails may leave."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings) -> None:
        self._pool = pool
        self._outbox = Outbox(pool, settings)
        self._pause = 1 / settings.emails_per_second

    @activity.defn
    async def send_pending_emails(self, call: SendPendingEmails) -> PendingEmailsResult:
        """Send a cohort's waiting letters and say when one that rests is due; a second run sends what is left.

        A letter that goes wrong holds up no other, and rests. Raises what went wrong where nothing can be sent at all.
        """
        mailed = SendTally()
        async with heartbeating():
            while orders := await self._untried(call, mailed):
                await self.send(call.cohort_id, orders, mailed, rest_until=call.now + RETRY_EVERY)
                if mailed.stuck:
                    raise mailed.errors[-1]
            next_at = await outbox.next_retry_at(self._pool, call.cohort_id, call.now)
        return PendingEmailsResult(sent=mailed.count(EmailOutcome.SENT), next_at=next_at)

    async def _untried(self, call: SendPendingEmails, mailed: SendTally) -> list[SendEmail]:
        waiting = await outbox.waiting(self._pool, call.cohort_id, call.now)
        return [order for order in waiting if order.key not in mailed.states]

    async def send(
        self, cohort_id: str, orders: Sequence[SendEmail], mailed: SendTally, *, rest_until: datetime | None = None
    ) -> None:
        """Send letters one after another, and note what became of each; stop where they fail in a row.

        One that cannot leave now waits until a moment of the engine's time, or for the next nudge.
        """
        failed: list[SendEmail] = []
        for order in orders:
            try:
                mailed.states[order.key] = await self._send(cohort_id, order, rest_until)
            except Exception as error:
                _log.warning("letter_failed", key=order.key, error=type(error).__name__)
                mailed.states[order.key] = EmailOutcome.FAILED
                mailed.errors.append(error)
                failed.append(order)
                if len(mailed.states) >= FAILURES_IN_A_ROW and mailed.stuck:
                    return
        if not mailed.stuck:
            for order in failed:
                await outbox.defer(self._pool, order, rest_until, MAX_ATTEMPTS)

    async def _send(self, cohort_id: str, order: SendEmail, rest_until: datetime | None) -> EmailOutcome:
        began = asyncio.get_running_loop().time()
        state = (await self._outbox.send(order)).state
        if state is EmailOutcome.DEFERRED:
            given_up = await outbox.defer(self._pool, order, rest_until, MAX_ATTEMPTS) is EmailState.UNDELIVERABLE
            state = EmailOutcome.UNDELIVERABLE if given_up else state
        if state is EmailOutcome.NOTHING_TO_TELL:
            await outbox.discard(self._pool, order.key)
        if state is EmailOutcome.UNDELIVERABLE and order.to is not Recipient.STAFF:
            await outbox.enqueue(self._pool, cohort_id, unreachable(order))
        _log.info("email_settled", key=order.key, state=state)
        if state is not EmailOutcome.ALREADY_SENT:
            await asyncio.sleep(max(0.0, began + self._pause - asyncio.get_running_loop().time()))
        return state


def unreachable(order: SendEmail) -> SendEmail:
    """Return the note by which staff learn, once, that somebody's address refuses what is sent to it."""
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
