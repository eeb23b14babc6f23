"""Staff's hand on a cohort: matching, publishing, moving its dates, starting who came late."""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.matching import MatchingActivities
    from activities.proposals import ProposalActivities
    from activities.start import StartActivities
    from schemas.cohort.state import CohortState
    from schemas.enums import EmailKind, StaffReason
    from schemas.ids import matching_queue
    from schemas.matching.messages import MatchRequest, MatchRunSummary, PublishCall
    from workflows.cohort_rounds import CohortRounds
    from workflows.support.options import LONG, RECORD, SILENT_AFTER


class CohortUnderStaff(CohortRounds):
    """Takes in staff's steps: ``match``, ``publish``, ``reload_settings`` and ``start``."""

    def __init__(self, state: CohortState) -> None:
        super().__init__(state)
        # Pairs are published before the mentorships start or not at all, and by one of two who do it at once.
        self.pairs = asyncio.Lock()

    @workflow.update
    async def match(self, request: MatchRequest = MatchRequest()) -> MatchRunSummary:  # noqa: B008 - it is frozen
        """Match the applications as they are now and keep the result as a draft."""
        return await self.run_match(request)

    @match.validator
    def refuse_match_once_it_stands(self, request: MatchRequest = MatchRequest()) -> None:  # noqa: B008
        """Refuse to match once the pairs stand."""
        self.refuse_where_the_pairs_stand()

    @workflow.update
    async def publish(self, run: int, waived: bool = False) -> int:
        """Make one draft the cohort's matches; return the number of pairs.

        Where both sides are asked first, another run may be published as long as the mentorships have not started:
        only new pairs are asked. ``waived`` lets pairs pass that break a rule; staff's note why stands in the audit
        trail.
        """
        async with self.pairs:
            self.refuse_where_the_pairs_stand()
            return await self.publish_and_propose(run, waived=waived)

    @publish.validator
    def refuse_unknown_run(self, run: int, waived: bool = False) -> None:
        """Refuse to publish what was not drafted here, and anything once the pairs stand."""
        self.refuse_where_the_pairs_stand()
        if self.state.match_run is None:
            raise ApplicationError(f"There is no match run {run}; match first.")
        if not 1 <= run <= self.state.match_run:
            raise ApplicationError(f"There is no match run {run}; the newest is {self.state.match_run}.")

    async def publish_and_propose(self, run: int, *, waived: bool) -> int:
        """Make one draft the cohort's matches, and ask both sides where they are asked; return the number of pairs."""
        pairs = await workflow.execute_activity_method(
            MatchingActivities.publish_matches,
            PublishCall(cohort_id=self.state.cohort_id, run=run, waived=waived, now=self.clock.now()),
            task_queue=matching_queue(workflow.info().task_queue),
            summary=f"publish match run {run}",
            **RECORD,
        )
        # Whether both sides are asked may have been changed just now; where they are not, this does nothing.
        if self.state.plan is None or self.outdated or self.plan.sends_proposals:
            await workflow.execute_activity_method(
                ProposalActivities.propose_matches, self.call(), summary="propose", **RECORD
            )
        self.remember(published_run=run, published_at=(*self.state.published_at, self.clock.now()))
        self.outdated = True
        if self.invited:
            # Matches that stand from now on are invited with the others.
            self.remember(answers_received=self.state.answers_received + 1)
        return pairs

    def refuse_where_the_pairs_stand(self) -> None:
        """Refuse a step that would change pairs which have been told for good."""
        begins = self.state.plan is not None and self.plan.dates.kickoff_at <= self.clock.now()
        if self.state.published_run is not None and (self.started or begins or not self.asked_first):
            raise ApplicationError(f"Match run {self.state.published_run} is published; the pairs stand.")

    @workflow.update
    async def reload_settings(self) -> None:
        """Follow the settings after they were changed."""
        self.outdated = True

    @workflow.update
    async def start(self) -> int:
        """Start the mentorships that may start by now and have not; return how many there are."""
        return await self.start_mentorships()

    @start.validator
    def refuse_before_kickoff(self) -> None:
        """Refuse before kickoff day, when everybody starts anyway."""
        if not self.started:
            raise ApplicationError("The mentorships start by themselves on kickoff day.")

    async def start_mentorships(self) -> int:
        """Start who may start, and tell staff once who has to wait; return how many mentorships there are."""
        async with self.pairs:
            result = await workflow.execute_activity_method(
                StartActivities.start_mentorships,
                self.call(),
                summary="start the mentorships",
                heartbeat_timeout=SILENT_AFTER,
                **LONG,
            )
        self.remember(mentorships=result.count)
        if result.held_back:
            now = self.clock.now()
            await self.post.tell_staff(
                EmailKind.STAFF_NOTE, f"not_started-{now:%Y-%m-%d}", now, StaffReason.NOT_STARTED
            )
        return result.count
