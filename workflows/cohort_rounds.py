"""Writing to all of a cohort's people in their turn, and seeing to what they answer, until its mentorships begin."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.campaigns import Campaigns
    from activities.matching import MatchingActivities
    from activities.proposals import ProposalActivities
    from activities.records import Records
    from domain.cohort.campaigns import campaign_name, due_campaigns, next_campaign_at
    from schemas.cohort.campaigns import Campaign, CampaignCall, CohortPlan, PlanCohort
    from schemas.cohort.state import CohortState
    from schemas.enums import CampaignKind, EmailKind, StaffReason
    from schemas.ids import matching_queue
    from schemas.matching.messages import MatchCall, MatchRequest, MatchRunSummary
    from schemas.signals import Envelope
    from workflows.cohort_standing import CohortStanding
    from workflows.support.options import LONG, RECORD, SILENT_AFTER


class CohortRounds(CohortStanding):
    """Holds a cohort's rounds; it answers ``timeline`` and takes in ``proposal_answered``."""

    def __init__(self, state: CohortState) -> None:
        super().__init__(state)
        # Each run looks ahead anew, so nothing that was changed meanwhile is missed.
        self.outdated = True

    @workflow.query
    def timeline(self) -> tuple[Campaign, ...]:
        """Tell which rounds are still to come."""
        planned = self.state.plan.campaigns if self.state.plan else ()
        return tuple(each for each in planned if campaign_name(each) not in self.state.campaigns_done)

    @workflow.signal
    def proposal_answered(self, _: Envelope) -> None:
        """Take in that somebody said something to the match proposed to them; what, is read from PostgreSQL."""
        self.remember(answers_received=self.state.answers_received + 1)

    @property
    def answered(self) -> bool:
        """Tell whether something was said about proposals that was not seen to yet."""
        return self.state.answers_received > self.state.answers_processed

    async def live_until(self, at: Callable[[CohortPlan], datetime | None], done: Callable[[], bool]) -> None:
        """Let time pass until a moment of the plan, or until something is done, and see to what falls due meanwhile."""
        while not done():
            plan = await self.up_to_date()
            until = at(plan)
            # What was changed or answered while a round was held may have moved that moment.
            if until and until <= self.clock.now() and not (self.outdated or self.answered):
                return
            if self.page_is_full():
                self.turn_the_page()
            moment = min(
                filter(None, (until, next_campaign_at(plan.campaigns, self.state.campaigns_done))), default=None
            )
            await self.rest(moment, lambda: done() or self.called, self.awaited(moment))

    @property
    def called(self) -> bool:
        """Tell whether something is to be seen to before the next moment."""
        return self.answered or self.outdated or self.page_is_full()

    async def up_to_date(self) -> CohortPlan:
        """See to everything that was answered, changed or fell due; return the plan as it is then."""
        plan = await self.look_ahead() if self.state.plan is None or self.outdated else self.plan
        now_due, left_out = due_campaigns(
            plan.campaigns, self.state.campaigns_done, self.clock.now(), kickoff_at=plan.dates.kickoff_at
        )
        # A signal that got lost is made up for at the next round.
        if self.answered or (now_due and self.asked_first and not self.started):
            await self.see_to_answers(plan)
        # First, so that a fresh run does not take the older one for the newest once that was held.
        self.tick_off(*left_out)
        for each in now_due:
            await self.hold(each)
        return plan

    async def look_ahead(self) -> CohortPlan:
        """Have the plan drawn up anew from the settings, and tell people where the kickoff was moved to, if it was."""
        self.outdated = False
        call = PlanCohort(published_at=self.state.published_at, **self.call().model_dump())
        plan = await self.insist(
            lambda: workflow.execute_activity_method(Records.plan_cohort, call, summary="plan", **RECORD)
        )
        if plan.kickoff_fingerprint != self.state.kickoff_fingerprint and self.invited and not self.started:
            self.remember(kickoff_notice=Campaign(kind=CampaignKind.KICKOFF_CHANGED, at=self.clock.now()))
        dates = self.plan.dates if self.started else plan.dates
        self.remember(plan=plan.model_copy(update={"dates": dates}), kickoff_fingerprint=plan.kickoff_fingerprint)
        await self.tell_of_the_move()
        return self.plan

    async def tell_of_the_move(self) -> None:
        """Tell people where the kickoff was moved to, if they are still to be told."""
        if self.state.kickoff_notice:
            await self.hold(self.state.kickoff_notice)
            self.remember(kickoff_notice=None)

    @property
    def plan(self) -> CohortPlan:
        """Return what lies ahead, once the cohort has looked ahead."""
        if self.state.plan is None:
            raise LookupError("A cohort looks ahead before anything else.")
        return self.state.plan

    @property
    def asked_first(self) -> bool:
        """Tell whether matches are out that both sides are asked about before they stand."""
        return self.state.plan is not None and self.plan.sends_proposals and self.state.published_run is not None

    @property
    def invited(self) -> bool:
        """Tell whether people were told where and when the kickoff is."""
        return any(held.startswith(f"{CampaignKind.KICKOFF}-") for held in self.state.campaigns_done)

    async def hold(self, each: Campaign) -> None:
        """Write to everybody a round concerns, once."""
        call = CampaignCall(campaign=each, **self.call().model_dump())
        await self.insist(
            lambda: workflow.execute_activity_method(
                Campaigns.run_campaign,
                call,
                summary=f"round: {each.kind} {each.number}",
                heartbeat_timeout=SILENT_AFTER,
                **LONG,
            )
        )
        self.tick_off(each)

    def tick_off(self, *rounds: Campaign) -> None:
        """Remember that rounds are done with."""
        news = tuple(campaign_name(each) for each in rounds if campaign_name(each) not in self.state.campaigns_done)
        self.remember(campaigns_done=self.state.campaigns_done + news)

    async def see_to_answers(self, plan: CohortPlan) -> None:
        """Look for another match where one was declined, and invite those whose match stands by now."""
        answers = self.state.answers_received
        settled = await workflow.execute_activity_method(
            ProposalActivities.collect_answers, self.call(), summary="answers to proposals", **RECORD
        )
        if settled.declined and not self.started:
            await self.match_anew()
        if settled.declined or settled.asked:
            now = self.clock.now()
            subject = f"answers-{now:%Y-%m-%dT%H:%M}"
            await self.post.tell_staff(EmailKind.STAFF_NOTE, subject, now, StaffReason.PROPOSAL_DECLINED)
        invitations = [each for each in plan.campaigns if each.kind is CampaignKind.KICKOFF]
        for each in (each for each in invitations[:1] if campaign_name(each) in self.state.campaigns_done):
            await self.hold(each)
        self.remember(answers_processed=answers)

    async def match_anew(self) -> None:
        """Draw up a draft that keeps what both sides committed to; where there is none, staff find none."""
        wishes = await workflow.execute_activity_method(
            ProposalActivities.build_match_request, self.call(), summary="what a new match run has to keep", **RECORD
        )
        try:
            await self.run_match(wishes)
        except ActivityError:
            workflow.logger.warning("no_match_run_after_a_decline", extra={"cohort": self.state.cohort_id})

    async def run_match(self, request: MatchRequest) -> MatchRunSummary:
        """Match the applications as they are now and keep the result as a draft."""
        summary = await workflow.execute_activity_method(
            MatchingActivities.match_cohort,
            MatchCall(cohort_id=self.state.cohort_id, now=self.clock.now(), request=request),
            task_queue=matching_queue(workflow.info().task_queue),
            summary="match",
            heartbeat_timeout=SILENT_AFTER,
            **LONG,
        )
        self.remember(match_run=max(summary.run, self.state.match_run or 0))
        return summary

    def awaited(self, moment: datetime | None) -> str:
        """Return what operators read beside the timer."""
        kinds = {each.kind for each in self.timeline() if each.at == moment}
        return f"round: {', '.join(sorted(kinds))}" if kinds else "kickoff: the mentorships start"
