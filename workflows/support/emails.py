"""Enqueueing emails from a workflow; the sender delivers them, so no mailbox and no relay holds a workflow up."""

from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.reminders import Reminders
    from schemas.emails.messages import EnqueueEmails
    from schemas.enums import EmailKind, Recipient, StaffReason
    from schemas.ids import email_key
    from schemas.mentorship.state import EmailRequest
    from workflows.support.clock import SUMMARY_LENGTH, ProgramClock
    from workflows.support.recording import record


async def enqueue_emails(scope_id: str, now: datetime, emails: Sequence[EmailRequest]) -> None:
    """Enqueue emails of one mentorship or cohort; operators read in the UI which ones, to whom and why."""
    summary = ", ".join(f"{email.reason or email.kind} to {email.to}" for email in emails)
    call = EnqueueEmails(scope_id=scope_id, now=now, emails=tuple(emails))
    await record(Reminders.enqueue_emails, call, summary[:SUMMARY_LENGTH])


class StaffNotifier:
    """Emails staff about a whole cohort."""

    def __init__(self, cohort_id: str, clock: ProgramClock) -> None:
        self._cohort_id = cohort_id
        self._clock = clock

    async def notify(
        self,
        kind: EmailKind,
        subject: str,
        at: datetime,
        reason: StaffReason | None = None,
        *,
        automatic: bool = True,
    ) -> None:
        """Enqueue an email to staff; ``subject`` makes its key unique, so a second call enqueues nothing.

        One that is not ``automatic`` waits for no office hours.
        """
        key, to = email_key(self._cohort_id, kind, subject, Recipient.STAFF), Recipient.STAFF
        email = EmailRequest(key=key, kind=kind, to=to, at=at, reason=reason, automatic=automatic)
        await enqueue_emails(self._cohort_id, self._clock.now(), [email])
