"""Writing to people from a workflow: what the plan foresees, and what must be told at once."""

from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from domain import steps
    from schemas.ids import email_key, email_queue
    from schemas.mentorship import Errand, MentorshipState, PlannedEmail
    from schemas.messages import SendEmail
    from schemas.words import EmailKind, Recipient, StaffReason
    from workflows.options import EMAIL
    from workflows.waiting import ProgrammeClock


class Post:
    """Has emails about one mentorship or cohort sent, on the rate-limited queue."""

    def __init__(self, scope_id: str, clock: ProgrammeClock) -> None:
        self._scope = scope_id
        self._clock = clock

    async def send(self, state: MentorshipState, emails: Iterable[PlannedEmail]) -> list[Recipient]:
        """Send the emails the plan foresaw for one moment; return whose addresses refuse theirs for good."""
        return await self._hand_over(
            *(
                SendEmail(
                    key=steps.key_of(state, email),
                    kind=steps.kind_of(state, email),
                    scope_id=self._scope,
                    to=email.to,
                    at=email.at,
                    now=self._clock.now(),
                    asks=email.asks,
                )
                for email in emails
            )
        )

    async def run_errands(self, errands: Iterable[Errand]) -> list[Recipient]:
        """Send what somebody's act brought about; return whose addresses refuse theirs for good."""
        now = self._clock.now()
        return await self._hand_over(
            *(SendEmail(scope_id=self._scope, now=now, automatic=False, **errand.model_dump()) for errand in errands)
        )

    async def tell_staff(self, kind: EmailKind, subject: str, at: datetime, reason: StaffReason | None = None) -> None:
        """Write to staff about the whole cohort; ``subject`` tells apart what they are written."""
        key, to = email_key(self._scope, kind, subject, Recipient.STAFF), Recipient.STAFF
        now = self._clock.now()
        await self._hand_over(SendEmail(key=key, kind=kind, scope_id=self._scope, to=to, at=at, now=now, reason=reason))

    async def _hand_over(self, *orders: SendEmail) -> list[Recipient]:
        if not orders:
            return []
        results = await workflow.execute_activity_method(
            Reminders.send_emails,
            orders,
            task_queue=email_queue(workflow.info().task_queue),
            summary=", ".join(f"{order.kind} to {order.to}" for order in orders)[:120],
            **EMAIL,
        )
        told = zip(orders, results, strict=True)
        return [order.to for order, result in told if result.state == "undeliverable"]
