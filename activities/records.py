"""Keeping the program's records: plans, closings, progress, and where a cohort stands."""

import asyncpg
from temporalio import activity

from domain.cohort.campaigns import planned_campaigns
from domain.cohort.dates import cohort_dates
from domain.kickoff.fingerprint import kickoff_fingerprint
from domain.mentorship import plan as plans
from schemas.actor import Actor, ActorKind
from schemas.audit_event import AuditEvent
from schemas.cohort.campaigns import CohortPlan, PlanCohort
from schemas.cohort.messages import CountOpenMentorships, RecordStage
from schemas.mentorship.messages import CloseMilestones, PlanMentorship, RecordProgress
from schemas.mentorship.state import Plan
from storage import audit, cohorts, mentorships

COHORT_WORKFLOW = Actor(kind=ActorKind.SERVICE, name="cohort")


class Records:
    """Writes what workflows decide into PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def plan_mentorship(self, call: PlanMentorship) -> Plan:
        """Draw up a mentorship's plan and keep its milestones; a second run moves only what is not closed."""
        plan = plans.plan(call.terms, call.now, call.sent)
        await mentorships.save_plan(self._pool, call.terms.mentorship_id, plan, call.now)
        return plan

    @activity.defn
    async def close_milestones(self, call: CloseMilestones) -> None:
        """Keep how milestones closed; the first closing stands, so a second run changes nothing."""
        await mentorships.close_milestones(self._pool, call.mentorship_id, call.closings, call.now)

    @activity.defn
    async def record_progress(self, call: RecordProgress) -> None:
        """Keep where a mentorship stands; a second run writes the same."""
        await mentorships.record_progress(self._pool, call)

    @activity.defn
    async def record_stage(self, call: RecordStage) -> None:
        """Keep where a cohort stands, and that it got there; a second run adds an equal event."""
        await cohorts.set_stage(self._pool, call.cohort_id, call.stage, call.now)
        event = AuditEvent(
            happened_at=call.now, actor=COHORT_WORKFLOW, action=f"reached_{call.stage}", cohort_id=call.cohort_id
        )
        await audit.save_event(self._pool, event)

    @activity.defn
    async def plan_cohort(self, call: PlanCohort) -> CohortPlan:
        """Return what lies ahead of a cohort, from its settings as they are now. Only reads."""
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        return CohortPlan(
            dates=cohort_dates(settings),
            campaigns=planned_campaigns(settings, call.published_at),
            accepts_applications=settings.applications is not None,
            sends_proposals=settings.proposals is not None,
            kickoff_fingerprint=kickoff_fingerprint(settings),
        )

    @activity.defn
    async def count_open_mentorships(self, call: CountOpenMentorships) -> int:
        """Return how many of a cohort's mentorships are not done with what is asked. Only reads."""
        return await mentorships.count_open(self._pool, call.cohort_id, call.kind, call.now)
