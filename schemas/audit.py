"""Drift: how PostgreSQL and Temporal differ, and what either of them says. Ids, dates and enumerations only."""

from collections import Counter
from datetime import date
from enum import StrEnum
from zlib import crc32

from pydantic import AwareDatetime, Field, JsonValue

from schemas.base import FrozenModel, TemporalModel
from schemas.cohort.messages import CohortCall
from schemas.enums import Outcome, Phase, Side, StaffReason
from schemas.mentorship.changes import StaffDecision
from schemas.mentorship.responses import SavedResponse

# At most so many ids are in an audit event.
NAMED = 50


class DriftKind(StrEnum):
    """How the two can disagree, about a whole cohort or about a mentorship."""

    STAGE = "stage"
    COHORT_WITHOUT_WORKFLOW = "cohort_without_workflow"
    NOT_STARTED = "not_started"
    WITHOUT_WORKFLOW = "without_workflow"
    WITHOUT_ROW = "without_row"
    INTERRUPTED = "interrupted"
    STUCK = "stuck"
    UNRESPONSIVE = "unresponsive"
    PROGRESS = "progress"
    PLAN = "plan"
    CLOSINGS = "closings"
    RESPONSES = "responses"
    RESPONSES_LOST = "responses_lost"
    EMAILS_LOST = "emails_lost"
    DECISIONS = "decisions"
    DECISIONS_UNRECORDED = "decisions_unrecorded"
    PUBLICATION = "publication"
    PUBLICATION_LOST = "publication_lost"


class Drift(TemporalModel):
    """One difference: of which mentorship or cohort, and in which columns, milestones or responses.

    ``repairable`` says that it can be repaired without anybody's judgment, ``repaired`` that it was.
    """

    kind: DriftKind
    id: str
    what: tuple[str, ...] = ()
    repairable: bool = False
    repaired: bool = False


class AuditCall(CohortCall):
    """Ask for an audit of a cohort: with ``repair`` what is repairable is repaired.

    Mentorships whose rows agree with Temporal's list are inspected once a week; with ``everybody`` all are now.
    """

    repair: bool = False
    everybody: bool = False


class AuditResult(TemporalModel):
    """The result of an audit of a cohort: how many mentorships it has, how many were inspected, and every drift."""

    cohort_id: str
    mentorships: int = 0
    inspected: int = 0
    drifts: tuple[Drift, ...] = ()

    @property
    def left(self) -> tuple[Drift, ...]:
        """Return the drifts that were not repaired."""
        return tuple(drift for drift in self.drifts if not drift.repaired)

    def in_short(self) -> dict[str, JsonValue]:
        """Return the details of the audit event: counts of all, and the first ids."""
        kinds: dict[str, JsonValue] = dict(Counter(drift.kind.value for drift in self.drifts))
        ids: list[JsonValue] = [*sorted({drift.id for drift in self.drifts})[:NAMED]]
        return {"found": kinds, "repaired": len(self.drifts) - len(self.left), "ids": ids}

    @property
    def fingerprint(self) -> str:
        """Return a checksum that is the same for the same drifts left, so that staff get one note about them."""
        left = sorted(f"{drift.kind} {drift.id}" for drift in self.left)
        return f"{crc32(' '.join(left).encode()):08x}"


class MentorshipRow(FrozenModel):
    """What PostgreSQL says of a mentorship in brief.

    ``closes_last`` is when the last milestone closes that somebody is asked about, ``answered`` what was signaled to
    its workflow some time ago (as ``mentor:check_in-3``).
    """

    id: str
    phase: Phase
    outcome: Outcome | None
    concerned: bool
    started_at: AwareDatetime | None
    takes_over: bool
    planned: bool
    closes_last: AwareDatetime | None
    answered: tuple[str, ...] = ()

    @property
    def started(self) -> bool:
        """Tell whether its workflow was started."""
        return self.started_at is not None

    @property
    def goes_on(self) -> bool:
        """Tell whether a workflow is needed: it has not ended, or somebody is still asked something."""
        return self.outcome is None or self.closes_last is not None


class ExecutionState(StrEnum):
    """Whether a workflow runs, has come to its own end, or was ended from outside."""

    RUNNING = "running"
    COMPLETED = "completed"
    INTERRUPTED = "interrupted"


class ExecutionSnapshot(FrozenModel):
    """What Temporal lists of a mentorship's workflow; ``stuck`` where its tasks keep failing."""

    state: ExecutionState
    phase: str | None = None
    needs_attention: bool | None = None
    next_due_at: AwareDatetime | None = None
    waiting_for: tuple[str, ...] = ()
    stuck: bool = False


class MilestoneRow(FrozenModel):
    """A milestone as PostgreSQL has it."""

    id: str
    asked: tuple[Side, ...]
    opens_on: date
    closes_on: date
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    open_until: AwareDatetime | None
    closed: bool
    dropped: bool


class StoredMentorship(FrozenModel):
    """All that PostgreSQL has of a mentorship: its rows, its responses, and what staff decided.

    ``responses`` are the newest revisions that its workflow should know by now, ``revisions`` the numbers of all newest
    ones by id, ``decisions`` what staff saw confirmed, ``emails`` the keys of all that were enqueued; None where nobody
    is emailed any more, because the cohort is archived.
    """

    id: str
    phase: Phase
    outcome: Outcome | None
    concerns: tuple[StaffReason, ...]
    ends_on: date
    started: bool
    milestones: tuple[MilestoneRow, ...] = ()
    responses: tuple[SavedResponse, ...] = ()
    revisions: dict[str, int] = Field(default_factory=dict)
    decisions: tuple[StaffDecision, ...] = ()
    emails: frozenset[str] | None = None


class StoredCohort(FrozenModel):
    """What PostgreSQL has of a cohort's match runs and start; ``started_by_staff`` says that they confirmed it."""

    newest_run: int | None = None
    published_run: int | None = None
    published_at: tuple[AwareDatetime, ...] = ()
    started_by_staff: bool = False
