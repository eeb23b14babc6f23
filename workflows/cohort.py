"""One cohort, from its first applications to the closing report: the subcommittee's memory."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.closure_surveys import ClosureSurveys
    from activities.proposals import Proposals
    from activities.records import Records
    from schemas.ids import COHORT_WORKFLOW
    from schemas.messages import CohortDates, CohortState, CountOpen
    from schemas.words import CohortStage, EmailKind, MilestoneKind, StaffReason
    from workflows.cohort_staff import CohortUnderStaff
    from workflows.options import LONG, RECORD

A_WEEK = timedelta(days=7)
# The page promises 30 days at most; the digests begin in the week after the kickoff, counted from 0.
WEEKS_NEEDS_ARE_KEPT = 3


@workflow.defn(name=COHORT_WORKFLOW)
class CohortWorkflow(CohortUnderStaff):
    """Leads one class of the programme from its applications to its report.

    Staff start it once the cohort is created. It writes to people in rounds: when applications open, while mentors are
    needed, before they close, when matches are proposed. Staff have it match and publish; on kickoff day it starts a
    workflow for each pair; once a week it tells staff what waits for them; when the last closure survey has closed it
    writes the report and tells staff, and ends when the last follow-up is in it too.
    """

    @workflow.init
    def __init__(self, state: CohortState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, _: CohortState) -> int:
        """Lead the cohort through its stages; return the number of mentorships."""
        await self.gather()
        dates = await self.begin()
        await self.report(await self.accompany(dates))
        await self.complete_the_report(dates.followed_up_at)
        self.busy = False
        return self.state.mentorships

    async def gather(self) -> None:
        """Let people apply where they do that here, and wait for staff to match and publish."""
        plan = await self.up_to_date()
        await self.reach(CohortStage.APPLYING if plan.applies else CohortStage.MATCHING)
        await self.live_until(lambda _: None, lambda: self.state.published_run is not None)
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self.reach(CohortStage.PUBLISHED)

    async def begin(self) -> CohortDates:
        """Start the mentorships on kickoff day, or at once where that is past; return the dates, which now stand."""
        await self.live_until(lambda plan: plan.dates.kickoff_at, lambda: False)
        plan = await self.up_to_date()
        await self.reach(CohortStage.STARTING)
        await self.insist(self.start_mentorships)
        return plan.dates

    async def accompany(self, dates: CohortDates) -> datetime:
        """Tell staff once a week what waits for them, until the last closure survey is in; return that moment.

        A mentorship that takes longer, because it was paused or extended, is waited for week by week.
        """
        await self.reach(CohortStage.RUNNING)
        for number, at in enumerate(dates.digests_at):
            await self.send_digest(at)
            if number == WEEKS_NEEDS_ARE_KEPT:
                await self.forget_needs()
        await self.sleep_until(dates.reports_at)
        late = dates.reports_at
        while await self.somebody_is_still_asked(MilestoneKind.CLOSURE_SURVEY):
            late += A_WEEK
            await self.send_digest(late)
        return late

    async def send_digest(self, at: datetime) -> None:
        """Tell staff at a moment what waits for them, if anything does."""
        await self.sleep_until(at)
        await self.post.tell_staff(EmailKind.STAFF_DIGEST, f"week-{at:%Y-%m-%d}", at)

    async def forget_needs(self) -> None:
        """Forget what people need at table and to take part; the kickoff is over."""
        await workflow.execute_activity_method(
            Proposals.forget_needs, self.call(), summary="forget meals and access needs", **RECORD
        )

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
        await self.sleep_until(at)
        while await self.somebody_is_still_asked(MilestoneKind.FOLLOW_UP):
            at += A_WEEK
            await self.sleep_until(at)
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
