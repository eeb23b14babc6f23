"""The letters of a cohort before its kickoff: sent when pages ask for them, and patiently again to full mailboxes."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.letters import Letters
    from schemas.emails.letters import LettersSent, LettersState, SendWaiting
    from schemas.ids import LETTERS_WORKFLOW
    from workflows.support.clock import ProgramClock
    from workflows.support.options import LONG, SILENT_AFTER

# Most people do two or three things in a row, and each brings about a letter.
LINGERS = timedelta(seconds=30)


@workflow.defn(name=LETTERS_WORKFLOW)
class LettersWorkflow:
    """Sends the letters that pages, staff and rounds have asked for in one cohort.

    Whoever asks for letters starts it or signals ``letters_waiting``; so does the sweeper. It sends what waits, tries
    again later what a mailbox does not take now, and ends when nothing came for a moment. PostgreSQL has the letters.
    """

    @workflow.init
    def __init__(self, state: LettersState) -> None:
        self.state = state
        self.clock = ProgramClock(timedelta(0))
        self.waiting = True

    @workflow.run
    async def run(self, _: LettersState) -> None:
        """Send until nothing waits any more."""
        while True:
            next_at = (await self.send_waiting()).next_at
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.state)
            if not await self.something_waits(next_at) and next_at is None:
                return

    async def send_waiting(self) -> LettersSent:
        """Send what waits now."""
        self.waiting = False
        return await workflow.execute_activity_method(
            Letters.send_waiting,
            SendWaiting(cohort_id=self.state.cohort_id, now=self.clock.now()),
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
    def letters_waiting(self) -> None:
        """Hear that letters wait."""
        self.waiting = True
