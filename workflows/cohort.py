"""One cohort, from two files of applications to the closing report: the subcommittee's memory."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.closure_surveys import ClosureSurveys
    from activities.matching import Matching
    from activities.records import Records
    from schemas.ids import COHORT_WORKFLOW, matching_queue
    from schemas.messages import (
        CohortCall,
        CohortDates,
        CohortOverview,
        CohortStageReached,
        CohortState,
        CountOpen,
        MatchCall,
        MatchRequest,
        MatchRunSummary,
        PublishCall,
    )
    from schemas.words import CohortStage, EmailKind, MilestoneKind, StaffReason
    from workflows.options import LONG, RECORD, SILENT_AFTER
    from workflows.post import Post
    from workflows.showing import Showing
    from workflows.waiting import ProgrammeClock

A_WEEK = timedelta(days=7)


@workflow.defn(name=COHORT_WORKFLOW)
class CohortWorkflow:
    """Leads one class of the programme from its applications to its report.

    Staff start it once the applications are imported, have it match (update ``match``, as often as they like), and
    publish one draft (update ``publish``). On kickoff day it starts a workflow for each pair; once a week it tells
    staff what waits for them; when the last closure survey has closed it writes the report and tells staff, and ends
    when the last follow-up is in it too. It answers ``progress``.
    """

    @workflow.init
    def __init__(self, state: CohortState) -> None:
        self.state = state
        self.clock = ProgrammeClock(state.clock_offset)
        self.post = Post(state.cohort_id, self.clock)
        self.showing = Showing(state.cohort_id)
        self.next_due_at: datetime | None = None
        self.busy = True

    @workflow.run
    async def run(self, _: CohortState) -> int:
        """Lead the cohort through its stages; return the number of mentorships."""
        await self.wait_for_publication()
        dates = await self.look_up_dates()
        await self.start_at(dates.kickoff_at)
        await self.report(await self.accompany(dates))
        await self.complete_the_report(dates.followed_up_at)
        self.busy = False
        return self.state.mentorships

    async def wait_for_publication(self) -> None:
        """Wait for staff: as many match runs as they like, and one they publish."""
        await self.reach(CohortStage.MATCHING)
        self.busy = False
        await workflow.wait_condition(lambda: self.state.published_run is not None)
        self.busy = True
        await workflow.wait_condition(workflow.all_handlers_finished)

    async def look_up_dates(self) -> CohortDates:
        """Learn the cohort's dates from its settings; from now on they stand."""
        return await workflow.execute_activity_method(Records.look_up_cohort, self.call(), summary="dates", **RECORD)

    async def start_at(self, kickoff_at: datetime) -> None:
        """Start a workflow for each pair on kickoff day, or at once where that is past."""
        await self.reach(CohortStage.PUBLISHED)
        await self.sleep_until(kickoff_at, "kickoff: the mentorships start")
        await self.reach(CohortStage.STARTING)
        started = await workflow.execute_activity_method(
            Records.start_mentorships,
            self.call(),
            summary="start the mentorships",
            heartbeat_timeout=SILENT_AFTER,
            **LONG,
        )
        self.remember(mentorships=started)

    async def accompany(self, dates: CohortDates) -> datetime:
        """Tell staff once a week what waits for them, until the last closure survey is in; return that moment.

        A mentorship that takes longer, because it was paused or extended, is waited for week by week.
        """
        await self.reach(CohortStage.RUNNING)
        for at in dates.digests_at:
            await self.send_digest(at)
        await self.sleep_until(dates.reports_at, "the last closure survey closes")
        late = dates.reports_at
        while await self.somebody_is_still_asked(MilestoneKind.CLOSURE_SURVEY):
            late += A_WEEK
            await self.send_digest(late)
        return late

    async def send_digest(self, at: datetime) -> None:
        """Tell staff at a moment what waits for them, if anything does."""
        await self.sleep_until(at, "staff's weekly digest")
        await self.post.tell_staff(EmailKind.STAFF_DIGEST, f"week-{at:%Y-%m-%d}", at)

    async def somebody_is_still_asked(self, kind: MilestoneKind) -> bool:
        """Tell whether a mentorship of the cohort has not ended yet, or has something of this kind still open."""
        call = CountOpen(kind=kind, **self.call().model_dump())
        return bool(
            await workflow.execute_activity_method(
                Records.count_open_mentorships, call, summary=f"mentorships with an open {kind}", **RECORD
            )
        )

    async def report(self, at: datetime) -> None:
        """Write the report and tell staff that it is there."""
        await self.reach(CohortStage.REPORTING)
        await self.write_report()
        await self.post.tell_staff(EmailKind.STAFF_NOTE, "report_ready", at, StaffReason.REPORT_READY)

    async def complete_the_report(self, at: datetime) -> None:
        """Write the report once more when the last follow-up has closed; then the cohort is closed."""
        await self.sleep_until(at, "the last follow-up closes")
        while await self.somebody_is_still_asked(MilestoneKind.FOLLOW_UP):
            at += A_WEEK
            await self.sleep_until(at, "the last follow-up closes")
        await self.write_report()
        await self.reach(CohortStage.CLOSED)

    async def write_report(self) -> None:
        """Have the report written from the rows as they are."""
        await workflow.execute_activity_method(
            ClosureSurveys.write_report, self.call(), summary="closing report", **LONG
        )

    @workflow.update
    async def match(self, request: MatchRequest = MatchRequest()) -> MatchRunSummary:  # noqa: B008 - it is frozen
        """Match the applications as they are now and keep the result as a draft."""
        summary = await workflow.execute_activity_method(
            Matching.match_cohort,
            MatchCall(cohort_id=self.state.cohort_id, now=self.clock.now(), request=request),
            task_queue=matching_queue(workflow.info().task_queue),
            summary="match",
            heartbeat_timeout=SILENT_AFTER,
            **LONG,
        )
        self.remember(match_run=max(summary.run, self.state.match_run or 0))
        return summary

    @match.validator
    def refuse_match_after_publication(self, request: MatchRequest = MatchRequest()) -> None:  # noqa: B008
        """Refuse to match once the pairs have been told."""
        if self.state.published_run is not None:
            raise ApplicationError(f"Match run {self.state.published_run} is published; the pairs stand.")

    @workflow.update
    async def publish(self, run: int, waived: bool = False) -> int:
        """Make one draft the cohort's matches; return the number of pairs.

        ``waived`` lets pairs pass that break a rule; staff's note why stands in the audit trail.
        """
        pairs = await workflow.execute_activity_method(
            Matching.publish_matches,
            PublishCall(cohort_id=self.state.cohort_id, run=run, waived=waived, now=self.clock.now()),
            task_queue=matching_queue(workflow.info().task_queue),
            summary=f"publish match run {run}",
            **RECORD,
        )
        self.remember(published_run=run)
        return pairs

    @publish.validator
    def refuse_unknown_run(self, run: int, waived: bool = False) -> None:
        """Refuse to publish what was not drafted here, and to publish twice."""
        if self.state.published_run is not None:
            raise ApplicationError(f"Match run {self.state.published_run} is published already.")
        if self.state.match_run is None:
            raise ApplicationError(f"There is no match run {run}; match first.")
        if not 1 <= run <= self.state.match_run:
            raise ApplicationError(f"There is no match run {run}; the newest is {self.state.match_run}.")

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

    async def sleep_until(self, at: datetime, summary: str) -> None:
        """Let time pass until a moment."""
        self.next_due_at, self.busy = at, False
        self.showing.cohort(self.progress())
        await self.clock.until(at, lambda: False, summary)
        self.next_due_at, self.busy = None, True

    async def reach(self, stage: CohortStage) -> None:
        """Enter a stage and have it recorded."""
        self.remember(stage=stage)
        call = CohortStageReached(cohort_id=self.state.cohort_id, stage=stage, now=self.clock.now())
        await workflow.execute_activity_method(Records.reach_stage, call, summary=f"now {stage}", **RECORD)

    def call(self) -> CohortCall:
        """Return what an activity needs to know of the cohort."""
        return CohortCall(cohort_id=self.state.cohort_id, now=self.clock.now(), clock_offset=self.state.clock_offset)

    def remember(self, **changes: object) -> None:
        """Replace part of the state."""
        self.state = self.state.model_copy(update=changes)
