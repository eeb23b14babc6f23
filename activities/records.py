"""Keeping the programme's records: plans, closings, progress, and the start of a cohort's mentorships."""

from datetime import UTC, datetime, timedelta

import asyncpg
from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import timeline
from domain.calendar import end_of, first_morning_from, months_after, morning
from domain.terms import terms_of
from schemas.cohort import CohortSettings
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_workflow_id
from schemas.mentorship import MentorshipState, Plan
from schemas.messages import CloseMilestone, CohortCall, CohortDates, CohortStageReached, DrawUpPlan, RecordProgress
from storage import cohorts, mentorships

STARTS_BEFORE_THE_FIRST_EMAIL = timedelta(hours=1)


class Records:
    """Writes what workflows decide into PostgreSQL, and starts mentorships from what PostgreSQL says."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn
    async def draw_up_plan(self, call: DrawUpPlan) -> Plan:
        """Draw up a mentorship's plan and keep its milestones; a second run moves only what is not closed."""
        plan = timeline.plan(call.terms, call.now)
        await mentorships.save_plan(self._pool, call.terms.mentorship_id, plan)
        return plan

    @activity.defn
    async def close_milestone(self, call: CloseMilestone) -> None:
        """Keep how a milestone closed; the first closing stands, so a second run changes nothing."""
        await mentorships.close_milestone(self._pool, call.mentorship_id, call.closing, call.now)

    @activity.defn
    async def record_progress(self, call: RecordProgress) -> None:
        """Keep where a mentorship stands; a second run writes the same."""
        await mentorships.record_progress(self._pool, call)

    @activity.defn
    async def reach_stage(self, call: CohortStageReached) -> None:
        """Keep where a cohort stands, and that it got there; a second run adds an equal event."""
        await cohorts.set_stage(self._pool, call.cohort_id, call.stage, call.now)
        await cohorts.save_audit_event(
            self._pool, call.now, cohort_id=call.cohort_id, actor="workflow", action=f"reached_{call.stage}"
        )

    @activity.defn
    async def look_up_cohort(self, call: CohortCall) -> CohortDates:
        """Return a cohort's dates from its settings. Only reads."""
        return _dates(await cohorts.cohort_settings(self._pool, call.cohort_id))

    @activity.defn
    async def start_mentorships(self, call: CohortCall) -> int:
        """Start a workflow for every published pair and return how many there are.

        Ids are derived from the pairs, and a workflow that runs or has run is left alone: safe to run again after a
        crash at any point.
        """
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        matches = await cohorts.published_matches(self._pool, call.cohort_id)
        starts_on, ends_on = settings.kickoff, months_after(settings.kickoff, settings.timeline.months)
        ids = await mentorships.save_pairs(
            self._pool, call.cohort_id, matches, starts_on=starts_on, ends_on=ends_on, now=call.now
        )
        offset = call.now - datetime.now(UTC) if call.clock_offset else timedelta(0)
        for done, mentorship in enumerate(ids, start=1):
            pair = await mentorships.partners(self._pool, mentorship)
            terms = terms_of(settings, mentorship, goals=len(pair.goals))
            await self._start(MentorshipState(terms=terms, clock_offset=offset))
            activity.heartbeat(done)
        return len(ids)

    @activity.defn
    async def count_open_mentorships(self, call: CohortCall) -> int:
        """Return how many of a cohort's mentorships have not ended. Only reads."""
        return await mentorships.count_open(self._pool, call.cohort_id)

    async def _start(self, state: MentorshipState) -> None:
        try:
            await self._client.start_workflow(
                MENTORSHIP_WORKFLOW,
                state,
                id=mentorship_workflow_id(state.terms.mentorship_id),
                task_queue=activity.info().task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )
        except WorkflowAlreadyStartedError:
            activity.logger.info("mentorship_had_started", extra={"mentorship": state.terms.mentorship_id})


def _dates(settings: CohortSettings) -> CohortDates:
    ends_on = months_after(settings.kickoff, settings.timeline.months)
    last_survey = ends_on + timedelta(days=max(settings.timeline.closure_survey.closes, 0))
    return CohortDates(
        kickoff_at=morning(settings.kickoff, settings.time_zone) - STARTS_BEFORE_THE_FIRST_EMAIL,
        reports_at=first_morning_from(end_of(last_survey, settings.time_zone), settings.time_zone),
    )
