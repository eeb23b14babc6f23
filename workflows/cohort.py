"""One cohort, from its first applications to the last version of its report."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from activities.campaigns import Campaigns
    from activities.closure_surveys import ClosureSurveys
    from activities.matching import MatchingActivities
    from activities.proposals import ProposalActivities
    from activities.records import Records
    from activities.start import StartActivities
    from domain.calendar import a_week_later
    from domain.cohort.campaigns import (
        are_answers_due,
        campaign_name,
        due_campaigns,
        invitation_to_repeat,
        is_over,
        next_campaign_at,
    )
    from domain.cohort.plan import awaits_attendance, with_done, with_plan, with_recovery, with_run
    from domain.kickoff.starts import not_startable_because
    from domain.matching.publication import why_pairs_are_final, with_publication
    from schemas.cohort.campaigns import (
        Campaign,
        CampaignCall,
        CohortPlan,
        PlanCohort,
        RecordSkipped,
        SkippedCampaign,
    )
    from schemas.cohort.messages import (
        CohortCall,
        CohortOverview,
        CohortRecovery,
        CountOpenMentorships,
        FailingActivity,
        RecordStage,
    )
    from schemas.cohort.state import CohortState
    from schemas.enums import CohortStage, EmailKind, MilestoneKind, SkipReason, StaffReason
    from schemas.ids import COHORT_WORKFLOW, matching_queue
    from schemas.matching.messages import MatchCall, MatchRequest, MatchRunSummary, PublishCall
    from schemas.signals import Envelope
    from workflows.support.clock import ProgramClock
    from workflows.support.emails import StaffNotifier
    from workflows.support.options import BATCH, RECORD, REPORT
    from workflows.support.recording import record
    from workflows.support.retry import retry_until_success
    from workflows.support.search_attributes import SearchAttributes

# The page promises 30 days at most; digests begin in the week after the kickoff and are counted from 0.
WEEKS_NEEDS_ARE_KEPT = 3
# While staff's match or publication is at work, the cohort starts no mentorships and goes on in no new run.
MATCHED_WITHIN = timedelta(hours=1)
# An error that nobody expected is retried for so long before the cohort says that the campaign fails.
CAMPAIGN_WITHIN = timedelta(minutes=10)
Result = TypeVar("Result")


@workflow.defn(name=COHORT_WORKFLOW)
class CohortWorkflow:
    """Leads one class of the program from its applications to its report.

    Started by staff once the cohort is created. Before the kickoff it runs campaigns: when applications open, while
    mentors are needed, before applications close, when matches are proposed, before the half-day session. It waits for
    staff to match and publish, and starts a workflow for each pair on kickoff day. Then it emails staff a digest a week
    and writes the report when the last closure survey has closed. It ends when the last follow-up is in the report.

    Signals: ``proposal_answered`` (somebody answered a proposal) and ``upgrade_requested`` (an operator wants the
    current code now). Updates, all by staff: ``match``, ``publish``, ``reload_settings``, ``start``; and by the audit
    ``recover``. Queries: ``progress``, ``timeline`` (the campaigns to come) and ``state``.
    """

    @workflow.init
    def __init__(self, state: CohortState) -> None:
        self.state = state
        self.clock = ProgramClock(state.clock_offset)
        self.staff = StaffNotifier(state.cohort_id, self.clock)
        self.search_attributes = SearchAttributes(state.cohort_id)
        # Each run makes its plan anew, so no change of the settings is missed.
        self.plan_is_stale = True
        # Pairs are published before the mentorships start or not at all, and by one update at a time.
        self.pairs_lock = asyncio.Lock()
        self.is_upgrade_requested = False
        self.next_due_at: datetime | None = None
        self.busy = True
        self.phases: Mapping[CohortStage, Callable[[], Awaitable[None]]] = {
            CohortStage.IMPORTING: self.open_applications,
            CohortStage.APPLYING: self.wait_for_publication,
            CohortStage.MATCHING: self.wait_for_publication,
            CohortStage.PUBLISHED: self.wait_for_kickoff,
            CohortStage.STARTING: self.begin_mentorships,
            CohortStage.RUNNING: self.run_weekly_digests,
            CohortStage.REPORTING: self.complete_report,
        }

    @workflow.run
    async def run(self, _: CohortState) -> int:
        """Lead the cohort from stage to stage; return the number of mentorships."""
        # Each phase follows from the state alone, so that a new run goes on in the middle of one.
        while self.state.stage is not CohortStage.CLOSED:
            await self.phases[self.state.stage]()
        self.busy = False
        # Lists of what is due soon show no workflow that has ended.
        self.search_attributes.update_cohort(self.progress())
        return self.state.mentorships

    async def open_applications(self) -> None:
        """Let people apply, where the settings have a window for applications."""
        plan = await self.catch_up()
        await self.enter_stage(CohortStage.APPLYING if plan.accepts_applications else CohortStage.MATCHING)

    async def wait_for_publication(self) -> None:
        """Wait until staff have matched and published."""
        await self.run_until(lambda _: None, lambda: self.state.published_run is not None)
        # Another update may still match or publish.
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.enter_stage(CohortStage.PUBLISHED)

    async def wait_for_kickoff(self) -> None:
        """Wait for kickoff day; from then on the cohort's dates are fixed."""
        await self.run_until(lambda plan: plan.dates.kickoff_at, lambda: False)
        await self.catch_up()
        await self.enter_stage(CohortStage.STARTING)

    async def begin_mentorships(self) -> None:
        """Start a workflow for each pair that may start, once staff say who was there or the time for that is over."""
        starts_by = self.plan.dates.starts_by
        if awaits_attendance(self.state, self.plan.dates, self.clock.now()):
            await self.ask_for_attendance()
            await self.run_until(lambda _: starts_by, lambda: self.state.attendance_confirmed)
        await self.retry_until_success(self.start_mentorships)
        await self.skip_past_digests()
        if self.state.attendance_asked and not self.state.attendance_confirmed:
            await self.notify_staff(StaffReason.ATTENDANCE_UNCONFIRMED)
        await self.enter_stage(CohortStage.RUNNING)

    async def ask_for_attendance(self) -> None:
        """Ask staff who was there, once."""
        if not self.state.attendance_asked:
            await self.notify_staff(StaffReason.ATTENDANCE_DUE)
            self.update_state(attendance_asked=True)

    async def run_weekly_digests(self) -> None:
        """Email staff once a week what waits for them, until the last closure survey is in; then report."""
        await self.send_digests()
        await self.sleep_until(self.plan.dates.reports_at)
        # A mentorship that was paused or extended takes longer: the report waits for it, week by week.
        while await self.has_open_milestones(MilestoneKind.CLOSURE_SURVEY):
            late = a_week_later(self.plan.dates.reports_at, self.plan.time_zone)
            self.move_dates(reports_at=late, digests_at=(*self.plan.dates.digests_at, late))
            await self.send_digests()
        await self.enter_stage(CohortStage.REPORTING)
        await self.write_report()
        at = self.plan.dates.reports_at
        await self.staff.notify(EmailKind.STAFF_NOTE, "report_ready", at, StaffReason.REPORT_READY)

    async def complete_report(self) -> None:
        """Write the report once more when the last follow-up has closed, and close the cohort."""
        await self.sleep_until(self.plan.dates.followed_up_at)
        while await self.has_open_milestones(MilestoneKind.FOLLOW_UP):
            late = a_week_later(self.plan.dates.followed_up_at, self.plan.time_zone)
            self.move_dates(followed_up_at=late)
            await self.sleep_until(self.plan.dates.followed_up_at)
        await self.write_report()
        await self.enter_stage(CohortStage.CLOSED)

    async def send_digests(self) -> None:
        """Send each weekly digest to come at its moment, if there is anything to report."""
        while (number := self.state.digests_sent) < len(self.plan.dates.digests_at):
            at = self.plan.dates.digests_at[number]
            await self.sleep_until(at)
            # Counted once it is enqueued: a run that enqueues it again uses the same key, so it leaves once.
            await self.staff.notify(EmailKind.STAFF_DIGEST, f"week-{at:%Y-%m-%d}", at)
            if number == WEEKS_NEEDS_ARE_KEPT:
                await self.erase_needs()
            self.update_state(digests_sent=number + 1)

    async def skip_past_digests(self) -> None:
        """Leave out the digests of weeks that were over before the mentorships started, as in a cohort created late."""
        past = sum(at <= self.clock.now() for at in self.plan.dates.digests_at)
        if past > WEEKS_NEEDS_ARE_KEPT:
            await self.erase_needs()
        self.update_state(digests_sent=max(past, self.state.digests_sent))

    async def erase_needs(self) -> None:
        """Erase meals and access needs: the kickoff is over."""
        await workflow.execute_activity_method(
            ProposalActivities.erase_needs, self.call(), summary="erase meals and access needs", **RECORD
        )

    async def has_open_milestones(self, kind: MilestoneKind) -> bool:
        """Tell whether a mentorship of the cohort has not ended, or has a milestone of this kind open."""
        call = CountOpenMentorships(kind=kind, **self.call().model_dump())
        number = await record(Records.count_open_mentorships, call, f"mentorships with an open {kind}")
        return number > 0

    async def write_report(self) -> None:
        """Write the report from the rows as they are now."""
        await workflow.execute_activity_method(
            ClosureSurveys.write_report, self.call(), summary="closing report", **REPORT
        )

    async def enter_stage(self, stage: CohortStage) -> None:
        """Enter a stage and record it."""
        if stage is self.state.stage:
            return
        self.update_state(stage=stage)
        call = RecordStage(cohort_id=self.state.cohort_id, stage=stage, now=self.clock.now())
        await record(Records.record_stage, call, f"now {stage}")

    async def sleep_until(self, at: datetime) -> None:
        """Wait until a moment, and process late answers meanwhile."""
        await self.run_until(lambda _: at, lambda: False)

    async def run_until(self, at: Callable[[CohortPlan], datetime | None], done: Callable[[], bool]) -> None:
        """Run campaigns and process answers until a moment of the plan, or until ``done()``."""
        while not done():
            plan = await self.catch_up()
            until = at(plan)
            # What was changed or answered while a campaign ran may have moved that moment.
            if until and until <= self.clock.now() and not (self.plan_is_stale or self.state.has_new_answers):
                return
            self.continue_as_new_if_needed()
            next_campaign = next_campaign_at(self.state.campaigns, self.state.campaigns_done)
            moment = min(filter(None, (until, next_campaign)), default=None)
            await self.wait_until(moment, lambda: done() or self.is_interrupted())

    async def wait_until(self, at: datetime | None, interrupted: Callable[[], bool]) -> None:
        """Wait until a moment, or without one for ever, unless something comes first."""
        self.update_state(failing_activity=None)
        self.next_due_at, self.busy = at, False
        self.search_attributes.update_cohort(self.progress())
        if at is None:
            await workflow.wait_condition(interrupted)
        else:
            await self.clock.wait_until(at, interrupted, self.timer_summary(at))
        self.next_due_at, self.busy = None, True

    def is_interrupted(self) -> bool:
        """Tell whether something must be done before the next moment."""
        return self.state.has_new_answers or self.plan_is_stale or self.should_continue_as_new()

    def timer_summary(self, at: datetime) -> str:
        """Return what operators read beside the timer."""
        kinds = {campaign.kind for campaign in self.timeline() if campaign.at == at}
        if kinds:
            return f"campaign: {', '.join(sorted(kinds))}"
        starting = self.state.stage is CohortStage.STARTING
        return "staff confirm who was there" if starting else "kickoff: the mentorships start"

    async def catch_up(self) -> CohortPlan:
        """Do everything that was answered, changed or fell due; return the plan as it is then."""
        plan = await self.make_plan() if self.state.plan is None or self.plan_is_stale else self.plan
        due = due_campaigns(self.state.campaigns, self.state.history, self.clock.now())
        if are_answers_due(self.state, due):
            await self.process_answers()
        # Before any campaign runs: a new run must not take an older one for the newest.
        await self.skip_campaigns(due.skipped)
        for campaign in due.run:
            await self.run_campaign(campaign)
        return plan

    async def skip_campaigns(self, skipped: tuple[SkippedCampaign, ...]) -> None:
        """Leave campaigns out, and record that for staff."""
        if not skipped:
            return
        call = RecordSkipped(skipped=skipped, **self.call().model_dump())
        await record(Records.record_skipped, call, "campaigns left out")
        self.state = with_done(self.state, *(one.campaign for one in skipped))

    async def make_plan(self) -> CohortPlan:
        """Plan the cohort by its settings; if the kickoff has moved, everybody who was invited gets an email."""
        self.plan_is_stale = False
        call = PlanCohort(published_at=self.state.published_at, **self.call().model_dump())
        plan = await self.retry_until_success(lambda: record(Records.plan_cohort, call, "plan"))
        self.state = with_plan(self.state, plan, self.clock.now())
        return self.plan

    async def run_campaign(self, campaign: Campaign) -> None:
        """Email everybody a campaign concerns, once; one that fails until what it is about is over is left out."""
        call = CampaignCall(campaign=campaign, **self.call().model_dump())

        async def emailed() -> bool:
            # Or a fault in one campaign would hold up the kickoff.
            if is_over(campaign, self.clock.now()):
                return False
            await workflow.execute_activity_method(
                Campaigns.run_campaign,
                call,
                summary=f"campaign: {campaign.kind} {campaign.number}",
                schedule_to_close_timeout=CAMPAIGN_WITHIN,
                **RECORD,
            )
            return True

        if await self.retry_until_success(emailed):
            self.state = with_run(self.state, campaign, self.clock.now())
        else:
            await self.skip_campaigns((SkippedCampaign(campaign=campaign, why=SkipReason.OVER),))

    async def process_answers(self) -> None:
        """Match anew where a proposal was declined, and invite those whose match is final by now."""
        answers = self.state.answers_received
        summary = await workflow.execute_activity_method(
            ProposalActivities.collect_answers, self.call(), summary="answers to proposals", **RECORD
        )
        if summary.declined and not self.state.stage.started:
            await self.match_again()
        if summary.declined or summary.asked:
            now = self.clock.now()
            # Their number, too: others may come within the minute.
            subject = f"answers-{now:%Y-%m-%dT%H:%M}-{answers}"
            await self.staff.notify(EmailKind.STAFF_NOTE, subject, now, StaffReason.PROPOSAL_DECLINED)
        if invitation := invitation_to_repeat(self.state.campaigns, self.state.history, self.clock.now()):
            await self.run_campaign(invitation)
        # The count from before: an answer that came meanwhile is processed next.
        self.update_state(answers_processed=answers)

    async def match_again(self) -> None:
        """Draft a match run that keeps what both sides committed to."""
        request = await workflow.execute_activity_method(
            ProposalActivities.build_match_request, self.call(), summary="what a new match run has to keep", **RECORD
        )
        try:
            await self.run_match(request)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            # The note about the decline reaches staff all the same; they match by themselves.
            workflow.logger.warning("no_match_run_after_a_decline", extra={"cohort": self.state.cohort_id})

    async def run_match(self, request: MatchRequest) -> MatchRunSummary:
        """Match the applications as they are now; the result is a draft."""
        summary = await workflow.execute_activity_method(
            MatchingActivities.match_cohort,
            MatchCall(cohort_id=self.state.cohort_id, now=self.clock.now(), request=request),
            task_queue=matching_queue(workflow.info().task_queue),
            summary="match",
            schedule_to_close_timeout=MATCHED_WITHIN,
            **BATCH,
        )
        # The same applications are the same draft, so a run may have an older number.
        self.update_state(match_run=max(summary.run, self.state.match_run or 0))
        return summary

    async def start_mentorships(self) -> int:
        """Start who may start, and email staff who has to wait; return how many mentorships there are."""
        # No publication may change pairs while their mentorships start.
        async with self.pairs_lock:
            result = await workflow.execute_activity_method(
                StartActivities.start_mentorships, self.call(), summary="start the mentorships", **BATCH
            )
        self.update_state(mentorships=result.count)
        if result.held_back:
            await self.notify_staff(StaffReason.NOT_STARTED)
        return result.count

    async def notify_staff(self, reason: StaffReason) -> None:
        """Email staff a note about the whole cohort, at most once a day for each reason."""
        now = self.clock.now()
        await self.staff.notify(EmailKind.STAFF_NOTE, f"{reason}-{now:%Y-%m-%d}", now, reason, automatic=False)

    async def retry_until_success(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Retry what the cohort cannot go on without, every ten minutes; ``cohort show`` tells operators about it."""
        return await retry_until_success(
            attempt, on_failure=self.note_failure, before_retry=self.continue_as_new_if_needed
        )

    def note_failure(self, activity: str) -> None:
        """Note which activity fails, and since when, until the cohort waits again."""
        workflow.logger.warning("activity_failed", extra={"cohort": self.state.cohort_id, "activity": activity})
        before = self.state.failing_activity
        since = before.since if before and before.activity == activity else self.clock.now()
        self.update_state(failing_activity=FailingActivity(activity=activity, since=since))

    def should_continue_as_new(self) -> bool:
        """Tell whether a new run is wanted, and no handler is at work."""
        # A handler that still runs would be lost with its run.
        wanted = self.is_upgrade_requested or workflow.info().is_continue_as_new_suggested()
        return wanted and workflow.all_handlers_finished()

    def continue_as_new_if_needed(self) -> None:
        """Go on in a new run with the whole state, on the current version of this code, if one is wanted."""
        if self.should_continue_as_new():
            workflow.continue_as_new(
                self.state, initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE
            )

    @workflow.signal
    def proposal_answered(self, _: Envelope) -> None:
        """Count that somebody answered a proposal; who and how is read from PostgreSQL."""
        self.update_state(answers_received=self.state.answers_received + 1)

    @workflow.signal
    def upgrade_requested(self) -> None:
        """Continue as new soon, so that the current version of the code takes over."""
        self.is_upgrade_requested = True

    @workflow.update
    async def match(self, request: MatchRequest = MatchRequest()) -> MatchRunSummary:  # noqa: B008 - it is frozen
        """Match the applications as they are now; the result is a draft."""
        return await self.run_match(request)

    @match.validator
    def validate_match(self, request: MatchRequest = MatchRequest()) -> None:  # noqa: B008
        """Refuse to match once the pairs are final."""
        self.require_open_pairs()

    @workflow.update
    async def publish(self, run: int, waived: bool = False) -> int:
        """Publish a draft; return the number of pairs.

        Where both sides are asked first, another run may be published as long as the mentorships have not started:
        only new pairs are asked. ``waived`` lets pairs break a rule; staff's note why is in the audit trail.
        """
        async with self.pairs_lock:
            # The validator ran before this update waited for the lock.
            self.require_open_pairs()
            return await self.publish_and_propose(run, waived=waived)

    @publish.validator
    def validate_publish(self, run: int, waived: bool = False) -> None:
        """Refuse to publish what is no draft of this cohort, and anything once the pairs are final."""
        self.require_open_pairs()
        if self.state.match_run is None:
            raise ApplicationError(f"There is no match run {run}; match first.")
        if not 1 <= run <= self.state.match_run:
            raise ApplicationError(f"There is no match run {run}; the newest is {self.state.match_run}.")

    async def publish_and_propose(self, run: int, *, waived: bool) -> int:
        """Publish a draft, and propose its pairs where both sides are asked; return the number of pairs."""
        pairs = await workflow.execute_activity_method(
            MatchingActivities.publish_matches,
            PublishCall(cohort_id=self.state.cohort_id, run=run, waived=waived, now=self.clock.now()),
            task_queue=matching_queue(workflow.info().task_queue),
            summary=f"publish match run {run}",
            schedule_to_close_timeout=MATCHED_WITHIN,
            **RECORD,
        )
        # The settings may have changed just now; where nobody is asked, the activity does nothing.
        if self.state.plan is None or self.plan_is_stale or self.plan.sends_proposals:
            await workflow.execute_activity_method(
                ProposalActivities.propose_matches, self.call(), summary="propose", **RECORD
            )
        self.state = with_publication(self.state, run, self.clock.now())
        self.plan_is_stale = True
        return pairs

    @workflow.update
    async def reload_settings(self) -> None:
        """Follow the settings, which were changed."""
        self.plan_is_stale = True

    @workflow.update
    async def recover(self, recovery: CohortRecovery) -> None:
        """Take in what PostgreSQL knows and this workflow has not heard of, as after a restore."""
        self.state = with_recovery(self.state, recovery)
        self.plan_is_stale = True

    @workflow.update
    async def start(self) -> int:
        """Start the mentorships that may start by now and have not; return how many there are.

        On kickoff day this is how staff confirm who was there.
        """
        count = await self.start_mentorships()
        self.update_state(attendance_confirmed=True)
        return count

    @start.validator
    def validate_start(self) -> None:
        """Refuse before kickoff day."""
        if why := not_startable_because(self.state.stage):
            raise ApplicationError(why)

    def require_open_pairs(self) -> None:
        """Refuse a step that would change pairs which are final."""
        plan = self.state.plan
        why = why_pairs_are_final(
            self.state.published_run,
            asks_first=plan is not None and plan.sends_proposals,
            started=self.state.stage.started,
            kickoff_at=plan.dates.kickoff_at if plan else None,
            now=self.clock.now(),
        )
        if why:
            raise ApplicationError(why)

    @workflow.query
    def progress(self) -> CohortOverview:
        """Return the stage, and what the cohort waits for."""
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

    @workflow.query
    def timeline(self) -> tuple[Campaign, ...]:
        """Return the campaigns to come."""
        done = self.state.campaigns_done
        return tuple(campaign for campaign in self.state.campaigns if campaign_name(campaign) not in done)

    @workflow.query(name="state")
    def get_state(self) -> CohortState:
        """Return the whole state, for previews of what a step would lead to."""
        return self.state

    @property
    def plan(self) -> CohortPlan:
        """Return the plan, which every phase makes before anything else."""
        if self.state.plan is None:
            raise LookupError("The cohort has no plan yet.")
        return self.state.plan

    def move_dates(self, **dates: object) -> None:
        """Change dates of the plan."""
        moved = self.plan.dates.model_copy(update=dates)
        self.update_state(plan=self.plan.model_copy(update={"dates": moved}))

    def call(self) -> CohortCall:
        """Return what an activity needs to know of the cohort."""
        return CohortCall(cohort_id=self.state.cohort_id, now=self.clock.now(), clock_offset=self.state.clock_offset)

    def update_state(self, **changes: object) -> None:
        """Replace fields of the state."""
        self.state = self.state.model_copy(update=changes)
