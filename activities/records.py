"""Keeping the programme's records: plans, closings, progress, and the start of a cohort's mentorships."""

import hashlib
from datetime import UTC, datetime, timedelta

import asyncpg
from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.candidates import candidates
from domain import timeline as plans
from domain.calendar import months_after
from domain.cohort_dates import cohort_dates
from domain.kickoff import place_and_time
from domain.rounds import rounds
from domain.terms import terms_of
from schemas.errors import Refusal
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_workflow_id
from schemas.mentorship import MentorshipState, Plan
from schemas.messages import (
    CloseMilestones,
    CohortCall,
    CohortDates,
    CohortStageReached,
    CountOpen,
    DrawUpPlan,
    RecordProgress,
    StartSuccessor,
)
from schemas.rounds import CohortPlan, PlanCohort
from storage import cohorts, mentorships


class Records:
    """Writes what workflows decide into PostgreSQL, and starts mentorships from what PostgreSQL says."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client

    @activity.defn
    async def draw_up_plan(self, call: DrawUpPlan) -> Plan:
        """Draw up a mentorship's plan and keep its milestones; a second run moves only what is not closed."""
        plan = plans.plan(call.terms, call.now, call.lived)
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
    async def reach_stage(self, call: CohortStageReached) -> None:
        """Keep where a cohort stands, and that it got there; a second run adds an equal event."""
        await cohorts.set_stage(self._pool, call.cohort_id, call.stage, call.now)
        await cohorts.save_audit_event(
            self._pool, call.now, cohort_id=call.cohort_id, actor="workflow", action=f"reached_{call.stage}"
        )

    @activity.defn
    async def look_up_cohort(self, call: CohortCall) -> CohortDates:
        """Return a cohort's dates from its settings. Only reads."""
        return cohort_dates(await cohorts.cohort_settings(self._pool, call.cohort_id))

    @activity.defn
    async def plan_cohort(self, call: PlanCohort) -> CohortPlan:
        """Return what lies ahead of a cohort, from its settings as they are now. Only reads."""
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        return CohortPlan(
            dates=cohort_dates(settings),
            rounds=rounds(settings, call.published_at),
            applies=settings.applications is not None,
            proposes=settings.proposals is not None,
            place=hashlib.sha256(place_and_time(settings).encode()).hexdigest()[:16],
        )

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
        offset = _offset(call)
        for done, mentorship in enumerate(ids, start=1):
            pair = await mentorships.partners(self._pool, mentorship)
            terms = terms_of(settings, mentorship, goals=len(pair.goals))
            await self._start(MentorshipState(terms=terms, clock_offset=offset))
            activity.heartbeat(done)
        return len(ids)

    @activity.defn
    async def start_successor(self, call: StartSuccessor) -> str:
        """Start the mentorship of a mentor who takes over, and return its id; a second run finds it started.

        Refused where the matching's rules speak against this mentor, or no place is free with them.
        """
        left = call.terms.mentorship_id
        offered = await candidates(self._pool, await mentorships.partners(self._pool, left))
        found = next((one for one in offered if one.mentor == call.mentor), None)
        successor = await mentorships.successor(self._pool, left)
        if successor is None and (found is None or found.hindrance):
            why = found.hindrance if found else "the cohort has no mentor of this id"
            raise Refusal(f"{call.mentor} cannot take over {left}: {why}.")
        id_ = await mentorships.save_successor(
            self._pool,
            left,
            call.mentor,
            score=found.score if found else 0,
            starts_on=call.terms.first_day,
            now=call.now,
        )
        terms = call.terms.model_copy(update={"mentorship_id": id_})
        await self._start(MentorshipState(terms=terms, clock_offset=_offset(call)))
        return id_

    @activity.defn
    async def count_open_mentorships(self, call: CountOpen) -> int:
        """Return how many of a cohort's mentorships are not done with what is asked. Only reads."""
        return await mentorships.count_open(self._pool, call.cohort_id, call.kind)

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


def _offset(call: CohortCall | StartSuccessor) -> timedelta:
    """Return what the programme's time is ahead of the engine's: zero outside rehearsals."""
    return call.now - datetime.now(UTC) if call.clock_offset else timedelta(0)
