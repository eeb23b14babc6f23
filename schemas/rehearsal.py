"""What a rehearsal tells programs: its JSON, documented field by field in docs/rehearsal.md and stable."""

from datetime import date

from pydantic import AwareDatetime, ConfigDict, Field

from schemas.base import Value
from schemas.words import EmailKind, MilestoneKind, Outcome, Recipient, Side, WindowStatus


class QuarterPlayed(Value):
    """One check-in window, and what each side had said when it closed."""

    number: int
    opens_on: date
    closes_on: date
    mentor: WindowStatus
    mentee: WindowStatus


class EmailPlayed(Value):
    """One email. ``at`` is local; ``automatic`` is false where somebody's act brought it about."""

    key: str
    kind: EmailKind
    to: Recipient
    automatic: bool
    at: AwareDatetime
    subject: str
    state: str


class ResponsePlayed(Value):
    """One response, as it counted in the end, with the number of times it was changed before."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    form: MilestoneKind
    side: Side = Field(alias="from")
    at: AwareDatetime
    revision: int


class MentorshipPlayed(Value):
    """One mentorship from kickoff to its last survey; ``events`` and ``actions`` are of all its runs together."""

    id: str
    mentor: str
    mentee: str
    score: int
    outcome: Outcome | None
    starts_on: date
    ends_on: date
    quarters: tuple[QuarterPlayed, ...]
    emails: tuple[EmailPlayed, ...]
    responses: tuple[ResponsePlayed, ...]
    runs: int
    events: int
    actions: int


class UnmatchedPerson(Value):
    """A participant nobody could be found for, and why."""

    id: str
    why: str


class PromiseKept(Value):
    """One promise of the programme: whether the rehearsal kept it, and by what that is seen."""

    id: str
    held: bool
    evidence: str


class RehearsalRecord(Value):
    """A whole rehearsal."""

    cohort: str
    seed: int
    kickoff_on: date
    seconds: float
    people: dict[str, int]
    unmatched: tuple[UnmatchedPerson, ...]
    mentorships: tuple[MentorshipPlayed, ...]
    staff_emails: tuple[EmailPlayed, ...]
    promises: tuple[PromiseKept, ...] = ()
    problems: tuple[str, ...] = ()
