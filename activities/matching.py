"""Matching a cohort: from its applications in PostgreSQL to a draft that staff review."""

import asyncio

import asyncpg
from temporalio import activity

from domain.matching import match
from schemas.messages import CohortCall, MatchRunSummary
from storage import cohorts


class Matching:
    """Runs the matching; processor-heavy, so it has a task queue of its own."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def match_cohort(self, call: CohortCall) -> MatchRunSummary:
        """Match a cohort and keep the result as a draft; the same applications and settings are the same draft."""
        settings = await cohorts.cohort_settings(self._pool, call.cohort_id)
        mentors = await cohorts.mentors(self._pool, call.cohort_id)
        participants = await cohorts.participants(self._pool, call.cohort_id)
        result = await asyncio.to_thread(
            match,
            mentors,
            participants,
            settings.matching,
            eligibility=settings.eligibility,
            kickoff_on=settings.kickoff,
        )
        run = await cohorts.save_match_run(self._pool, call.cohort_id, result, call.now)
        return MatchRunSummary(
            run=run,
            pairs=len(result.pairs),
            unplaced=len(result.unplaced),
            worst=result.worst,
            total=result.total,
            valid=result.certificate.valid,
        )
