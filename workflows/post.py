"""Writing to people from a workflow, on the rate-limited queue."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from schemas.ids import email_key, email_queue
    from schemas.mentorship import Errand
    from schemas.messages import SendEmail
    from schemas.words import EmailKind, Recipient, StaffReason
    from workflows.options import EMAIL
    from workflows.waiting import ProgrammeClock

TRIES_AGAIN_EVERY = timedelta(minutes=30)
# As long as mail servers themselves keep trying (RFC 5321, 4.5.4.1).
GIVES_UP_AFTER = timedelta(days=5)


class Post:
    """Has emails about one mentorship or cohort sent."""

    def __init__(self, scope_id: str, clock: ProgrammeClock) -> None:
        self._scope = scope_id
        self._clock = clock

    async def send(self, errands: Sequence[Errand]) -> dict[str, str]:
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
        """Write to staff about the whole cohort; ``subject`` tells apart what they are written."""
        key, to = email_key(self._scope, kind, subject, Recipient.STAFF), Recipient.STAFF
        note = Errand(key=key, kind=kind, to=to, at=at, reason=reason, automatic=True)
        while (await self.send([note]))[key] == "put_off":
            await workflow.sleep(TRIES_AGAIN_EVERY, summary="staff's mailbox takes nothing now")
