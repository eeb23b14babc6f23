"""Closure surveys, and the report of a cohort."""

import asyncpg
from temporalio import activity

from domain.report.figures import make_report
from schemas.cohort.messages import CohortCall
from schemas.mentorship.messages import CloseMilestones
from storage import mentorships, reports


class ClosureSurveys:
    """Records closure surveys and writes a cohort's report from them."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def close_closure_survey(self, call: CloseMilestones) -> None:
        """Save how a closure survey closed. The first closing counts, so a second run changes nothing."""
        await mentorships.close_milestones(self._pool, call.mentorship_id, call.closings, call.now)

    @activity.defn
    async def write_report(self, call: CohortCall) -> None:
        """Save the report of a cohort, computed from its rows. A second run writes the same."""
        records = await reports.cohort_records(self._pool, call.cohort_id, call.now)
        await reports.save_report(self._pool, make_report(records), call.now)
