"""Matching a cohort: from its applications in PostgreSQL to a draft that staff review."""

import asyncpg
from temporalio import activity

from activities.heartbeat import heartbeating
from schemas.matching.messages import MatchCall, MatchRunSummary, PublishCall
from services.matching import check_rules, compute_matches, summarize
from storage import cohorts


class MatchingActivities:
    """Runs the matching; processor-heavy, so it has a task queue of its own."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def match_cohort(self, call: MatchCall) -> MatchRunSummary:
        """Save a match run as a draft. The same applications and wishes are the same draft, so it may run twice."""
        async with heartbeating():
            result = await compute_matches(self._pool, call.cohort_id, call.request)
        run = await cohorts.save_match_run(self._pool, call.cohort_id, result, call.now, request=call.request)
        return MatchRunSummary(run=run, **summarize(result).model_dump())

    @activity.defn
    async def publish_matches(self, call: PublishCall) -> int:
        """Make a match run the cohort's own and return its number of pairs; a second run publishes the same.

        Refused while a pair breaks a rule as things stand today, unless staff waived that.
        """
        await check_rules(self._pool, call.cohort_id, call.run, waived=call.waived)
        result = await cohorts.publish_match_run(self._pool, call.cohort_id, call.run, call.now)
        return len(result.pairs)
