"""The emails to a cohort's applicants before its kickoff."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.applicant_emails import ApplicantEmails
    from schemas.emails.applicant_emails import ApplicantEmailsState, PendingEmailsResult, SendPendingEmails
    from schemas.ids import APPLICANT_EMAILS_WORKFLOW
    from workflows.support.clock import ProgramClock
    from workflows.support.options import BATCH

# Most people do two or three things in a row, and each brings an email: one workflow serves them all.
IDLE_TIME = timedelta(seconds=30)


@workflow.defn(name=APPLICANT_EMAILS_WORKFLOW)
class ApplicantEmailsWorkflow:
    """Sends the emails that pages, staff and campaigns have enqueued for applicants of one cohort.

    Started with the signal ``emails_enqueued`` by whoever enqueues an email, or by the sweeper. It sends what is
    pending, retries later what a mailbox defers, and ends when nothing came for half a minute. PostgreSQL has the
    emails: here are none.
    """

    @workflow.init
    def __init__(self, state: ApplicantEmailsState) -> None:
        self.state = state
        # Mailboxes defer emails by real time, in rehearsals too.
        self.clock = ProgramClock()
        self.has_new_emails = True

    @workflow.run
    async def run(self, _: ApplicantEmailsState) -> None:
        """Send until nothing is pending any more."""
        while True:
            next_at = (await self.send_pending_emails()).next_at
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.state)
            if not await self.wait_for_emails(next_at) and next_at is None:
                return

    async def send_pending_emails(self) -> PendingEmailsResult:
        """Send what is pending now."""
        # First: what is enqueued while the activity runs may come too late for it.
        self.has_new_emails = False
        return await workflow.execute_activity_method(
            ApplicantEmails.send_pending_emails,
            SendPendingEmails(cohort_id=self.state.cohort_id, now=self.clock.now()),
            summary="pending emails",
            **BATCH,
        )

    async def wait_for_emails(self, next_at: datetime | None) -> bool:
        """Wait for a signal, for the next try of a deferred email, or half a minute; return whether a signal came."""
        until = next_at or self.clock.now() + IDLE_TIME
        summary = "retry deferred emails" if next_at else "wait for more emails"
        return await self.clock.wait_until(until, lambda: self.has_new_emails, summary)

    @workflow.signal
    def emails_enqueued(self) -> None:
        """Note that emails are pending."""
        self.has_new_emails = True
