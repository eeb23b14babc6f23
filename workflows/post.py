"""Writing to people from a workflow: what the plan foresees, and what staff must hear of."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from domain import steps
    from schemas.ids import email_key, email_queue
    from schemas.mentorship import Ask, MentorshipState, PlannedEmail, StaffNote
    from schemas.messages import SendEmail
    from schemas.words import EmailKind, Recipient, Side
    from workflows.options import EMAIL
    from workflows.waiting import ProgrammeClock


class Post:
    """Has emails about one mentorship or cohort sent, on the rate-limited queue."""

    def __init__(self, scope_id: str, clock: ProgrammeClock) -> None:
        self._scope = scope_id
        self._clock = clock

    async def send(self, state: MentorshipState, email: PlannedEmail) -> bool:
        """Send an email the plan foresaw; return false where its address refuses it for good."""
        return await self._hand_over(
            SendEmail(
                key=steps.key_of(state, email),
                kind=steps.kind_of(state, email),
                scope_id=self._scope,
                to=email.to,
                at=email.at,
                now=self._clock.now(),
                asks=email.asks,
            )
        )

    async def tell_staff(self, note: StaffNote, about: Side | None = None) -> bool:
        """Write to staff; a note that a participant's act brought about says which side, and keeps no office hours."""
        subject = "-".join(part for part in (note.reason, note.milestone, about) if part)
        return await self._hand_over(
            SendEmail(
                key=email_key(self._scope, EmailKind.STAFF_NOTE, subject, Recipient.STAFF),
                kind=EmailKind.STAFF_NOTE,
                scope_id=self._scope,
                to=Recipient.STAFF,
                at=note.at,
                now=self._clock.now(),
                asks=(Ask(milestone=note.milestone),) if note.milestone else (),
                reason=note.reason,
                about=about,
                automatic=about is None,
            )
        )

    async def _hand_over(self, order: SendEmail) -> bool:
        result = await workflow.execute_activity_method(
            Reminders.send_email,
            order,
            task_queue=email_queue(workflow.info().task_queue),
            summary=f"{order.kind} to {order.to}",
            **EMAIL,
        )
        return result.state != "undeliverable"
