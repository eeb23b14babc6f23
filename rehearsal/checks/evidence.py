"""What a rehearsal left for the promises to be judged by: its record, and every email, answer and page behind it."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from rehearsal.pages_seen import Asked, FormSeen, OpeningSeen, PageSeen
from schemas.applications.imports import StoredApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, MilestoneKind, Outcome, Recipient, Side
from schemas.ids import response_id
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import ProposedMatch
from schemas.rehearsal import MentorshipRecord, RehearsalRecord
from schemas.report.figures import Report


class EmailEvidence(FrozenModel):
    """An email as it was received: its plain text with single spaces, and whom an answer to it would reach.

    ``sent_to`` is the mailbox it was for, ``calendar`` the calendar file that came with it, if one did.
    """

    key: str
    mentorship: str
    kind: EmailKind
    to: Recipient
    at: datetime
    subject: str
    text: str
    reply_to: str
    sent_to: str = ""
    calendar: str = ""
    asks: tuple[str, ...] = ()
    automatic: bool = True


class ResponseEvidence(FrozenModel):
    """One revision of a response with its words, by question name."""

    mentorship: str
    milestone: str
    kind: MilestoneKind
    side: Side
    at: datetime
    answers: dict[str, str]

    @property
    def id(self) -> str:
        """Return the response's id."""
        return response_id(self.mentorship, self.milestone, self.side)


class AgreementEvidence(FrozenModel):
    """The contents of one version of a pair's agreement, and since when it stands, if it does."""

    mentorship: str
    version: int
    contents: dict[str, str]
    stands_since: datetime | None


class PreKickoffEvidence(FrozenModel):
    """What the months before the kickoff left: pages anybody saw, questions asked, and what was kept of everybody."""

    openings: tuple[OpeningSeen, ...] = ()
    forms: tuple[FormSeen, ...] = ()
    asked: tuple[Asked, ...] = ()
    applications: tuple[StoredApplication, ...] = ()
    proposals: tuple[ProposedMatch, ...] = ()
    guests: tuple[Guest, ...] = ()


class Evidence(FrozenModel):
    """All of it: ``capacity`` is how many mentees a mentor takes, ``said_to_engine`` words found in its histories."""

    record: RehearsalRecord
    settings: CohortSettings
    letters: tuple[EmailEvidence, ...] = ()
    answers: tuple[ResponseEvidence, ...] = ()
    agreements: tuple[AgreementEvidence, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    capacity: dict[str, int] = Field(default_factory=dict)
    said_to_engine: tuple[str, ...] = ()
    gathered: PreKickoffEvidence = PreKickoffEvidence()
    report: Report | None = None

    def first_pairs(self) -> Iterator[MentorshipRecord]:
        """Yield the mentorships that took over from no other."""
        return (one for one in self.record.mentorships if one.predecessor is None)

    def completed(self) -> Iterator[MentorshipRecord]:
        """Yield the mentorships that came to their own end."""
        return (one for one in self.record.mentorships if one.outcome is Outcome.COMPLETED)

    def letters_of(self, kind: EmailKind, to: Recipient | None = None) -> Iterator[EmailEvidence]:
        """Yield the emails of one kind, to one recipient or to all."""
        return (one for one in self.letters if one.kind is kind and to in (None, one.to))

    def standing(self, mentorship: str, at: datetime | None = None) -> AgreementEvidence | None:
        """Return the agreement that stood at a moment, or in the end."""
        stood = [
            (one.stands_since, one.version, one)
            for one in self.agreements
            if one.mentorship == mentorship and one.stands_since and (at is None or one.stands_since <= at)
        ]
        return max(stood, key=lambda each: each[:2])[2] if stood else None


def kind_of(milestone: str) -> MilestoneKind:
    """Return the kind of a milestone by its id, such as ``check_in-3``."""
    return MilestoneKind(milestone.partition("-")[0])
