"""Sending emails from a workflow, on the rate-limited queue; a full mailbox is retried and holds up nobody else."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from schemas.cohort.state import DeferredEmail
    from schemas.emails.messages import GIVE_UP_AFTER, RETRY_EVERY, SendEmail
    from schemas.enums import EmailKind, EmailOutcome, Recipient, StaffReason
    from schemas.ids import email_key, email_queue
    from schemas.mentorship.state import EmailRequest
    from workflows.support.clock import SUMMARY_LENGTH, ProgramClock
    from workflows.support.options import EMAIL


async def send_emails(scope_id: str, now: datetime, emails: Sequence[EmailRequest]) -> dict[str, EmailOutcome]:
    """Send the emails of one mentorship or cohort; return what became of each, by key."""
    orders = tuple(SendEmail(scope_id=scope_id, now=now, **email.model_dump()) for email in emails)
    results = await workflow.execute_activity_method(
        Reminders.send_emails,
        orders,
        task_queue=email_queue(workflow.info().task_queue),
        summary=", ".join(f"{order.kind} to {order.to}" for order in orders)[:SUMMARY_LENGTH],
        **EMAIL,
    )
    return {order.key: result.state for order, result in zip(orders, results, strict=True)}


class StaffNotifier:
    """Emails staff about a whole cohort; ``deferred`` are the emails that their mailbox does not accept for now."""

    def __init__(self, cohort_id: str, clock: ProgramClock) -> None:
        self._cohort_id = cohort_id
        self._clock = clock
        self.deferred: tuple[DeferredEmail, ...] = ()

    async def notify(self, kind: EmailKind, subject: str, at: datetime, reason: StaffReason | None = None) -> None:
        """Email staff; ``subject`` makes the email's key unique. One that is deferred is retried in the background."""
        key, to = email_key(self._cohort_id, kind, subject, Recipient.STAFF), Recipient.STAFF
        email = EmailRequest(key=key, kind=kind, to=to, at=at, reason=reason, automatic=True)
        if await self._send(email) is EmailOutcome.DEFERRED:
            self.retry_later(DeferredEmail(email=email, since=self._clock.now()))

    def retry_later(self, *emails: DeferredEmail) -> None:
        """Retry deferred emails in the background, each for some days."""
        self.deferred += emails
        for email in emails:
            asyncio.create_task(self._retry(email))  # noqa: RUF006 - the workflow's loop keeps it

    async def _retry(self, deferred: DeferredEmail) -> None:
        outcome = EmailOutcome.DEFERRED
        while outcome is EmailOutcome.DEFERRED and self._clock.now() - deferred.since < GIVE_UP_AFTER:
            await workflow.sleep(RETRY_EVERY, summary="staff's mailbox defers emails")
            outcome = await self._send(deferred.email)
        self.deferred = tuple(other for other in self.deferred if other != deferred)

    async def _send(self, email: EmailRequest) -> EmailOutcome:
        return (await send_emails(self._cohort_id, self._clock.now(), [email]))[email.key]


class BackgroundSender:
    """Sends a mentorship's pending emails beside everything else it does.

    ``pending`` returns the emails to send. ``settle`` is told the keys of those that are pending no more, and those
    among them that an address refused.
    """

    def __init__(
        self,
        scope_id: str,
        clock: ProgramClock,
        *,
        pending: Callable[[], Sequence[EmailRequest]],
        settle: Callable[[Collection[str], Sequence[EmailRequest]], None],
    ) -> None:
        self._scope_id = scope_id
        self._clock = clock
        self._pending = pending
        self._settle = settle
        self._deferred: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self, ready: Callable[[], bool]) -> None:
        """Send from now on, whenever ``ready()`` holds."""
        self._task = asyncio.create_task(self._run(ready))

    def sendable(self) -> tuple[EmailRequest, ...]:
        """Return the pending emails that no mailbox defers now."""
        return tuple(email for email in self._pending() if email.key not in self._deferred)

    def failed(self) -> bool:
        """Tell whether sending has stopped; it never does by itself."""
        return self._task is not None and self._task.done()

    async def check(self) -> None:
        """Raise the error that stopped the sending: Temporal does not show what happens to a background task."""
        if self._task is not None and self._task.done():
            await self._task

    async def _run(self, ready: Callable[[], bool]) -> None:
        # One call at a time keeps the order in which emails came up.
        while True:
            await workflow.wait_condition(lambda: bool(self.sendable()) and ready())
            await self._send(self.sendable())

    async def _send(self, emails: tuple[EmailRequest, ...]) -> None:
        outcomes = await send_emails(self._scope_id, self._clock.now(), emails)
        deferred = [
            email for email in emails if outcomes[email.key] is EmailOutcome.DEFERRED and not self._is_too_old(email)
        ]
        settled = outcomes.keys() - {email.key for email in deferred}
        refused = (EmailOutcome.UNDELIVERABLE, EmailOutcome.DEFERRED)
        self._settle(settled, [email for email in emails if email.key in settled and outcomes[email.key] in refused])
        for email in deferred:
            self._deferred.add(email.key)
            asyncio.create_task(self._retry_later(email))  # noqa: RUF006 - the workflow's loop keeps it

    async def _retry_later(self, email: EmailRequest) -> None:
        # A timer, and no retry of the activity: the other emails of the same call are done.
        await workflow.sleep(RETRY_EVERY, summary=f"the {email.to}'s mailbox defers emails")
        self._deferred.discard(email.key)

    def _is_too_old(self, email: EmailRequest) -> bool:
        # A mailbox that has deferred an email for days never will accept it.
        return self._clock.now() - email.at > GIVE_UP_AFTER
