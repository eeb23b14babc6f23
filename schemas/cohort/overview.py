"""Overviews of cohorts for staff: ids and dates for people and programs, names for people only."""

from datetime import date

from pydantic import AwareDatetime, Field

from schemas.base import FrozenModel
from schemas.cohort.messages import FailingActivity
from schemas.emails.incoming import SoftBounced
from schemas.enums import CohortStage, Outcome, Phase, StaffReason
from schemas.kickoff.start import StartProgress
from schemas.matching.results import MentorChange, Unplaced


class MatchedPair(FrozenModel):
    """One proposed or published pair; ``score`` is 0..10000."""

    mentor: str
    mentee: str
    score: int


class MatchRunDetails(FrozenModel):
    """The published match run, or the newest draft while there is none; ``run`` is None once it is published."""

    run: int | None
    published: bool
    pairs: tuple[MatchedPair, ...]
    unplaced: tuple[Unplaced, ...]


class DraftChanges(FrozenModel):
    """The newest match run where it differs from the pairs people were asked about, as it does after a decline."""

    run: int
    changes: tuple[MentorChange, ...]


class MentorshipOverview(FrozenModel):
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


class MentorshipCounts(FrozenModel):
    """The mentorships counted: by phase, and by concern."""

    phases: dict[Phase, int]
    concerns: dict[StaffReason, int]


class CohortFigures(FrozenModel):
    """Where a cohort stands: ``mentors`` and ``mentees`` are accepted; a run is None where there is none."""

    stage: CohortStage
    archived: bool
    mentors: int
    mentees: int
    newest_run: int | None
    published_run: int | None


class CohortListEntry(FrozenModel):
    """One cohort of the list."""

    id: str
    stage: CohortStage
    archived: bool = False


class CohortList(FrozenModel):
    """Every cohort, by id."""

    cohorts: tuple[CohortListEntry, ...]


class CohortDetails(FrozenModel):
    """One cohort, with the mentorships that need staff most first; ``names``, by person's id, never enter the JSON.

    ``failing_activity`` is the step that its workflow retries. ``workflow_answered`` says whether the workflow could be
    asked for it; it is None where none runs. ``left_out`` are sentences about emails that did not leave, and why.
    """

    id: str
    title: str
    stage: CohortStage
    kickoff_on: date
    ends_on: date
    next_due_at: AwareDatetime | None
    failing_activity: FailingActivity | None
    workflow_answered: bool | None
    mentors: int
    mentees: int
    match_run: MatchRunDetails | None
    draft: DraftChanges | None
    starts: StartProgress
    counts: MentorshipCounts
    mentorships: tuple[MentorshipOverview, ...]
    soft_bounced: tuple[SoftBounced, ...] = ()
    left_out: tuple[str, ...] = ()
    archived: bool = False
    names: dict[str, str] = Field(exclude=True)
    time_zone: str
