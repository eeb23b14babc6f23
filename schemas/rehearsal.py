"""The JSON of a rehearsal: documented field by field in docs/rehearsal.md, and stable."""

from datetime import date

from pydantic import AwareDatetime, ConfigDict, Field

from schemas.base import FrozenModel
from schemas.enums import EmailKind, MilestoneKind, NotShown, Outcome, Recipient, Side, WindowStatus


class QuarterRecord(FrozenModel):
    """One check-in window, and what each side had said when it closed."""

    number: int
    opens_on: date
    closes_on: date
    mentor: WindowStatus
    mentee: WindowStatus


class EmailRecord(FrozenModel):
    """One email. ``at`` is local; ``automatic`` is false where somebody's action caused it.

    ``text`` is its plain text on one line, with ``<link>`` for each link, so that two rehearsals can be compared.
    """

    key: str
    kind: EmailKind
    to: Recipient
    automatic: bool
    at: AwareDatetime
    subject: str
    state: str
    asks: tuple[str, ...] = ()
    text: str = ""


class SentResponseRecord(FrozenModel):
    """One response, as it counted in the end, with the number of times it was changed before."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    form: MilestoneKind
    side: Side = Field(alias="from")
    at: AwareDatetime
    revision: int


class MilestoneRecord(FrozenModel):
    """Something that was due; ``silent`` is who of those asked had not answered when it closed."""

    id: str
    kind: MilestoneKind
    asked: tuple[Side, ...]
    opens_on: date
    closes_on: date
    closed: bool
    silent: tuple[Side, ...] = ()


class AgreementVersionRecord(FrozenModel):
    """One version of a pair's agreement: who wrote it, and when each side agreed to it."""

    version: int
    written_by: Side | None
    at: AwareDatetime
    mentor_agreed_at: AwareDatetime | None = None
    mentee_agreed_at: AwareDatetime | None = None

    @property
    def in_force_since(self) -> AwareDatetime | None:
        """Return when the second of the two agreed to it, or None where one has not."""
        if self.mentor_agreed_at is None or self.mentee_agreed_at is None:
            return None
        return max(self.mentor_agreed_at, self.mentee_agreed_at)


class ChangeRecord(FrozenModel):
    """What staff did to a mentorship, in the order in which they did; the other fields are what they asked for."""

    change: str
    from_on: date | None = None
    until_on: date | None = None
    months: int | None = None
    mentor: str | None = None


class MentorshipRecord(FrozenModel):
    """One mentorship from kickoff to its last survey; ``events`` and ``actions`` are of all its runs together."""

    id: str
    mentor: str
    mentee: str
    score: int
    outcome: Outcome | None
    starts_on: date
    ends_on: date
    quarters: tuple[QuarterRecord, ...]
    emails: tuple[EmailRecord, ...]
    responses: tuple[SentResponseRecord, ...]
    runs: int
    events: int
    actions: int
    predecessor: str | None = None
    successor: str | None = None
    milestones: tuple[MilestoneRecord, ...] = ()
    agreement: tuple[AgreementVersionRecord, ...] = ()
    changes: tuple[ChangeRecord, ...] = ()


class ParticipantEmailsRecord(FrozenModel):
    """How many emails one participant got about a mentorship: until its last day, and from then on, by kind.

    ``reminders`` counts those that only came because something was not answered yet, ``silent_about`` what they were
    asked and had not answered when it closed: 0 for who answered everything.
    """

    mentorship: str
    side: Side
    participant: str
    during: int
    afterwards: int
    reminders: int
    kinds: dict[EmailKind, int]
    silent_about: int


class UnmatchedRecord(FrozenModel):
    """A participant nobody could be found for, and why."""

    id: str
    why: str


class PromiseRecord(FrozenModel):
    """One promise of the program that the rehearsal put to the test: whether it held, and the evidence."""

    id: str
    held: bool
    evidence: str
    says: str = ""
    since: int = 2019


class UntestedPromiseRecord(FrozenModel):
    """One promise the rehearsal says nothing about, and why."""

    id: str
    why: str
    reason: NotShown = NotShown.NOT_TESTED
    says: str = ""
    since: int = 2019


class RehearsalRecord(FrozenModel):
    """A whole rehearsal; ``applicant_emails`` are about people's places in the cohort before it began.

    ``emails_per_participant`` counts those of its mentorships.
    """

    cohort: str
    seed: int
    kickoff_on: date
    seconds: float
    people: dict[str, int]
    unmatched: tuple[UnmatchedRecord, ...]
    mentorships: tuple[MentorshipRecord, ...]
    staff_emails: tuple[EmailRecord, ...]
    applicant_emails: tuple[EmailRecord, ...] = ()
    emails_per_participant: tuple[ParticipantEmailsRecord, ...] = ()
    promises: tuple[PromiseRecord, ...] = ()
    promises_not_shown: tuple[UntestedPromiseRecord, ...] = ()
    problems: tuple[str, ...] = ()
