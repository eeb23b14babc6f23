"""Matching a cohort: from its applications in PostgreSQL to a draft that staff review."""

import asyncio

import asyncpg
from temporalio import activity

from activities.heartbeat import heartbeating
from domain.matching.broken_rules import broken_rules
from domain.matching.run import match
from schemas.errors import Refusal
from schemas.matching.messages import MatchCall, MatchRequest, MatchRunSummary, MatchSummary, PublishCall
from schemas.matching.results import BrokenRule, MatchResult
from storage import cohorts
from storage.database import Db


class MatchingActivities:
    """Runs the matching; processor-heavy, so it has a task queue of its own."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def match_cohort(self, call: MatchCall) -> MatchRunSummary:
        """Save a match run as a draft. The same applications and wishes are the same draft, so it may run twice."""
        async with heartbeating():
            result = await drawn_up(self._pool, call.cohort_id, call.request)
        run = await cohorts.save_match_run(self._pool, call.cohort_id, result, call.now, wishes=call.request)
        return MatchRunSummary(run=run, **summary(result).model_dump())

    @activity.defn
    async def publish_matches(self, call: PublishCall) -> int:
        """Make a match run the cohort's own and return its number of pairs; a second run publishes the same.

        Refused while a pair breaks a rule as things stand today, unless staff waived that.
        """
        await rules_waived(self._pool, call.cohort_id, call.run, waived=call.waived)
        result = await cohorts.publish_match_run(self._pool, call.cohort_id, call.run, call.now)
        return len(result.pairs)


async def drawn_up(db: Db, cohort_id: str, request: MatchRequest) -> MatchResult:
    """Match the applications of a cohort as they are now and return what that comes to; nothing is kept.

    Raises Refusal where they cannot be matched as wished.
    """
    settings = await cohorts.cohort_settings(db, cohort_id)
    wanted = {"objective": request.objective} if request.objective else {}
    return await asyncio.to_thread(
        match,
        await cohorts.mentors(db, cohort_id),
        await cohorts.mentees(db, cohort_id),
        settings.matching.model_copy(update=wanted),
        eligibility=settings.eligibility,
        kickoff_on=settings.kickoff,
        pins=request.pins,
        forbid=request.forbid,
        earlier=await _pairs_of(db, cohort_id, request.close_to),
    )


async def rules_waived(db: Db, cohort_id: str, run: int, *, waived: bool) -> tuple[BrokenRule, ...]:
    """Return which pairs of a draft break a rule as things stand today, or refuse where staff did not waive that."""
    settings = await cohorts.cohort_settings(db, cohort_id)
    broken = broken_rules(
        await cohorts.match_run(db, cohort_id, run),
        await cohorts.mentors(db, cohort_id),
        await cohorts.mentees(db, cohort_id),
        settings.matching,
        eligibility=settings.eligibility,
        kickoff_on=settings.kickoff,
    )
    if broken and not waived:
        pairs = "; ".join(f"{rule.mentor} with {rule.mentee}: {rule.why}" for rule in broken)
        raise Refusal(f"Run {run} breaks a rule: {pairs}. Match anew, or let it pass with --waive NOTE.")
    return broken


async def _pairs_of(db: Db, cohort_id: str, run: int | None) -> dict[str, str] | None:
    if run is None:
        return None
    result = await cohorts.match_run(db, cohort_id, run)
    return {pair.mentee: pair.mentor for pair in result.pairs}


def summary(result: MatchResult) -> MatchSummary:
    """Return in numbers what a matching comes to."""
    return MatchSummary(
        pairs=len(result.pairs),
        unplaced=len(result.unplaced),
        worst=result.worst,
        total=result.total,
        valid=result.certificate.valid,
    )
