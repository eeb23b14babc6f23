"""Records of what workflows decide: plans, closings, progress, and the stage of a cohort."""

import asyncpg
from temporalio import activity

from domain.cohort.plan import cohort_plan
from domain.cohort.skipped import skipped_events
from domain.mentorship import plan as plans
from domain.mentorship.decisions import missed_steps
from schemas.actor import Actor, ActorKind
from schemas.audit_event import AuditEvent
from schemas.cohort.campaigns import CohortPlan, PlanCohort, RecordSkipped
from schemas.cohort.messages import CountOpenMentorships, RecordStage
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.messages import CloseMilestones, FindMissed, MissedSteps, PlanMentorship, RecordProgress
from schemas.mentorship.state import Answer, Plan
from storage import audit, cohorts, inspection, mentorships

COHORT_WORKFLOW = Actor(kind=ActorKind.SERVICE, name="cohort")


class Records:
    """Records in PostgreSQL what workflows decide; lists, pages and reports read it there."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def plan_mentorship(self, call: PlanMentorship) -> Plan:
        """Plan a mentorship and save its milestones. A second run moves only milestones that have not closed."""
        plan = plans.plan(call.terms, call.now, call.sent)
        await mentorships.save_plan(self._pool, call.terms.mentorship_id, plan, call.now)
        return plan

    @activity.defn
    async def find_missed(self, call: FindMissed) -> MissedSteps:
        """Return the answers and decisions that a mentorship has not heard of, as after a restore. Only reads."""
        mentorship = call.state.terms.mentorship_id
        answers = await inspection.newest_answers(self._pool, mentorship)
        confirmed = await audit.confirmed_decisions(self._pool, mentorship)
        steps = missed_steps(call.state, answers, confirmed, call.until)
        return MissedSteps(
            answers=tuple(step for step in steps if isinstance(step, Answer)),
            decisions=tuple(step for step in steps if isinstance(step, StaffDecision)),
        )

    @activity.defn
    async def close_milestones(self, call: CloseMilestones) -> None:
        """Save how milestones closed. The first closing counts, so a second run changes nothing."""
        await mentorships.close_milestones(self._pool, call.mentorship_id, call.closings, call.now)

    @activity.defn
    async def record_progress(self, call: RecordProgress) -> None:
        """Save the phase, outcome and concerns of a mentorship. A second run writes the same."""
        await mentorships.record_progress(self._pool, call)

    @activity.defn
    async def record_stage(self, call: RecordStage) -> None:
        """Save the stage of a cohort, and an audit event. A second run adds an equal event."""
        await cohorts.set_stage(self._pool, call.cohort_id, call.stage, call.now)
        event = AuditEvent(
            happened_at=call.now, actor=COHORT_WORKFLOW, action=f"reached_{call.stage}", cohort_id=call.cohort_id
        )
        await audit.save_event(self._pool, event)

    @activity.defn
    async def plan_cohort(self, call: PlanCohort) -> CohortPlan:
        """Return the plan of a cohort by its settings as they are now. Only reads."""
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        return cohort_plan(settings, call.published_at, call.now)

    @activity.defn
    async def record_skipped(self, call: RecordSkipped) -> None:
        """Save an audit event about campaigns that were skipped. A second run adds equal events."""
        for event in skipped_events(call.cohort_id, call.skipped, call.now):
            await audit.save_event(self._pool, event)

    @activity.defn
    async def count_open_mentorships(self, call: CountOpenMentorships) -> int:
        """Return how many mentorships of a cohort have not ended, or have a milestone of a kind open. Only reads."""
        return await mentorships.count_open(self._pool, call.cohort_id, call.kind, call.now)
