"""What workflows, activities and pages send each other: ids, dates and enumerations, never anyone's words."""

from datetime import timedelta

from pydantic import AwareDatetime, Field, JsonValue

from schemas.base import Carried
from schemas.cohort.settings import Objective
from schemas.enums import CohortStage, MilestoneKind, Outcome, Phase, StaffReason
from schemas.mentorship.state import Closing, Errand, PlannedEmail
from schemas.mentorship.terms import Terms


class Envelope(Carried):
    """What a signal carries: lenient outside and parsed strictly inside, so that the engine drops nothing unseen."""

    body: dict[str, JsonValue] = Field(default_factory=dict)


class SendEmail(Errand):
    """Ask for one email: an errand of ``scope_id``, a mentorship, or a cohort for notes about the whole of it.

    ``at`` is the moment it was due, ``now`` the programme's clock at the asking, ``automatic`` false where somebody's
    act brought it about; notes to staff have a ``reason`` and say which side they are ``about``.
    """

    scope_id: str
    now: AwareDatetime
    automatic: bool = True


class EmailResult(Carried):
    """What became of an email.

    ``sent``, ``already_sent``, ``undeliverable``, ``put_off`` by its mailbox for now, ``nothing_to_tell`` for a digest.
    """

    state: str


class CloseMilestones(Carried):
    """Ask to record how milestones closed."""

    mentorship_id: str
    closings: tuple[Closing, ...]
    now: AwareDatetime


class RecordProgress(Carried):
    """Ask to record where a mentorship stands, for lists and reports."""

    mentorship_id: str
    phase: Phase
    concerns: tuple[StaffReason, ...] = ()
    outcome: Outcome | None = None
    now: AwareDatetime


class DrawUpPlan(Carried):
    """Ask for the plan of a mentorship; ``lived`` are the emails of an earlier plan whose moment is past."""

    terms: Terms
    now: AwareDatetime
    lived: tuple[PlannedEmail, ...] = ()


class StartSuccessor(Carried):
    """Ask to start the mentorship of another mentor with the same mentee, which takes over what is left of one."""

    terms: Terms
    mentor: str
    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)


class CohortCall(Carried):
    """Ask an activity for something about a whole cohort."""

    cohort_id: str
    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)


class CountOpen(CohortCall):
    """Ask how many mentorships of a cohort have not ended, or are still asked something of this kind."""

    kind: MilestoneKind


class CohortStageReached(Carried):
    """Ask to record that a cohort reached a stage."""

    cohort_id: str
    stage: CohortStage
    now: AwareDatetime


class CohortDates(Carried):
    """The moments a cohort's workflow waits for (UTC).

    At ``digests_at`` staff are told what waits; the report is written at ``reports_at``, and once more when the last
    follow-up has closed.
    """

    kickoff_at: AwareDatetime
    reports_at: AwareDatetime
    followed_up_at: AwareDatetime
    digests_at: tuple[AwareDatetime, ...] = ()


class MatchRequest(Carried):
    """What staff want of a match run: pairs fixed or ruled out as (participant, mentor) ids, another objective.

    ``close_to`` is an earlier run of which as many pairs are kept as placing the most people allows.
    """

    pins: tuple[tuple[str, str], ...] = ()
    forbid: tuple[tuple[str, str], ...] = ()
    objective: Objective | None = None
    close_to: int | None = None


class MatchCall(Carried):
    """Ask an activity to match a cohort."""

    cohort_id: str
    now: AwareDatetime
    request: MatchRequest = MatchRequest()


class PublishCall(Carried):
    """Ask to make a match run the cohort's own; ``waived`` says that staff let broken rules pass, with a note."""

    cohort_id: str
    run: int
    waived: bool = False
    now: AwareDatetime


class MatchSummary(Carried):
    """What matching a cohort comes to."""

    pairs: int
    unplaced: int
    worst: int
    total: int
    valid: bool


class MatchRunSummary(MatchSummary):
    """What a match run came to; the pairs themselves are in PostgreSQL under ``run``."""

    run: int


class GoalSummary(Carried):
    """What staff may know of a goal check-in: how many goals are stuck, and how many for the second time in a row."""

    stuck: int
    stuck_twice: int


class Refused(Carried):
    """A step of a cohort that is refused and tried again: the activity's name, and since when."""

    activity: str
    since: AwareDatetime


class CohortOverview(Carried):
    """What the ``progress`` query of a cohort answers; see Progress for ``busy`` and ``clock_offset``."""

    now: AwareDatetime
    clock_offset: timedelta = timedelta(0)
    busy: bool = False
    stage: CohortStage
    match_run: int | None = None
    published_run: int | None = None
    mentorships: int = 0
    next_due_at: AwareDatetime | None = None
    refused: Refused | None = None
