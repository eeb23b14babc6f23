"""Messages of a cohort between workflows, activities and pages: ids, dates and enumerations, never anyone's words."""

from datetime import timedelta

from pydantic import AwareDatetime

from schemas.base import TemporalModel
from schemas.enums import CohortStage, MilestoneKind


class CohortCall(TemporalModel):
    """Ask an activity for something about a whole cohort."""

    cohort_id: str
    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)


class CountOpenMentorships(CohortCall):
    """Ask how many mentorships of a cohort have not ended, or are still asked something of this kind."""

    kind: MilestoneKind


class RecordStage(TemporalModel):
    """Ask to record that a cohort reached a stage."""

    cohort_id: str
    stage: CohortStage
    now: AwareDatetime


class CohortDates(TemporalModel):
    """The moments a cohort's workflow waits for (UTC).

    Mentorships start at ``kickoff_at`` or once staff have confirmed who was there, at ``starts_by`` at the latest. At
    ``digests_at`` staff get their digests; the report is written at ``reports_at``, and once more when the last
    follow-up has closed.
    """

    kickoff_at: AwareDatetime
    starts_by: AwareDatetime
    reports_at: AwareDatetime
    followed_up_at: AwareDatetime
    digests_at: tuple[AwareDatetime, ...] = ()


class FailingActivity(TemporalModel):
    """An activity of a cohort that fails and is retried: its name, and since when."""

    activity: str
    since: AwareDatetime


class CohortRecovery(TemporalModel):
    """What PostgreSQL knows of a cohort: its match runs, when any was published, and that staff confirmed the start."""

    match_run: int | None = None
    published_run: int | None = None
    published_at: tuple[AwareDatetime, ...] = ()
    attendance_confirmed: bool = False


class CohortOverview(TemporalModel):
    """What the ``progress`` query of a cohort answers; see Progress for ``busy`` and ``clock_offset``."""

    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)
    busy: bool = False
    stage: CohortStage
    match_run: int | None = None
    published_run: int | None = None
    mentorships: int = 0
    next_due_at: AwareDatetime | None = None
    failing_activity: FailingActivity | None = None
