"""What a cohort's workflow knows of itself, tells others, and has recorded."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from activities.records import Records
    from schemas.cohort.messages import CohortCall, CohortOverview, FailingActivity, RecordStage
    from schemas.cohort.state import CohortState
    from schemas.enums import CohortStage
    from workflows.post import Post
    from workflows.support.clock import ProgramClock
    from workflows.support.options import RECORD
    from workflows.support.search_attributes import Showing

TRIES_AGAIN_AFTER = timedelta(minutes=10)
Told = TypeVar("Told")


class CohortStanding:
    """Where a cohort stands; it answers ``progress`` and takes in ``upgrade_requested``."""

    def __init__(self, state: CohortState) -> None:
        self.state = state
        self.clock = ProgramClock(state.clock_offset)
        self.post = Post(state.cohort_id, self.clock)
        self.showing = Showing(state.cohort_id)
        self.next_due_at: datetime | None = None
        self.busy = True
        self.is_nudged = False

    @workflow.query
    def progress(self) -> CohortOverview:
        """Tell where the cohort stands."""
        return CohortOverview(
            now=self.clock.now(),
            clock_offset=self.state.clock_offset,
            busy=self.busy,
            stage=self.state.stage,
            match_run=self.state.match_run,
            published_run=self.state.published_run,
            mentorships=self.state.mentorships,
            next_due_at=self.next_due_at,
            failing_activity=self.state.failing_activity,
        )

    @workflow.signal
    def upgrade_requested(self) -> None:
        """Go on in a fresh run now, so that a new version of the code takes over."""
        self.is_nudged = True

    @property
    def started(self) -> bool:
        """Tell whether kickoff day has come and mentorships were started."""
        return self.state.stage.started

    async def rest(self, until: datetime | None, called: Callable[[], bool], summary: str) -> None:
        """Let time pass until a moment, or without one for ever, unless something calls."""
        self.remember(failing_activity=None)
        self.next_due_at, self.busy = until, False
        self.showing.cohort(self.progress())
        if until is None:
            await workflow.wait_condition(called)
        else:
            await self.clock.until(until, called, summary)
        self.next_due_at, self.busy = None, True

    async def insist(self, deed: Callable[[], Awaitable[Told]]) -> Told:
        """Have something done that a cohort cannot go on without, and return what it came to.

        A refusal would end a workflow, and this one has years before it: what was refused is tried again until somebody
        has mended what stands in its way. It may be tried so often that a run is full: what insists must be found again
        from the state alone, and no handler of a message may insist.
        """
        while True:
            try:
                return await deed()
            except ActivityError as refused:
                if is_cancelled_exception(refused):
                    raise
                self.take_refusal(refused.activity_type)
                await workflow.sleep(TRIES_AGAIN_AFTER, summary=f"{refused.activity_type} was refused")
            if self.page_is_full():
                self.turn_the_page()

    def take_refusal(self, activity: str) -> None:
        """Remember what is refused, until the cohort comes to rest."""
        workflow.logger.warning("refused_and_tried_again", extra={"cohort": self.state.cohort_id, "activity": activity})
        before = self.state.failing_activity
        since = before.since if before and before.activity == activity else self.clock.now()
        self.remember(failing_activity=FailingActivity(activity=activity, since=since))

    def page_is_full(self) -> bool:
        """Tell whether it is time for a fresh run, and nobody is in the middle of something."""
        return (self.is_nudged or workflow.info().is_continue_as_new_suggested()) and workflow.all_handlers_finished()

    def turn_the_page(self) -> None:
        """Go on in a fresh run with the whole state, on the newest version of this code."""
        workflow.continue_as_new(
            self.state.model_copy(update={"deferred_emails": self.post.deferred_emails}),
            initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
        )

    async def reach(self, stage: CohortStage) -> None:
        """Enter a stage and have it recorded."""
        if stage is self.state.stage:
            return
        self.remember(stage=stage)
        call = RecordStage(cohort_id=self.state.cohort_id, stage=stage, now=self.clock.now())
        await workflow.execute_activity_method(Records.record_stage, call, summary=f"now {stage}", **RECORD)

    def call(self) -> CohortCall:
        """Return what an activity needs to know of the cohort."""
        return CohortCall(cohort_id=self.state.cohort_id, now=self.clock.now(), clock_offset=self.state.clock_offset)

    def remember(self, **changes: object) -> None:
        """Replace part of the state."""
        self.state = self.state.model_copy(update=changes)
