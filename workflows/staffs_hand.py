"""Staff's hand in a running mentorship: each update refuses what makes no sense, and is done when the plan follows."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.start import StartActivities
    from domain.calendar import local_day
    from domain.mentorship import progression
    from domain.mentorship.changes import apply_change, successor_terms
    from domain.mentorship.response_effects import attend_call, request_resend
    from domain.mentorship.what_if import what_if
    from schemas.enums import Outcome
    from schemas.errors import Refusal
    from schemas.mentorship.changes import (
        CadenceRequest,
        Change,
        ChangeResult,
        EndRequest,
        ExtendRequest,
        PauseRequest,
        ReplaceRequest,
        ResendRequest,
        ResumeRequest,
        WhatIf,
        WhatIfRequest,
    )
    from schemas.mentorship.messages import StartSuccessor
    from schemas.mentorship.terms import Terms
    from workflows.sending import Sending
    from workflows.support.options import RECORD


class StaffsHand(Sending):
    """What staff can do to a mentorship while it runs; a refusal leaves no trace in its history."""

    @workflow.update
    async def pause(self, request: PauseRequest) -> ChangeResult:
        """Let the clock stand still for a time; it goes on by itself."""
        return await self.make(request)

    @workflow.update
    async def resume(self, request: ResumeRequest) -> ChangeResult:
        """Let the clock go on tomorrow."""
        return await self.make(request)

    @workflow.update
    async def extend(self, request: ExtendRequest) -> ChangeResult:
        """Put off the end."""
        return await self.make(request)

    @workflow.update
    async def set_cadence(self, request: CadenceRequest) -> ChangeResult:
        """Change how often the pair meets or goals are reported on."""
        return await self.make(request)

    @workflow.update
    async def end(self, request: EndRequest) -> ChangeResult:
        """End the mentorship today."""
        return await self.make(request)

    @workflow.update
    async def replace(self, request: ReplaceRequest) -> ChangeResult:
        """Start a mentorship of another mentor that takes over; this one ends, unless it has ended already."""
        call = StartSuccessor(
            terms=self.successor(), mentor=request.mentor, now=self.clock.now(), clock_offset=self.state.clock_offset
        )
        successor = await workflow.execute_activity_method(
            StartActivities.start_successor, call, summary=f"{request.mentor} takes over", **RECORD
        )
        self.remember(successor=successor)
        if self.state.outcome is None:
            return await self.make(EndRequest(outcome=Outcome.MENTOR_WITHDREW, reason=request.reason))
        return self.made()

    @workflow.update
    async def resend(self, request: ResendRequest) -> int:
        """Write to one side again; return how many emails that is."""
        self.state = request_resend(self.state, request.side, self.clock.now())
        await self.plan_follows()
        return 1

    @workflow.update
    async def resolve_concerns(self) -> None:
        """Take note that staff attended to what waited for them."""
        self.state = attend_call(self.state)

    @pause.validator
    def refuse_pause(self, request: PauseRequest) -> None:
        """Refuse a pause that makes no sense."""
        self.refuse(request)

    @resume.validator
    def refuse_resume(self, request: ResumeRequest) -> None:
        """Refuse to resume what is not paused."""
        self.refuse(request)

    @extend.validator
    def refuse_extend(self, request: ExtendRequest) -> None:
        """Refuse an extension beyond all bounds."""
        self.refuse(request)

    @set_cadence.validator
    def refuse_cadence(self, request: CadenceRequest) -> None:
        """Refuse a rhythm that is none."""
        self.refuse(request)

    @end.validator
    def refuse_end(self, request: EndRequest) -> None:
        """Refuse to end what is over."""
        self.refuse(request)

    @replace.validator
    def refuse_replace(self, request: ReplaceRequest) -> None:
        """Refuse a new mentor where nothing is left to take over; whether this one can is seen when they start."""
        self.successor()

    @resend.validator
    def refuse_resend(self, request: ResendRequest) -> None:
        """Refuse to send again what was never sent."""
        try:
            request_resend(self.state, request.side, self.clock.now())
        except Refusal as refusal:
            raise ApplicationError(str(refusal)) from None

    @workflow.query
    def what_if(self, request: WhatIfRequest) -> WhatIf:
        """Foretell what a change would bring; refuses what the change itself would refuse."""
        return what_if(self.state, request.change, self.clock.now())

    async def make(self, change: Change) -> ChangeResult:
        """Make a change and wait until the plan follows; both are written to as soon as their mailboxes let us."""
        self.state = apply_change(self.state, change, self.clock.now())
        await self.plan_follows()
        return self.made()

    def made(self) -> ChangeResult:
        """Return what the mentorship has become."""
        return ChangeResult(ends_on=progression.plan_of(self.state).ends_on, successor=self.state.successor)

    async def plan_follows(self) -> None:
        """Wait until the plan and the lists are up to date."""
        await workflow.wait_condition(lambda: not self.must_catch_up())

    def refuse(self, change: Change) -> None:
        """Raise where a change makes no sense as things stand."""
        try:
            apply_change(self.state, change, self.clock.now())
        except Refusal as refusal:
            raise ApplicationError(str(refusal)) from None

    def successor(self) -> Terms:
        """Return the terms of a mentorship that would take over today."""
        try:
            return successor_terms(self.state, local_day(self.clock.now(), self.state.terms.time_zone))
        except Refusal as refusal:
            raise ApplicationError(str(refusal)) from None
