"""Where a mentorship stands: what it answers to queries, and what lists and reports are told of it."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.records import Records
    from domain.mentorship import progression
    from domain.mentorship.concerns import concerns
    from domain.mentorship.forecast import forecast
    from schemas.base import FrozenModel
    from schemas.enums import Outcome, Phase, StaffReason
    from schemas.mentorship.messages import RecordProgress
    from schemas.mentorship.state import EmailRequest, Forecast, MentorshipState, Progress
    from workflows.support.clock import ProgramClock
    from workflows.support.options import RECORD


class Summary(FrozenModel):
    """What lists show of a mentorship; a change of it is worth recording."""

    phase: Phase
    outcome: Outcome | None
    concerns: tuple[StaffReason, ...]


class Standing:
    """Knows where a mentorship stands, and has it recorded when that changes."""

    def __init__(self, state: MentorshipState) -> None:
        self.state = state
        self.clock = ProgramClock(state.clock_offset)
        self.busy = True
        self.resting: set[str] = set()
        # A run begins where the one before had everything recorded.
        self.recorded = self.summary() if state.plan else None

    @workflow.query
    def progress(self) -> Progress:
        """Tell where the mentorship stands and what it waits for."""
        now, offset = self.clock.now(), self.state.clock_offset
        if self.state.plan is None:
            return Progress(now=now, clock_offset=offset, busy=True, phase=Phase.PREPARING, quarter=1, next_due_at=now)
        return Progress(
            now=now,
            clock_offset=offset,
            busy=self.busy or self.something_waits(),
            quarter=progression.quarter_at(self.state, self.reached()),
            next_due_at=self.next_due_at(),
            waiting_for=progression.waiting_for(self.state, now),
            ends_on=self.state.plan.ends_on,
            pauses=self.state.terms.pauses,
            **self.summary().model_dump(),
        )

    @workflow.query
    def timeline(self) -> list[Forecast]:
        """Foretell every email that will be sent if nobody replies."""
        return forecast(self.state) if self.state.plan else []

    @workflow.query(name="state")
    def remembered(self) -> MentorshipState:
        """Tell all that is remembered, for an audit that holds the rows against it."""
        return self.state

    def next_due_at(self) -> datetime | None:
        """Return the moment the mentorship waits for, or None when all is done."""
        due = progression.next_moment(self.state)
        return due.at if due else None

    def something_waits(self) -> bool:
        """Tell whether anything is still to be done, recorded or sent because of what happened."""
        return self.must_catch_up() or bool(self.to_send())

    def must_catch_up(self) -> bool:
        """Tell whether the plan must be drawn up anew, or something recorded."""
        return progression.is_plan_stale(self.state) or self.summary() != self.recorded

    def to_send(self) -> tuple[EmailRequest, ...]:
        """Return what can be sent now: what a mailbox put off rests for a while."""
        return tuple(errand for errand in self.state.pending_emails if errand.key not in self.resting)

    def summary(self) -> Summary:
        """Return what lists show of the mentorship as things stand."""
        return Summary(
            phase=progression.phase_at(self.state, self.reached()),
            outcome=self.state.outcome,
            concerns=concerns(self.state),
        )

    def reached(self) -> datetime:
        """Return the moment up to which the mentorship was lived."""
        return self.state.done_through or self.clock.now()

    async def record_progress(self) -> None:
        """Have lists and reports follow where the mentorship stands."""
        summary = self.summary()
        call = RecordProgress(
            mentorship_id=self.state.terms.mentorship_id, now=self.clock.now(), **summary.model_dump()
        )
        await workflow.execute_activity_method(Records.record_progress, call, summary=f"now {summary.phase}", **RECORD)
        self.recorded = summary

    def remember(self, **changes: object) -> None:
        """Replace part of the state."""
        self.state = self.state.model_copy(update=changes)
