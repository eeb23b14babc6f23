"""One mentorship, from kickoff to the last survey, as the programme's handbook tells it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from activities.closure_surveys import ClosureSurveys
    from activities.goal_check_ins import GoalCheckIns
    from activities.records import Records
    from domain import steps
    from domain.forecast import forecast
    from schemas.ids import MENTORSHIP_WORKFLOW
    from schemas.mentorship import (
        Answer,
        Closing,
        Forecast,
        MentorshipState,
        PlannedEmail,
        Progress,
        StaffNote,
    )
    from schemas.messages import CloseMilestone, DrawUpPlan, Envelope, RecordProgress
    from schemas.words import MilestoneKind, Outcome, Phase, Side, StaffReason
    from workflows.options import RECORD
    from workflows.post import Post
    from workflows.showing import Showing
    from workflows.waiting import ProgrammeClock, together

CLOSERS: Mapping[MilestoneKind, Callable[[Any, CloseMilestone], Awaitable[object]]] = {
    MilestoneKind.GOAL_CHECK_IN: GoalCheckIns.close_goal_check_in,
    MilestoneKind.CLOSURE_SURVEY: ClosureSurveys.close_closure_survey,
}


@workflow.defn(name=MENTORSHIP_WORKFLOW)
class MentorshipWorkflow:
    """Accompanies one mentor and one mentee for 18 months.

    The cohort starts it on kickoff day. It waits for the next moment of its plan or for an answer, whichever comes
    first, and ends when the closure survey's window closes, whatever is missing by then. Each quarter is a run of its
    own. It takes the signals ``response_received`` and ``nudged``, and answers ``timeline`` (every email to come if
    nobody replies) and ``progress``.
    """

    @workflow.init
    def __init__(self, state: MentorshipState) -> None:
        self.state = state
        self.clock = ProgrammeClock(state.clock_offset)
        self.post = Post(state.terms.mentorship_id, self.clock)
        self.showing = Showing(state.terms.cohort_id)
        self.busy = True
        self.calls: list[Answer] = []
        self.page_is_full = False

    @workflow.run
    async def run(self, _: MentorshipState) -> Outcome:
        """Live through the plan, moment by moment, a quarter a run."""
        await self.begin()
        while (due := steps.next_moment(self.state)) is not None:
            if await self.its_time_for(due):
                await self.live_through(steps.next_moment(self.state) or due)
            await self.tell_staff_of_calls()
            if self.page_is_full:
                await self.turn_the_page()
        self.busy = False
        return self.state.outcome or Outcome.COMPLETED

    async def begin(self) -> None:
        """Draw up the plan, once, on the first day."""
        if self.state.plan is None:
            call = DrawUpPlan(terms=self.state.terms, now=self.clock.now())
            plan = await workflow.execute_activity_method(
                Records.draw_up_plan, call, summary="draw up the plan", **RECORD
            )
            self.remember(plan=plan)

    async def its_time_for(self, due: steps.Moment) -> bool:
        """Wait for a moment; return false where something came before that cannot wait for it."""
        self.busy = False
        self.showing.mentorship(self.progress())
        changed = await self.clock.until(due.at, lambda: self.has_changed(due), steps.summary(due))
        self.busy = True
        return not changed

    def has_changed(self, due: steps.Moment) -> bool:
        """Tell whether something must be done before this moment, or nothing at it any more."""
        next_up = steps.next_moment(self.state)
        return bool(self.calls) or self.page_is_full or next_up is None or next_up.at != due.at

    async def live_through(self, moment: steps.Moment) -> None:
        """Do all that a moment brings: windows close, emails go out, staff are told, the mentorship ends.

        It is remembered as done before it is done, so that an answer that comes meanwhile meets a closed window.
        """
        before = self.standing()
        self.state = steps.after(self.state, moment)
        closings = {closing.milestone: closing for closing in self.state.closings}
        await together(
            *(self.close(milestone.kind, closings[milestone.id]) for milestone in moment.closes),
            *(self.send(email) for email in moment.emails),
            *(self.tell_staff(note) for note in moment.notes),
        )
        if self.standing() != before:
            await self.record_progress()
        self.page_is_full |= any(milestone.kind is MilestoneKind.CHECK_IN for milestone in moment.closes)

    async def close(self, kind: MilestoneKind, closing: Closing) -> None:
        """Have it recorded how a milestone closed."""
        call = CloseMilestone(mentorship_id=self.state.terms.mentorship_id, closing=closing, now=self.clock.now())
        closer = CLOSERS.get(kind, Records.close_milestone)
        await workflow.execute_activity_method(closer, call, summary=f"close {closing.milestone}", **RECORD)

    async def send(self, email: PlannedEmail) -> None:
        """Send an email the plan foresaw; an address that refuses it needs staff."""
        if not await self.post.send(self.state, email):
            note = StaffNote(reason=StaffReason.UNDELIVERABLE, milestone=email.asks[0].milestone, at=email.at)
            await self.tell_staff(note, about=Side(email.to))
            self.remember(needs_attention=True)

    async def tell_staff_of_calls(self) -> None:
        """Tell staff at once of everybody who asked to be called; the partner learns of it nowhere."""
        while self.calls:
            asked = self.calls.pop(0)
            note = StaffNote(reason=StaffReason.CALL_REQUESTED, milestone=asked.milestone, at=asked.received_at)
            await self.tell_staff(note, about=asked.side)

    async def tell_staff(self, note: StaffNote, about: Side | None = None) -> None:
        """Write to staff; where even their address refuses, operators see that something needs attention."""
        if not await self.post.tell_staff(note, about):
            self.remember(needs_attention=True)

    async def record_progress(self) -> None:
        """Have lists and reports follow where the mentorship stands."""
        phase, quarter, outcome, attention = self.standing()
        call = RecordProgress(
            mentorship_id=self.state.terms.mentorship_id,
            phase=phase,
            quarter=quarter,
            outcome=outcome,
            needs_attention=attention,
            now=self.clock.now(),
        )
        await workflow.execute_activity_method(Records.record_progress, call, summary=f"now {phase}", **RECORD)

    async def turn_the_page(self) -> None:
        """Go on in a fresh run with the whole state, on the newest version of this code."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.tell_staff_of_calls()
        workflow.continue_as_new(
            self.state.model_copy(update={"runs": self.state.runs + 1}),
            initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    def standing(self) -> tuple[Phase, int, Outcome | None, bool]:
        """Return what lists show of a mentorship; a change of it is worth recording."""
        moment = self.state.done_through or self.clock.now()
        phase, quarter = steps.phase_at(self.state, moment), steps.quarter_at(self.state, moment)
        return phase, quarter, self.state.outcome, self.state.needs_attention

    def remember(self, **changes: object) -> None:
        """Replace part of the state."""
        self.state = self.state.model_copy(update=changes)

    @workflow.signal
    def response_received(self, envelope: Envelope) -> None:
        """Take in a response by its id, revision and enumerations; a repetition changes nothing."""
        try:
            answer = Answer.model_validate(envelope.body)
        except ValidationError:
            workflow.logger.warning("response_not_understood")
            self.remember(needs_attention=True)
            return
        if self.state.plan is not None:
            self.state = steps.received(self.state, answer)
        self.take_call(answer)

    def take_call(self, answer: Answer) -> None:
        """Put a wish to be called on the list of what cannot wait; late or not, it counts once per form."""
        call = f"{answer.side}:{answer.milestone}"
        if answer.call_requested and call not in self.state.calls_told:
            self.remember(calls_told=(*self.state.calls_told, call))
            self.calls.append(answer)

    @workflow.signal
    def nudged(self) -> None:
        """Go on in a fresh run now, so that a new version of the code takes over."""
        self.page_is_full = True

    @workflow.signal(dynamic=True)
    def unknown_signal(self, name: str, _: Sequence[RawValue]) -> None:
        """Flag what nobody here understands, for it would be lost with this run."""
        workflow.logger.warning("unknown_signal", extra={"signal": name})
        self.remember(needs_attention=True)

    @workflow.query
    def progress(self) -> Progress:
        """Tell where the mentorship stands and what it waits for."""
        now, offset = self.clock.now(), self.state.clock_offset
        if self.state.plan is None:
            return Progress(now=now, clock_offset=offset, busy=True, phase=Phase.PREPARING, quarter=1, next_due_at=now)
        due = steps.next_moment(self.state)
        phase, quarter, outcome, attention = self.standing()
        return Progress(
            now=now,
            clock_offset=offset,
            busy=self.busy,
            phase=phase,
            quarter=quarter,
            next_due_at=due.at if due else None,
            waiting_for=steps.waiting_for(self.state, now),
            outcome=outcome,
            needs_attention=attention,
        )

    @workflow.query
    def timeline(self) -> list[Forecast]:
        """Foretell every email that will be sent if nobody replies."""
        return forecast(self.state) if self.state.plan else []
