"""Where cohorts stand, as ``mile cohort show`` tells people and programs: ids and dates for both, names for people."""

from collections import Counter
from datetime import date

from pydantic import AwareDatetime, Field
from temporalio.client import WorkflowExecutionStatus

from cli.cohort.refusals import told_by_its_workflow
from cli.matching.steps import published
from domain.calendar import months_after
from domain.matching.run_differences import mentor_changes
from emails.staff import ORDER_OF_CONCERNS
from runtime.temporal import NEXT_DUE_AT
from schemas.base import FrozenModel
from schemas.cohort.messages import FailingActivity
from schemas.cohort.settings import CohortSettings
from schemas.enums import CohortStage, Outcome, Phase, StaffReason
from schemas.ids import cohort_workflow_id
from schemas.kickoff.start import StartProgress
from schemas.matching.results import MatchResult, MentorChange, Unplaced
from services.context import ServiceContext
from storage import cohorts, mentorships, proposals, starts


class PairShown(FrozenModel):
    """One proposed or published pair; ``score`` is 0..10000."""

    mentor: str
    mentee: str
    score: int


class MatchRunShown(FrozenModel):
    """The published match run, or the newest draft while there is none; ``run`` is None once it is published."""

    run: int | None
    published: bool
    pairs: tuple[PairShown, ...]
    unplaced: tuple[Unplaced, ...]


class DraftShown(FrozenModel):
    """The newest match run where it differs from the pairs people were asked about, as it does after a decline."""

    run: int
    changes: tuple[MentorChange, ...]


class MentorshipShown(FrozenModel):
    """One mentorship as lists show it; ``predecessor`` is the one it took over from, ``concerns`` what needs staff."""

    id: str
    mentor: str
    mentee: str
    starts_on: date
    ends_on: date
    phase: Phase
    quarter: int
    outcome: Outcome | None
    concerns: tuple[StaffReason, ...]
    predecessor: str | None


class Standings(FrozenModel):
    """The mentorships counted: by phase, and by what staff have to see to."""

    phases: dict[Phase, int]
    concerns: dict[StaffReason, int]


class CohortLine(FrozenModel):
    """One cohort of the list."""

    id: str
    stage: CohortStage


class CohortList(FrozenModel):
    """Every cohort, by id."""

    cohorts: tuple[CohortLine, ...]


class CohortShown(FrozenModel):
    """One cohort, with the mentorships that need staff most first; ``names``, by person's id, never enter the JSON.

    ``refused`` is the step its workflow tries again and again, ``told`` whether the workflow could be asked for it;
    None where none runs.
    """

    id: str
    title: str
    stage: CohortStage
    kickoff_on: date
    ends_on: date
    next_due_at: AwareDatetime | None
    refused: FailingActivity | None
    told: bool | None
    mentors: int
    mentees: int
    match_run: MatchRunShown | None
    draft: DraftShown | None
    starts: StartProgress
    standings: Standings
    mentorships: tuple[MentorshipShown, ...]
    names: dict[str, str] = Field(exclude=True)
    time_zone: str


async def cohort_list(at: ServiceContext) -> CohortList:
    """Return every cohort there is, the old ones too."""
    stages = await cohorts.stages(at.pool)
    return CohortList(cohorts=tuple(CohortLine(id=id_, stage=stage) for id_, stage in stages.items()))


async def cohort_shown(at: ServiceContext, cohort: str) -> CohortShown:
    """Return where one cohort stands, also where no worker runs; raises UnknownCohort."""
    settings = await cohorts.cohort_settings(at.pool, cohort)
    mentors = await cohorts.mentors(at.pool, cohort)
    mentees = await cohorts.mentees(at.pool, cohort)
    known = await at.describe(cohort_workflow_id(cohort))
    runs = known is not None and known.status is WorkflowExecutionStatus.RUNNING
    told = await told_by_its_workflow(at, cohort) if runs else None
    shown = await _mentorships(at, cohort)
    return CohortShown(
        id=cohort,
        title=settings.title,
        stage=(await cohorts.stages(at.pool))[cohort],
        time_zone=settings.time_zone,
        kickoff_on=settings.kickoff,
        ends_on=months_after(settings.kickoff, settings.timeline.months),
        next_due_at=known.typed_search_attributes.get(NEXT_DUE_AT) if known else None,
        refused=told.failing_activity if told else None,
        told=told is not None if runs else None,
        mentors=len(mentors),
        mentees=len(mentees),
        match_run=await _match_run(at, cohort),
        draft=await _draft(at, settings),
        starts=await starts.start_progress(at.pool, cohort),
        standings=Standings(
            phases=Counter(one.phase for one in shown),
            concerns=Counter(concern for one in shown for concern in one.concerns),
        ),
        mentorships=shown,
        names={person.id: person.name for person in (*mentors, *mentees)},
    )


async def _mentorships(at: ServiceContext, cohort: str) -> tuple[MentorshipShown, ...]:
    rows = await mentorships.mentorships(at.pool, cohort)
    shown = (
        MentorshipShown(**{name: row[f"{name}_id" if name in ("mentor", "mentee") else name] for name in _COLUMNS})
        for row in rows
    )
    return tuple(sorted(shown, key=_most_pressing))


def _most_pressing(one: MentorshipShown) -> tuple[int, bool, int, str]:
    pressing = (ORDER_OF_CONCERNS.index(concern) for concern in one.concerns)
    return min(pressing, default=len(ORDER_OF_CONCERNS)), one.outcome is not None, len(one.id), one.id


async def _match_run(at: ServiceContext, cohort: str) -> MatchRunShown | None:
    if standing := await published(at.pool, cohort):
        return _matches(standing, None)
    run = await cohorts.latest_match_run(at.pool, cohort)
    return None if run is None else _matches(await cohorts.match_run(at.pool, cohort, run), run)


async def _draft(at: ServiceContext, settings: CohortSettings) -> DraftShown | None:
    if settings.proposals is None:
        return None
    asked = await proposals.published_run(at.pool, settings.id)
    newest = await cohorts.latest_match_run(at.pool, settings.id)
    if asked is None or newest is None or newest <= asked:
        return None
    before, after = [await cohorts.match_run(at.pool, settings.id, run) for run in (asked, newest)]
    found = mentor_changes(before, after)
    return DraftShown(run=newest, changes=found) if found else None


def _matches(result: MatchResult, draft: int | None) -> MatchRunShown:
    return MatchRunShown(
        run=draft,
        published=draft is None,
        pairs=tuple(PairShown(mentor=one.mentor, mentee=one.mentee, score=one.score) for one in result.pairs),
        unplaced=result.unplaced,
    )


_COLUMNS = tuple(MentorshipShown.model_fields)
