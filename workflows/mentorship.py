"""One mentorship, from kickoff to the last follow-up, as the program's handbook tells it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError, is_cancelled_exception
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from activities.closure_surveys import ClosureSurveys
    from activities.goal_check_ins import GoalCheckIns
    from activities.records import Records
    from activities.start import StartActivities
    from domain.calendar import local_day
    from domain.mentorship import progression
    from domain.mentorship.changes import successor_terms
    from domain.mentorship.concerns import concerns
    from domain.mentorship.decisions import in_order, is_made, make_decision
    from domain.mentorship.forecast import forecast
    from domain.mentorship.response_effects import (
        apply_answer,
        check_moment,
        record_undeliverable,
    )
    from domain.mentorship.what_if import what_if
    from schemas.enums import MilestoneKind, Outcome, Phase, Side
    from schemas.errors import Refusal
    from schemas.ids import MENTORSHIP_WORKFLOW
    from schemas.mentorship.changes import (
        CadenceRequest,
        ChangeResult,
        EndRequest,
        ExtendRequest,
        PauseRequest,
        ReplaceRequest,
        ResendRequest,
        ResolveRequest,
        ResumeRequest,
        StaffChange,
        StaffDecision,
        WhatIfRequest,
    )
    from schemas.mentorship.messages import CloseMilestones, FindMissed, PlanMentorship, RecordProgress, StartSuccessor
    from schemas.mentorship.state import (
        Answer,
        Closing,
        EmailRequest,
        Forecast,
        MentorshipState,
        MentorshipSummary,
        Milestone,
        PlannedEmail,
        Progress,
    )
    from schemas.mentorship.what_if import WhatIf
    from schemas.signals import Envelope
    from workflows.support.clock import SUMMARY_LENGTH, ProgramClock
    from workflows.support.emails import enqueue_emails
    from workflows.support.options import RECORD
    from workflows.support.recording import record
    from workflows.support.search_attributes import SearchAttributes

Closer = Callable[[Any, CloseMilestones], Awaitable[object]]
CLOSERS: Mapping[MilestoneKind, Closer] = {
    MilestoneKind.GOAL_CHECK_IN: GoalCheckIns.close_goal_check_in,
    MilestoneKind.CLOSURE_SURVEY: ClosureSurveys.close_closure_survey,
}


@workflow.defn(name=MENTORSHIP_WORKFLOW)
class MentorshipWorkflow:
    """Leads one mentor and one mentee through 18 months, and asks twice afterwards how it turned out.

    Started by the cohort's workflow on kickoff day, or by ``replace`` where another mentor takes over. It waits for the
    next moment of its plan, an answer or staff, whichever comes first. It ends when the last follow-up closes, even if
    nobody answers. Each quarter is a run of its own.

    Signals: ``response_received`` (a participant submitted forms), ``address_undeliverable`` (an address refused an
    email for good) and ``upgrade_requested`` (an operator wants the current code now). Updates, all by staff:
    ``pause``, ``resume``, ``extend``, ``set_cadence``, ``end``, ``replace``, ``resend``, ``resolve_concerns``; and by
    the audit ``recover``. Queries: ``progress``, ``timeline`` (every email to come if nobody replies), ``what_if`` (the
    effect of a change) and ``state``.
    """

    @workflow.init
    def __init__(self, state: MentorshipState) -> None:
        self.state = state
        self.clock = ProgramClock(state.clock_offset)
        self.search_attributes = SearchAttributes(state.terms.cohort_id)
        self.should_continue_as_new = False
        self.is_upgrade_requested = False
        self.busy = True
        self.draining = False
        self.recovery_requested = False
        self.recovered = 0
        self.early_answers: list[Answer] = []
        # A run begins where the one before had everything recorded.
        self.recorded = self.summary() if state.plan else None

    @workflow.run
    async def run(self, _: MentorshipState) -> Outcome:
        """Follow the plan to its end; return how the mentorship ended."""
        await self.follow_plan()
        await self.finish()
        return self.state.outcome or Outcome.COMPLETED

    async def follow_plan(self) -> None:
        """Wait for each moment of the plan and execute it, until nothing is left to come."""
        while True:
            await self.catch_up()
            if self.should_continue_as_new:
                await self.continue_as_new()
            due = progression.next_moment(self.state)
            if self.must_recover_before(due):
                self.recovery_requested = await self.recover_missed(self.clock.now())
            elif due is None:
                return
            elif await self.wait_for_due(due) and not await self.recover_missed(due.at):
                await self.execute_due(due)

    def must_recover_before(self, due: progression.Moment | None) -> bool:
        """Tell whether to take in what was missed before this moment; after what is past due, to keep the order."""
        return self.recovery_requested and (due is None or due.at > self.clock.now())

    async def recover_missed(self, until: datetime) -> bool:
        """Take in what PostgreSQL knows up to a moment and this workflow has not heard of; return whether that is any.

        Signals and updates tell a workflow everything, so it is nothing, unless an older Temporal was restored.
        """
        missed = await record(Records.find_missed, FindMissed(state=self.state, until=until), "was anything missed?")
        before = self.state
        for step in in_order(missed.answers, missed.decisions):
            if isinstance(step, Answer):
                self.state = apply_answer(self.state, step)
            else:
                try:
                    await self.make(step)
                except FailureError as error:
                    if is_cancelled_exception(error):
                        raise
                    # The audit names it to staff, who decide anew; meanwhile it holds up nothing that came after it.
                    workflow.logger.warning("decision_not_made_again")
                    self.update_state(refused_decisions=(*self.state.refused_decisions, step.id))
                    continue
            self.recovered += 1
            if progression.is_plan_stale(self.state):
                self.update_state(planned_as_of=step.received_at if isinstance(step, Answer) else step.at)
        return self.state != before

    async def catch_up(self) -> None:
        """Make a plan for the terms in force, record what lists and reports show, and enqueue pending emails."""
        while self.must_catch_up():
            if progression.is_plan_stale(self.state):
                await self.make_plan()
            elif self.summary() != self.recorded:
                await self.record_progress()
            # Last: some emails quote the plan and the lists.
            else:
                await self.enqueue_emails()

    async def make_plan(self) -> None:
        """Plan the mentorship: on the first day, and whenever the pair or staff change its terms."""
        # After an answer or decision that was missed, the plan is made as of its moment, so that it is the one that was
        # lost.
        as_of = self.state.planned_as_of or self.clock.now()
        # A settled window has no timer, so its close may not be recorded yet, and the new plan would open it again. Any
        # other window closes at its own moment, once all that was answered before is known.
        await self.close(progression.settled_windows(self.state, as_of))
        # An activity makes it, so that rules of the plan may change without a new version of this workflow.
        call = PlanMentorship(terms=self.state.terms, now=as_of, sent=progression.sent_emails(self.state))
        plan = await record(Records.plan_mentorship, call, "plan")
        self.update_state(plan=plan, planned_as_of=None, plan_requested=False)
        for answer in self.early_answers:
            self.state = apply_answer(self.state, answer)
        self.early_answers.clear()

    async def record_progress(self) -> None:
        """Record the phase, outcome and concerns for lists and reports."""
        summary = self.summary()
        call = RecordProgress(
            mentorship_id=self.state.terms.mentorship_id, now=self.clock.now(), **summary.model_dump()
        )
        await record(Records.record_progress, call, f"now {summary.phase}")
        self.recorded = summary

    async def wait_for_due(self, due: progression.Moment) -> bool:
        """Wait for a moment; return False where something else must be done first."""
        self.busy = False
        self.search_attributes.update_mentorship(self.progress())
        summary = progression.wait_summary(due)
        interrupted = await self.clock.wait_until(due.at, lambda: self.is_interrupted(due), summary)
        self.busy = True
        return not interrupted

    def is_interrupted(self, due: progression.Moment) -> bool:
        """Tell whether something must be done before this moment, or nothing is left to do at it."""
        if self.must_catch_up() or self.should_continue_as_new or self.must_recover_before(due):
            return True
        # An answer or a change may have moved the moment, or left nothing to do at it.
        next_moment = progression.next_moment(self.state)
        return next_moment is None or next_moment.at != due.at

    async def execute_due(self, due: progression.Moment) -> None:
        """Do what is still due at a moment: add its emails, close windows, end the mentorship."""
        # An answer that came last may have settled a part of it, or all.
        moment = progression.next_moment(self.state)
        if moment is None or moment.at > due.at:
            return
        # First the state, then the activities: an answer that comes meanwhile must find its window closed.
        self.state = progression.complete_moment(self.state, moment)
        self.add_planned_emails(moment.emails)
        await self.record_closings(moment.closes)

    def add_planned_emails(self, emails: Iterable[PlannedEmail]) -> None:
        """Add the planned emails of a moment to those that are pending."""
        planned = tuple(
            EmailRequest(
                key=progression.planned_email_key(self.state, email),
                kind=progression.email_kind(self.state, email),
                to=email.to,
                at=email.at,
                asks=email.asks,
                automatic=True,
            )
            for email in emails
        )
        self.update_state(pending_emails=(*self.state.pending_emails, *planned))

    async def enqueue_emails(self) -> None:
        """Put the pending emails into the outbox, from which they are delivered."""
        emails = self.state.pending_emails
        await enqueue_emails(self.state.terms.mentorship_id, self.clock.now(), emails)
        # A handler may have added others meanwhile.
        self.state = progression.record_enqueued(self.state, emails, self.clock.now())

    async def close(self, milestones: Sequence[Milestone]) -> None:
        """Close milestones, and record how."""
        self.state = progression.close(self.state, milestones)
        await self.record_closings(milestones)

    async def record_closings(self, milestones: Sequence[Milestone]) -> None:
        """Record how milestones closed, each with the activity of its kind."""
        closings = {closing.milestone: closing for closing in self.state.closings}
        by_closer: dict[Closer, list[Closing]] = {}
        for milestone in milestones:
            closer = CLOSERS.get(milestone.kind, Records.close_milestones)
            by_closer.setdefault(closer, []).append(closings[milestone.id])
        # At once, so that no closing waits for the retries of another.
        await asyncio.gather(*(self.record_with(closer, closed) for closer, closed in by_closer.items()))
        # The close of a check-in ends a quarter, and with it this run.
        self.should_continue_as_new |= any(milestone.kind is MilestoneKind.CHECK_IN for milestone in milestones)

    async def record_with(self, closer: Closer, closings: Sequence[Closing]) -> None:
        """Record closings with one activity."""
        call = CloseMilestones(
            mentorship_id=self.state.terms.mentorship_id, closings=tuple(closings), now=self.clock.now()
        )
        summary = f"close {', '.join(closing.milestone for closing in closings)}"[:SUMMARY_LENGTH]
        await record(closer, call, summary)

    async def continue_as_new(self) -> None:
        """Go on in a new run with the whole state, on the current version of this code."""
        # What a handler still does would be lost with this run.
        await self.drain()
        # The next run makes the plan: its release may have other rules for it.
        carried = {"run_count": self.state.run_count + 1, "plan_requested": self.is_upgrade_requested}
        workflow.continue_as_new(
            self.state.model_copy(update=carried),
            initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    async def finish(self) -> None:
        """Let handlers come to their end, and enqueue what they brought about."""
        await self.drain()
        self.busy = False
        # Lists of what is due soon show no workflow that has ended.
        self.search_attributes.update_mentorship(self.progress())

    async def drain(self) -> None:
        """Wait until no handler runs and nothing is left to plan, record or enqueue."""
        self.draining = True
        while not self.is_drained():
            await self.catch_up()
            await workflow.wait_condition(lambda: self.must_catch_up() or self.is_drained())

    def is_drained(self) -> bool:
        """Tell whether a run may end here without losing anything."""
        return workflow.all_handlers_finished() and not self.must_catch_up()

    @workflow.signal
    def response_received(self, envelope: Envelope) -> None:
        """Take in responses by their ids, revisions and enumerations; a repetition changes nothing."""
        answers = envelope.body.get("answers")
        for body in answers if isinstance(answers, list) else [answers]:
            self.take_in(body)

    def take_in(self, body: object) -> None:
        """Take in one response."""
        # An error here would fail or block the workflow for good, so what cannot be read is counted.
        try:
            answer = Answer.model_validate(body)
            check_moment(self.state, answer)
        except (ValidationError, Refusal):
            workflow.logger.warning("response_not_understood")
            self.update_state(unrecognized_messages=self.state.unrecognized_messages + 1)
            return
        # A worker that died in the first task may have emailed already. When another worker begins that task anew, the
        # answers to these emails come before the plan, and without it nobody knows what they answer.
        if self.state.plan is None:
            self.early_answers.append(answer)
        self.state = apply_answer(self.state, answer)

    @workflow.signal
    def address_undeliverable(self, envelope: Envelope) -> None:
        """Note that a side's address refused an email for good; staff and the partner hear of it once."""
        try:
            side = Side(str(envelope.body.get("side")))
        except ValueError:
            workflow.logger.warning("signal_not_understood")
            self.update_state(unrecognized_messages=self.state.unrecognized_messages + 1)
            return
        self.state = record_undeliverable(self.state, side, self.clock.now())

    @workflow.signal
    def upgrade_requested(self) -> None:
        """Continue as new now, so that the current version of the code takes over and makes a plan by its rules."""
        self.should_continue_as_new = self.is_upgrade_requested = True

    @workflow.signal(dynamic=True)
    def unknown_signal(self, name: str, _: Sequence[RawValue]) -> None:
        """Count a signal of any other name: Temporal would buffer it and drop it when this run ends."""
        workflow.logger.warning("unknown_signal", extra={"signal": name})
        self.update_state(unrecognized_messages=self.state.unrecognized_messages + 1)

    @workflow.update
    async def pause(self, request: PauseRequest) -> ChangeResult:
        """Stop the clock for a time; it goes on by itself."""
        return await self.decide(request)

    # Each update has a validator: what it refuses leaves no trace in history.
    @pause.validator
    def validate_pause(self, request: PauseRequest) -> None:
        """Refuse a pause in the past, beyond the end, or during another one."""
        self.validate(request)

    @workflow.update
    async def resume(self, request: ResumeRequest) -> ChangeResult:
        """End a pause: the clock goes on tomorrow."""
        return await self.decide(request)

    @resume.validator
    def validate_resume(self, request: ResumeRequest) -> None:
        """Refuse to resume what is not paused."""
        self.validate(request)

    @workflow.update
    async def extend(self, request: ExtendRequest) -> ChangeResult:
        """Move the end by some months."""
        return await self.decide(request)

    @extend.validator
    def validate_extend(self, request: ExtendRequest) -> None:
        """Refuse an extension beyond the longest one."""
        self.validate(request)

    @workflow.update
    async def set_cadence(self, request: CadenceRequest) -> ChangeResult:
        """Change how often the pair meets, or reports on goals."""
        return await self.decide(request)

    @set_cadence.validator
    def validate_set_cadence(self, request: CadenceRequest) -> None:
        """Refuse a cadence without a rhythm, or with days outside the mentorship."""
        self.validate(request)

    @workflow.update
    async def end(self, request: EndRequest) -> ChangeResult:
        """End the mentorship today."""
        return await self.decide(request)

    @end.validator
    def validate_end(self, request: EndRequest) -> None:
        """Refuse to end what is over."""
        self.validate(request)

    @workflow.update
    async def replace(self, request: ReplaceRequest) -> ChangeResult:
        """Start the mentorship of a mentor who takes over; this one ends, unless it has ended already."""
        return await self.decide(request)

    @replace.validator
    def validate_replace(self, request: ReplaceRequest) -> None:
        """Refuse where nothing is left to take over; the activity decides whether this mentor can."""
        self.validate(request)

    @workflow.update
    async def resend(self, request: ResendRequest) -> int:
        """Email one side again what still waits for an answer; return the number of emails."""
        await self.decide(request)
        return 1

    @resend.validator
    def validate_resend(self, request: ResendRequest) -> None:
        """Refuse to send again what was never sent."""
        self.validate(request)

    @workflow.update
    async def resolve_concerns(self, request: ResolveRequest = ResolveRequest()) -> None:  # noqa: B008 - it is frozen
        """Note that staff took care of calls, addresses and unrecognized messages."""
        await self.decide(request)

    @workflow.update
    async def recover(self) -> int:
        """Take in what PostgreSQL knows and this workflow has not heard of; return how many answers and decisions."""
        before, self.recovery_requested = self.recovered, True
        await workflow.wait_condition(lambda: not self.recovery_requested or self.draining)
        await self.wait_for_catch_up()
        return self.recovered - before

    async def decide(self, change: StaffChange) -> ChangeResult:
        """Make a decision of staff, and wait for the plan that follows from it; who is concerned is emailed."""
        decision = StaffDecision(at=self.clock.now(), change=change)
        await self.make(decision)
        await self.wait_for_catch_up()
        ends_on = progression.plan_of(self.state).ends_on
        return ChangeResult(ends_on=ends_on, successor=self.state.successor, decided_at=decision.at)

    async def make(self, decision: StaffDecision) -> None:
        """Make a decision; one that was made before changes nothing."""
        if is_made(self.state, decision):
            return
        # The successor starts first: where that is refused, this mentorship goes on as before.
        change = decision.change
        successor = await self.start_successor(change, decision.at) if isinstance(change, ReplaceRequest) else None
        self.state = self.decided(decision, successor)

    async def start_successor(self, request: ReplaceRequest, at: datetime) -> str:
        """Start the mentorship of the mentor who takes over, as of a moment, and return its id."""
        call = StartSuccessor(
            terms=successor_terms(self.state, local_day(at, self.state.terms.time_zone)),
            mentor=request.mentor,
            now=self.clock.now(),
            clock_offset=self.state.clock_offset,
        )
        return await workflow.execute_activity_method(
            StartActivities.start_successor, call, summary=f"{request.mentor} takes over", **RECORD
        )

    def validate(self, change: StaffChange) -> None:
        """Raise the sentence for staff where a change is not possible now."""
        self.decided(StaffDecision(at=self.clock.now(), change=change))

    def decided(self, decision: StaffDecision, successor: str | None = None) -> MentorshipState:
        """Return the state after a decision; raises the sentence for staff where it is not possible."""
        try:
            return make_decision(self.state, decision, successor)
        # Any other error would fail the workflow's task, and again at each retry.
        except Refusal as refusal:
            raise ApplicationError(str(refusal)) from None

    async def wait_for_catch_up(self) -> None:
        """Wait until ``run`` has brought plan and lists up to date; it alone calls their activities."""
        await workflow.wait_condition(lambda: not self.must_catch_up())

    @workflow.query
    def progress(self) -> Progress:
        """Return the phase, and what the mentorship waits for."""
        now, offset = self.clock.now(), self.state.clock_offset
        # The first run may be queried before it has made its plan.
        if self.state.plan is None:
            return Progress(now=now, clock_offset=offset, busy=True, phase=Phase.PREPARING, quarter=1, next_due_at=now)
        due = progression.next_moment(self.state)
        return Progress(
            now=now,
            clock_offset=offset,
            busy=self.busy or self.must_catch_up(),
            quarter=progression.quarter_at(self.state, self.done_through()),
            next_due_at=due.at if due else None,
            waiting_for=progression.waiting_for(self.state, now),
            ends_on=self.state.plan.ends_on,
            pauses=self.state.terms.pauses,
            **self.summary().model_dump(),
        )

    @workflow.query
    def timeline(self) -> list[Forecast]:
        """Return every email that will be sent if nobody replies."""
        return forecast(self.state) if self.state.plan else []

    @workflow.query
    def what_if(self, request: WhatIfRequest) -> WhatIf:
        """Return what a change would bring; refuses what the change itself would refuse."""
        return what_if(self.state, request.change, self.clock.now())

    # The method is not called as the query is: the attribute has the name.
    @workflow.query(name="state")
    def whole_state(self) -> MentorshipState:
        """Return the whole state, for the audit that compares it with PostgreSQL."""
        return self.state

    def update_state(self, **changes: object) -> None:
        """Replace fields of the state."""
        self.state = self.state.model_copy(update=changes)

    def must_catch_up(self) -> bool:
        """Tell whether the plan is stale, what lists show was not recorded, or emails were not enqueued yet."""
        stale = progression.is_plan_stale(self.state) or self.summary() != self.recorded
        return stale or bool(self.state.pending_emails)

    def summary(self) -> MentorshipSummary:
        """Return what lists show of the mentorship."""
        return MentorshipSummary(
            phase=progression.phase_at(self.state, self.done_through()),
            outcome=self.state.outcome,
            concerns=concerns(self.state),
        )

    def done_through(self) -> datetime:
        """Return the moment up to which the plan was executed."""
        return self.state.done_through or self.clock.now()
