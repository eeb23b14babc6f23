"""The letters of a cohort before its kickoff: sent when pages ask for them, and patiently again to full mailboxes."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.applicant_emails import ApplicantEmails
    from schemas.emails.applicant_emails import ApplicantEmailsState, PendingEmailsResult, SendPendingEmails
    from schemas.ids import APPLICANT_EMAILS_WORKFLOW
    from workflows.support.clock import ProgramClock
    from workflows.support.options import LONG, SILENT_AFTER

# Most people do two or three things in a row, and each brings about a letter.
LINGERS = timedelta(seconds=30)


@workflow.defn(name=APPLICANT_EMAILS_WORKFLOW)
class ApplicantEmailsWorkflow:
    """Sends the letters that pages, staff and rounds have asked for in one cohort.

    Whoever asks for letters starts it or signals ``emails_enqueued``; so does the sweeper. It sends what waits, tries
    again later what a mailbox does not take now, and ends when nothing came for a moment. PostgreSQL has the letters.
    """

    @workflow.init
    def __init__(self, state: ApplicantEmailsState) -> None:
        self.state = state
        self.clock = ProgramClock(timedelta(0))
        self.waiting = True

    @workflow.run
    async def run(self, _: ApplicantEmailsState) -> None:
        """Send until nothing waits any more."""
        while True:
            next_at = (await self.send_pending_emails()).next_at
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.state)
            if not await self.something_waits(next_at) and next_at is None:
                return

    async def send_pending_emails(self) -> PendingEmailsResult:
        """Send what waits now."""
        self.waiting = False
        return await workflow.execute_activity_method(
            ApplicantEmails.send_pending_emails,
            SendPendingEmails(cohort_id=self.state.cohort_id, now=self.clock.now()),
            summary="waiting letters",
            heartbeat_timeout=SILENT_AFTER,
            **LONG,
        )

    async def something_waits(self, next_at: datetime | None) -> bool:
        """Wait for a signal, for the next try of a letter that rests, or for a moment; return whether one came."""
        until = next_at or self.clock.now() + LINGERS
        summary = "a full mailbox is tried again" if next_at else "perhaps more is asked for"
        return await self.clock.until(until, lambda: self.waiting, summary)

    @workflow.signal
    def emails_enqueued(self) -> None:
        """Hear that letters wait."""
        self.waiting = True
