"""Staff's steps from applications to published pairs: match, compare, publish, and what each would do."""

from pathlib import Path

import asyncpg

from activities.matching import drawn_up, rules_waived, summary
from cli.cohort.foreseeing import check_pairs_open
from cli.cohort.reschedule import over
from cli.common.servers import open_services, staff_actor
from domain.matching.run_differences import mentor_changes
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from schemas.ids import cohort_workflow_id
from schemas.matching.messages import MatchRequest, MatchRunSummary, MatchSummary
from schemas.matching.results import BrokenRule, MatchResult, MentorChange
from services.context import ServiceContext
from services.workflow_calls import update_workflow
from storage import cohorts, proposals


class Drafted(MatchSummary):
    """What a match run came to; in a dry run ``done`` is false and there is no ``run``."""

    cohort: str
    run: int | None = None
    done: bool


class Publication(FrozenModel):
    """What publishing a match run does; ``done`` is false in a dry run, ``already`` says that it was published before.

    ``asked_first`` says that both sides are asked before a match stands, ``changed`` who has another mentor than in the
    run that was published before, ``waived`` which rules staff let pass.
    """

    cohort: str
    run: int
    pairs: int
    asked_first: bool
    already: bool
    changed: tuple[MentorChange, ...]
    waived: tuple[BrokenRule, ...]
    done: bool


async def match(cohort: str, request: MatchRequest, folder: Path, *, dry_run: bool = False) -> Drafted:
    """Have a cohort matched as staff wish and return what the run came to; a dry run matches here and keeps nothing."""
    async with open_services(folder) as at:
        settings = await cohorts.cohort_settings(at.pool, cohort)
        if dry_run:
            await check_pairs_open(at, settings)
            would = summary(await drawn_up(at.pool, cohort, request))
            return Drafted(cohort=cohort, done=False, **would.model_dump())
        handle = at.workflow(cohort_workflow_id(cohort))
        came_to = await update_workflow(handle, "match", request, kind=MatchRunSummary, absent=over(cohort))
        await at.audit(staff_actor(), "matched", cohort, run=came_to.run, pairs=came_to.pairs)
        return Drafted(cohort=cohort, done=True, **came_to.model_dump())


async def compare(cohort: str, before: int, after: int, folder: Path) -> tuple[MentorChange, ...]:
    """Return which mentees have another mentor in one match run than in another."""
    async with open_services(folder) as at:
        runs = [await cohorts.match_run(at.pool, cohort, run) for run in (before, after)]
        return mentor_changes(*runs)


async def publish(
    cohort: str, run: int, waiver: str | None, folder: Path, *, dry_run: bool = False, note: str | None = None
) -> Publication:
    """Have a match run published and return what that does; the run that is published already is left alone.

    ``waiver`` is staff's note why pairs that break a rule may pass; it stands in the audit trail.
    """
    async with open_services(folder) as at:
        settings = await cohorts.cohort_settings(at.pool, cohort)
        before = await published(at.pool, cohort)
        already = await proposals.is_published(at.pool, settings, run)
        waived = () if already else await _waived(at, settings, run, waiver, dry_run=dry_run)
        if not (already or dry_run):
            handle = at.workflow(cohort_workflow_id(cohort))
            pairs = await update_workflow(handle, "publish", run, waiver is not None, kind=int, absent=over(cohort))
            await at.audit(staff_actor(), "published", cohort, run=run, pairs=pairs, waiver=waiver, note=note)
        wanted = await cohorts.match_run(at.pool, cohort, run)
        return Publication(
            cohort=cohort,
            run=run,
            pairs=len(wanted.pairs),
            asked_first=settings.proposals is not None,
            already=already,
            changed=mentor_changes(before, wanted) if before else (),
            waived=waived,
            done=not dry_run,
        )


async def published(pool: asyncpg.Pool, cohort: str) -> MatchResult | None:
    """Return the matches that stand, or None before staff have published any."""
    try:
        return await cohorts.published_matches(pool, cohort)
    except Refusal:
        return None


async def _waived(
    at: ServiceContext, settings: CohortSettings, run: int, waiver: str | None, *, dry_run: bool
) -> tuple[BrokenRule, ...]:
    """Return the rules that staff let pass; a dry run refuses here what the workflow refuses in earnest."""
    if dry_run:
        await check_pairs_open(at, settings)
    elif waiver is None:
        return ()
    return await rules_waived(at.pool, settings.id, run, waived=waiver is not None)
