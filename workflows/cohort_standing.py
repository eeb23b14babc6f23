"""What a cohort's workflow knows of itself, tells others, and has recorded."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.records import Records
    from schemas.messages import CohortCall, CohortOverview, CohortStageReached, CohortState
    from schemas.words import CohortStage
    from workflows.options import RECORD
    from workflows.post import Post
    from workflows.showing import Showing
    from workflows.waiting import ProgrammeClock

TRIES_AGAIN_AFTER = timedelta(minutes=10)
Told = TypeVar("Told")


class CohortStanding:
    """Where a cohort stands; it answers ``progress``."""

    def __init__(self, state: CohortState) -> None:
        self.state = state
        self.clock = ProgrammeClock(state.clock_offset)
        self.post = Post(state.cohort_id, self.clock)
        self.showing = Showing(state.cohort_id)
        self.next_due_at: datetime | None = None
        self.busy = True

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
        )

    @property
    def started(self) -> bool:
        """Tell whether kickoff day has come and mentorships were started."""
        return self.state.stage in (
            CohortStage.STARTING,
            CohortStage.RUNNING,
            CohortStage.REPORTING,
            CohortStage.CLOSED,
        )

    async def rest(self, until: datetime | None, called: Callable[[], bool], summary: str) -> None:
        """Let time pass until a moment, or without one for ever, unless something calls."""
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
        has mended what stands in its way.
        """
        while True:
            try:
                return await deed()
            except ActivityError as refused:
                if is_cancelled_exception(refused):
                    raise
                workflow.logger.warning(
                    "refused_and_tried_again",
                    extra={"cohort": self.state.cohort_id, "activity": refused.activity_type},
                )
                await workflow.sleep(TRIES_AGAIN_AFTER, summary=f"{refused.activity_type} was refused")

    async def reach(self, stage: CohortStage) -> None:
        """Enter a stage and have it recorded."""
        if stage is self.state.stage:
            return
        self.remember(stage=stage)
        call = CohortStageReached(cohort_id=self.state.cohort_id, stage=stage, now=self.clock.now())
        await workflow.execute_activity_method(Records.reach_stage, call, summary=f"now {stage}", **RECORD)

    def call(self) -> CohortCall:
        """Return what an activity needs to know of the cohort."""
        return CohortCall(cohort_id=self.state.cohort_id, now=self.clock.now(), clock_offset=self.state.clock_offset)

    def remember(self, **changes: object) -> None:
        """Replace part of the state."""
        self.state = self.state.model_copy(update=changes)
