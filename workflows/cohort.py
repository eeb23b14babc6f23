"""One cohort, from its first applications to the closing report: the subcommittee's memory."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.closure_surveys import ClosureSurveys
    from activities.proposals import ProposalActivities
    from activities.records import Records
    from schemas.cohort.messages import CountOpenMentorships
    from schemas.cohort.state import CohortState
    from schemas.enums import CohortStage, EmailKind, MilestoneKind, StaffReason
    from schemas.ids import COHORT_WORKFLOW
    from workflows.cohort_staff import CohortUnderStaff
    from workflows.support.options import LONG, RECORD

A_WEEK = timedelta(days=7)
# The page promises 30 days at most; the digests begin in the week after the kickoff, counted from 0.
WEEKS_NEEDS_ARE_KEPT = 3


@workflow.defn(name=COHORT_WORKFLOW)
class CohortWorkflow(CohortUnderStaff):
    """Leads one class of the program from its applications to its report.

    Staff start it once the cohort is created. It writes to people in rounds: when applications open, while mentors are
    needed, before they close, when matches are proposed. Staff have it match and publish; on kickoff day it starts a
    workflow for each pair; once a week it tells staff what waits for them; when the last closure survey has closed it
    writes the report and tells staff, and ends when the last follow-up is in it too. When its history grows long, or
    an operator nudges it, it goes on in a fresh run.
    """

    @workflow.init
    def __init__(self, state: CohortState) -> None:
        super().__init__(state)
        self.stages: dict[CohortStage, Callable[[], Awaitable[None]]] = {
            CohortStage.IMPORTING: self.open,
            CohortStage.APPLYING: self.gather,
            CohortStage.MATCHING: self.gather,
            CohortStage.PUBLISHED: self.wait_for_kickoff,
            CohortStage.STARTING: self.begin,
            CohortStage.RUNNING: self.accompany,
            CohortStage.REPORTING: self.complete_the_report,
        }

    @workflow.run
    async def run(self, _: CohortState) -> int:
        """Lead the cohort from stage to stage; return the number of mentorships.

        Each stage is lived from what the state says is still to come, so that a fresh run goes on in the middle of one.
        """
        self.post.keep_trying(*self.state.deferred_emails)
        while self.state.stage is not CohortStage.CLOSED:
            await self.stages[self.state.stage]()
        self.busy = False
        return self.state.mentorships

    async def open(self) -> None:
        """Let people apply where they do that here."""
        plan = await self.up_to_date()
        await self.reach(CohortStage.APPLYING if plan.accepts_applications else CohortStage.MATCHING)

    async def gather(self) -> None:
        """Wait for staff to match and publish."""
        await self.live_until(lambda _: None, lambda: self.state.published_run is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.reach(CohortStage.PUBLISHED)

    async def wait_for_kickoff(self) -> None:
        """Let kickoff day come, or find that it is past; from now on the cohort's dates stand."""
        await self.live_until(lambda plan: plan.dates.kickoff_at, lambda: False)
        await self.up_to_date()
        await self.reach(CohortStage.STARTING)

    async def begin(self) -> None:
        """Start the mentorships."""
        await self.insist(self.start_mentorships)
        await self.reach(CohortStage.RUNNING)

    async def accompany(self) -> None:
        """Tell staff once a week what waits for them, until the last closure survey is in; then report.

        A mentorship that takes longer, because it was paused or extended, is waited for week by week.
        """
        await self.send_digests()
        await self.sleep_until(self.plan.dates.reports_at)
        while await self.somebody_is_still_asked(MilestoneKind.CLOSURE_SURVEY):
            late = self.plan.dates.reports_at + A_WEEK
            self.move_dates(reports_at=late, digests_at=(*self.plan.dates.digests_at, late))
            await self.send_digests()
        await self.report()

    async def send_digests(self) -> None:
        """Tell staff at each of the weekly moments to come what waits for them, if anything does."""
        while (number := self.state.digests_sent) < len(self.plan.dates.digests_at):
            at = self.plan.dates.digests_at[number]
            await self.sleep_until(at)
            await self.post.tell_staff(EmailKind.STAFF_DIGEST, f"week-{at:%Y-%m-%d}", at)
            if number == WEEKS_NEEDS_ARE_KEPT:
                await self.forget_needs()
            self.remember(digests_sent=number + 1)

    def move_dates(self, **dates: object) -> None:
        """Put off what the cohort is to wait for."""
        moved = self.plan.dates.model_copy(update=dates)
        self.remember(plan=self.plan.model_copy(update={"dates": moved}))

    async def forget_needs(self) -> None:
        """Forget what people need at table and to take part; the kickoff is over."""
        await workflow.execute_activity_method(
            ProposalActivities.erase_needs, self.call(), summary="forget meals and access needs", **RECORD
        )

    async def somebody_is_still_asked(self, kind: MilestoneKind) -> bool:
        """Tell whether a mentorship of the cohort has not ended yet, or has something of this kind still open."""
        call = CountOpenMentorships(kind=kind, **self.call().model_dump())
        return bool(
            await workflow.execute_activity_method(
                Records.count_open_mentorships, call, summary=f"mentorships with an open {kind}", **RECORD
            )
        )

    async def report(self) -> None:
        """Write the report and tell staff that it is there."""
        await self.reach(CohortStage.REPORTING)
        await self.write_report()
        at = self.plan.dates.reports_at
        await self.post.tell_staff(EmailKind.STAFF_NOTE, "report_ready", at, StaffReason.REPORT_READY)

    async def complete_the_report(self) -> None:
        """Write the report once more when the last follow-up has closed; then the cohort is closed."""
        await self.sleep_until(self.plan.dates.followed_up_at)
        while await self.somebody_is_still_asked(MilestoneKind.FOLLOW_UP):
            self.move_dates(followed_up_at=self.plan.dates.followed_up_at + A_WEEK)
            await self.sleep_until(self.plan.dates.followed_up_at)
        await self.write_report()
        await self.reach(CohortStage.CLOSED)

    async def write_report(self) -> None:
        """Have the report written from the rows as they are."""
        await workflow.execute_activity_method(
            ClosureSurveys.write_report, self.call(), summary="closing report", **LONG
        )

    async def sleep_until(self, at: datetime) -> None:
        """Let time pass until a moment, with an ear for late answers."""
        await self.live_until(lambda _: at, lambda: False)
