"""Goal check-ins: what staff may know of them is a count."""

import asyncpg
from temporalio import activity

from schemas.mentorship.messages import CloseMilestones, GoalSummary
from storage import mentorships, responses


class GoalCheckIns:
    """Records goal check-ins; the goals' words stay in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def close_goal_check_in(self, call: CloseMilestones) -> GoalSummary:
        """Save how a goal check-in closed; return how many goals are stuck. A second run changes nothing."""
        await mentorships.close_milestones(self._pool, call.mentorship_id, call.closings, call.now)
        stuck = (await responses.stuck_goals(self._pool, [call.mentorship_id]))[call.mentorship_id]
        return GoalSummary(stuck=len(stuck.now), stuck_twice=len(stuck.twice))
