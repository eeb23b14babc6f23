"""One mentorship, from kickoff to the last follow-up, as the program's handbook tells it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from activities.closure_surveys import ClosureSurveys
    from activities.goal_check_ins import GoalCheckIns
    from activities.records import Records
    from domain.mentorship import progression
    from domain.mentorship.response_effects import apply_answer, check_moment
    from schemas.enums import MilestoneKind, Outcome
    from schemas.errors import Refusal
    from schemas.ids import MENTORSHIP_WORKFLOW
    from schemas.mentorship.messages import CloseMilestones, PlanMentorship
    from schemas.mentorship.state import Answer, Closing, MentorshipState, Milestone
    from schemas.signals import Envelope
    from workflows.staffs_hand import StaffsHand
    from workflows.support.clock import together
    from workflows.support.options import RECORD
    from workflows.support.search_attributes import Showing

Closer = Callable[[Any, CloseMilestones], Awaitable[object]]
CLOSERS: Mapping[MilestoneKind, Closer] = {
    MilestoneKind.GOAL_CHECK_IN: GoalCheckIns.close_goal_check_in,
    MilestoneKind.CLOSURE_SURVEY: ClosureSurveys.close_closure_survey,
}


@workflow.defn(name=MENTORSHIP_WORKFLOW)
class MentorshipWorkflow(StaffsHand):
    """Accompanies one mentor and one mentee for 18 months, and asks twice afterwards how it turned out.

    The cohort starts it on kickoff day. It waits for the next moment of its plan, for an answer or for staff, whichever
    comes first, and ends when the last follow-up closes, whatever is missing by then. Each quarter is a run of its own.
    It takes the signals ``response_received`` and ``upgrade_requested`` and the updates of StaffsHand, and answers
    ``timeline`` (every email to come if nobody replies), ``what_if`` and ``progress``.
    """

    @workflow.init
    def __init__(self, state: MentorshipState) -> None:
        super().__init__(state)
        self.showing = Showing(state.terms.cohort_id)
        self.page_is_full = False

    @workflow.run
    async def run(self, _: MentorshipState) -> Outcome:
        """Live through the plan, moment by moment, a quarter a run."""
        self.begin_to_send()
        while True:
            await self.catch_up()
            await self.require_sender()
            if self.page_is_full:
                await self.turn_the_page()
            due = progression.next_moment(self.state)
            if due is None:
                break
            if await self.its_time_for(due):
                await self.live_through(progression.next_moment(self.state) or due)
        await self.let_everybody_finish()
        await workflow.wait_condition(lambda: not self.state.pending_emails or self.sender_failed())
        await self.require_sender()
        self.busy = False
        return self.state.outcome or Outcome.COMPLETED

    async def catch_up(self) -> None:
        """Draw up the plan for the terms in force, and have it recorded where the mentorship stands."""
        while self.must_catch_up():
            if progression.is_plan_stale(self.state):
                await self.plan_mentorship()
            else:
                await self.record_progress()

    async def plan_mentorship(self) -> None:
        """Have the plan drawn up: on the first day, and whenever the pair agrees on something or staff change it."""
        call = PlanMentorship(terms=self.state.terms, now=self.clock.now(), lived=progression.sent_emails(self.state))
        plan = await workflow.execute_activity_method(Records.plan_mentorship, call, summary="plan", **RECORD)
        self.remember(plan=plan)

    async def its_time_for(self, due: progression.Moment) -> bool:
        """Wait for a moment; return false where something came before that cannot wait for it."""
        self.busy = False
        self.showing.mentorship(self.progress())
        changed = await self.clock.until(due.at, lambda: self.has_changed(due), progression.wait_summary(due))
        self.busy = True
        return not changed

    def has_changed(self, due: progression.Moment) -> bool:
        """Tell whether something must be done before this moment, or nothing at it any more."""
        if self.must_catch_up() or self.page_is_full or self.sender_failed():
            return True
        next_up = progression.next_moment(self.state)
        return next_up is None or next_up.at != due.at

    async def live_through(self, moment: progression.Moment) -> None:
        """Do all that a moment brings: windows close, emails go out, the mentorship ends.

        It is remembered as done before it is done, so that an answer that comes meanwhile meets a closed window.
        """
        self.state = progression.complete_moment(self.state, moment)
        self.hand_in(moment.emails)
        await self.close(moment.closes)
        self.page_is_full |= any(milestone.kind is MilestoneKind.CHECK_IN for milestone in moment.closes)

    async def close(self, milestones: Iterable[Milestone]) -> None:
        """Have it recorded how milestones closed."""
        closings = {closing.milestone: closing for closing in self.state.closings}
        by_closer: dict[Closer, list[Closing]] = {}
        for milestone in milestones:
            closer = CLOSERS.get(milestone.kind, Records.close_milestones)
            by_closer.setdefault(closer, []).append(closings[milestone.id])
        await together(*(self.record_closings(closer, closed) for closer, closed in by_closer.items()))

    async def record_closings(self, closer: Closer, closings: Sequence[Closing]) -> None:
        """Have one of those who keep closings keep these."""
        call = CloseMilestones(
            mentorship_id=self.state.terms.mentorship_id, closings=tuple(closings), now=self.clock.now()
        )
        summary = f"close {', '.join(closing.milestone for closing in closings)}"[:120]
        await workflow.execute_activity_method(closer, call, summary=summary, **RECORD)

    async def turn_the_page(self) -> None:
        """Go on in a fresh run with the whole state, on the newest version of this code."""
        await self.let_everybody_finish()
        workflow.continue_as_new(
            self.state.model_copy(update={"run_count": self.state.run_count + 1}),
            initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    async def let_everybody_finish(self) -> None:
        """Wait until nobody is in the middle of something; what that brings about is done as well."""
        while self.something_waits() or not workflow.all_handlers_finished():
            await self.catch_up()
            await self.require_sender()
            await workflow.wait_condition(
                lambda: self.must_catch_up() or self.everybody_has_finished() or self.sender_failed()
            )

    def everybody_has_finished(self) -> bool:
        """Tell whether nobody is in the middle of something."""
        return workflow.all_handlers_finished() and not self.something_waits()

    @workflow.signal
    def response_received(self, envelope: Envelope) -> None:
        """Take in a response by its id, revision and enumerations; a repetition changes nothing."""
        try:
            answer = Answer.model_validate(envelope.body)
            check_moment(self.state, answer)
        except (ValidationError, Refusal):
            workflow.logger.warning("response_not_understood")
            self.remember(unrecognized_messages=self.state.unrecognized_messages + 1)
            return
        self.state = apply_answer(self.state, answer)

    @workflow.signal
    def upgrade_requested(self) -> None:
        """Go on in a fresh run now, so that a new version of the code takes over."""
        self.page_is_full = True

    @workflow.signal(dynamic=True)
    def unknown_signal(self, name: str, _: Sequence[RawValue]) -> None:
        """Flag what nobody here understands, for it would be lost with this run."""
        workflow.logger.warning("unknown_signal", extra={"signal": name})
        self.remember(unrecognized_messages=self.state.unrecognized_messages + 1)
