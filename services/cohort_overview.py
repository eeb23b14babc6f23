"""Overviews of cohorts: their rows in PostgreSQL, and what their workflows retry where a worker answers."""

from collections import Counter
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError

from domain.calendar import months_after
from domain.cohort.skipped import SKIPPED, event_sentence
from domain.matching.run_differences import mentor_changes
from domain.mentorship.digest import ORDER_OF_CONCERNS
from runtime.temporal import NEXT_DUE_AT
from schemas.audit_event import AuditFilter
from schemas.cohort.messages import CohortOverview
from schemas.cohort.overview import (
    CohortDetails,
    CohortFigures,
    CohortList,
    CohortListEntry,
    DraftChanges,
    MatchedPair,
    MatchRunDetails,
    MentorshipCounts,
    MentorshipOverview,
)
from schemas.cohort.settings import CohortSettings
from schemas.ids import cohort_workflow_id
from schemas.matching.results import MatchResult
from services.cohort_workflows import cohort_workflow
from services.context import ServiceContext
from storage import audit, bounces, cohorts, mentorships, names, starts

# All else about a cohort is known without a worker, so it is not waited for long.
PROGRESS_WITHIN = timedelta(seconds=5)


async def list_cohorts(context: ServiceContext, *, archived: bool = False) -> CohortList:
    """Return every cohort there is, the old ones too, and archived ones if asked."""
    stages, in_archive = await cohorts.stages(context.pool), await cohorts.archived(context.pool)
    entries = (CohortListEntry(id=id_, stage=stage, archived=id_ in in_archive) for id_, stage in stages.items())
    return CohortList(cohorts=tuple(entry for entry in entries if archived or not entry.archived))


async def find_cohort(context: ServiceContext, cohort: str) -> CohortSettings:
    """Return the settings of a cohort, or raise UnknownCohort."""
    return await cohorts.cohort_settings(context.pool, cohort)


async def person_names(context: ServiceContext, cohort: str) -> dict[str, str]:
    """Return what everybody is called who applied to a cohort or began to, by id."""
    return await names.person_names(context.pool, cohort)


async def cohort_details(context: ServiceContext, cohort: str) -> CohortDetails:
    """Return the overview of one cohort, also where no worker runs; raises UnknownCohort."""
    return await details_of(context, await cohorts.cohort_settings(context.pool, cohort))


async def details_of(context: ServiceContext, settings: CohortSettings) -> CohortDetails:
    """Return the overview of a cohort whose settings are known."""
    cohort = settings.id
    figures = await cohorts.figures(context.pool, cohort)
    published = await cohorts.find_published_matches(context.pool, cohort)
    execution = await context.describe(cohort_workflow_id(cohort))
    runs = execution is not None and execution.status is WorkflowExecutionStatus.RUNNING
    progress = await _progress(context, cohort) if runs else None
    summaries = await _mentorships(context, cohort)
    return CohortDetails(
        id=cohort,
        title=settings.title,
        stage=figures.stage,
        time_zone=settings.time_zone,
        kickoff_on=settings.kickoff_day,
        ends_on=months_after(settings.kickoff_day, settings.timeline.months),
        next_due_at=execution.typed_search_attributes.get(NEXT_DUE_AT) if execution and runs else None,
        failing_activity=progress.failing_activity if progress else None,
        workflow_answered=progress is not None if runs else None,
        mentors=figures.mentors,
        mentees=figures.mentees,
        match_run=await _match_run(context, cohort, figures, published),
        draft=await _draft(context, settings, figures, published),
        starts=await starts.start_progress(context.pool, cohort),
        counts=MentorshipCounts(
            phases=Counter(summary.phase for summary in summaries),
            concerns=Counter(concern for summary in summaries for concern in summary.concerns),
        ),
        mentorships=summaries,
        soft_bounced=await bounces.soft_bounced(context.pool, cohort),
        left_out=await _left_out(context, cohort),
        archived=figures.archived,
        names=await names.person_names(context.pool, cohort),
    )


async def _left_out(context: ServiceContext, cohort: str) -> tuple[str, ...]:
    events = await audit.events(context.pool, AuditFilter(cohort_id=cohort, action=SKIPPED))
    return tuple(event_sentence(event) for event in events)


async def _mentorships(context: ServiceContext, cohort: str) -> tuple[MentorshipOverview, ...]:
    rows = await mentorships.mentorships(context.pool, cohort)
    quarters = await mentorships.quarters(context.pool, [row["id"] for row in rows], context.now(cohort))
    summaries = (
        MentorshipOverview(
            **{name: row[f"{name}_id" if name in ("mentor", "mentee", "predecessor") else name] for name in _COLUMNS},
            quarter=quarters.get(row["id"], 1),
        )
        for row in rows
    )
    return tuple(sorted(summaries, key=_urgency))


def _urgency(summary: MentorshipOverview) -> tuple[int, bool, int, str]:
    urgent = (ORDER_OF_CONCERNS.index(concern) for concern in summary.concerns)
    # The shorter id first: 2 before 10.
    return min(urgent, default=len(ORDER_OF_CONCERNS)), summary.outcome is not None, len(summary.id), summary.id


async def _match_run(
    context: ServiceContext, cohort: str, figures: CohortFigures, published: MatchResult | None
) -> MatchRunDetails | None:
    if published:
        return _matches(published, None)
    run = figures.newest_run
    return None if run is None else _matches(await cohorts.match_run(context.pool, cohort, run), run)


async def _draft(
    context: ServiceContext, settings: CohortSettings, figures: CohortFigures, published: MatchResult | None
) -> DraftChanges | None:
    newest = figures.newest_run
    if settings.proposals is None or published is None or figures.published_run is None or newest is None:
        return None
    if newest <= figures.published_run:
        return None
    changes = mentor_changes(published, await cohorts.match_run(context.pool, settings.id, newest))
    return DraftChanges(run=newest, changes=changes) if changes else None


def _matches(result: MatchResult, draft: int | None) -> MatchRunDetails:
    return MatchRunDetails(
        run=draft,
        published=draft is None,
        pairs=tuple(MatchedPair(mentor=pair.mentor, mentee=pair.mentee, score=pair.score) for pair in result.pairs),
        unplaced=result.unplaced,
    )


_COLUMNS = tuple(MentorshipOverview.model_fields.keys() - {"quarter"})


async def _progress(context: ServiceContext, cohort: str) -> CohortOverview | None:
    """Return the progress of a cohort by its workflow, or None where no worker answers for it."""
    handle = cohort_workflow(context, cohort)
    try:
        progress: CohortOverview = await handle.query(
            "progress", result_type=CohortOverview, rpc_timeout=PROGRESS_WITHIN
        )
    except (RPCError, WorkflowQueryFailedError):
        return None
    return progress
