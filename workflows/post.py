"""Writing to people from a workflow, on the rate-limited queue."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from schemas.cohort.state import DeferredEmail
    from schemas.emails.messages import GIVE_UP_AFTER, RETRY_EVERY, SendEmail
    from schemas.enums import EmailKind, Recipient, StaffReason
    from schemas.ids import email_key, email_queue
    from schemas.mentorship.state import EmailRequest
    from workflows.support.clock import ProgramClock
    from workflows.support.options import EMAIL


class Post:
    """Has emails about one mentorship or cohort sent."""

    def __init__(self, scope_id: str, clock: ProgramClock) -> None:
        self._scope = scope_id
        self._clock = clock
        self.deferred_emails: tuple[DeferredEmail, ...] = ()

    async def send(self, errands: Sequence[EmailRequest]) -> dict[str, str]:
        """Send emails and return by their keys what became of each: see EmailResult."""
        now = self._clock.now()
        orders = tuple(SendEmail(scope_id=self._scope, now=now, **errand.model_dump()) for errand in errands)
        results = await workflow.execute_activity_method(
            Reminders.send_emails,
            orders,
            task_queue=email_queue(workflow.info().task_queue),
            summary=", ".join(f"{order.kind} to {order.to}" for order in orders)[:120],
            **EMAIL,
        )
        return {order.key: result.state for order, result in zip(orders, results, strict=True)}

    async def tell_staff(self, kind: EmailKind, subject: str, at: datetime, reason: StaffReason | None = None) -> None:
        """Write to staff about the whole cohort; ``subject`` tells apart what they are written.

        Nothing waits for a mailbox that takes nothing now: it is tried again beside whatever goes on, for some days.
        """
        key, to = email_key(self._scope, kind, subject, Recipient.STAFF), Recipient.STAFF
        note = EmailRequest(key=key, kind=kind, to=to, at=at, reason=reason, automatic=True)
        if (await self.send([note]))[key] == "put_off":
            self.keep_trying(DeferredEmail(email=note, since=self._clock.now()))

    def keep_trying(self, *put_off: DeferredEmail) -> None:
        """Try notes again beside whatever goes on, each for some days; ``put_off`` are those that staff still lack."""
        self.deferred_emails += put_off
        for each in put_off:
            asyncio.create_task(self._try_again(each))  # noqa: RUF006 - the workflow's loop keeps it

    async def _try_again(self, each: DeferredEmail) -> None:
        became = "put_off"
        while became == "put_off" and self._clock.now() - each.since < GIVE_UP_AFTER:
            await workflow.sleep(RETRY_EVERY, summary="staff's mailbox takes nothing now")
            became = (await self.send([each.email]))[each.email.key]
        self.deferred_emails = tuple(other for other in self.deferred_emails if other != each)
