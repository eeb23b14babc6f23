"""The evidence by which promises are judged: a rehearsal's record, and its emails, answers and pages."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from rehearsal.pages_seen import FormSeen, InquirySent, PageSeen, PublicPageSeen
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
    """An email as it was received: its plain text with single spaces, and the address that a reply would reach.

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
    """The contents of one version of a pair's agreement, and since when it is in force, if it is."""

    mentorship: str
    version: int
    contents: dict[str, str]
    in_force_since: datetime | None


class PreKickoffEvidence(FrozenModel):
    """Evidence from before the kickoff: public pages, inquiries, applications, proposals and guests."""

    public_pages: tuple[PublicPageSeen, ...] = ()
    forms: tuple[FormSeen, ...] = ()
    inquiries: tuple[InquirySent, ...] = ()
    applications: tuple[StoredApplication, ...] = ()
    proposals: tuple[ProposedMatch, ...] = ()
    guests: tuple[Guest, ...] = ()


class Evidence(FrozenModel):
    """All of it.

    ``capacity`` is how many mentees a mentor takes, ``leaked_to_temporal`` words found in its histories, and
    ``guidance_page`` the page that credits the guidance texts, as HTML.
    """

    record: RehearsalRecord
    settings: CohortSettings
    emails: tuple[EmailEvidence, ...] = ()
    answers: tuple[ResponseEvidence, ...] = ()
    agreements: tuple[AgreementEvidence, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    guidance_page: str = ""
    capacity: dict[str, int] = Field(default_factory=dict)
    leaked_to_temporal: tuple[str, ...] = ()
    pre_kickoff: PreKickoffEvidence = PreKickoffEvidence()
    report: Report | None = None

    def first_mentorships(self) -> Iterator[MentorshipRecord]:
        """Yield the mentorships that took over from no other."""
        return (mentorship for mentorship in self.record.mentorships if mentorship.predecessor is None)

    def completed(self) -> Iterator[MentorshipRecord]:
        """Yield the mentorships that came to their own end."""
        return (mentorship for mentorship in self.record.mentorships if mentorship.outcome is Outcome.COMPLETED)

    def emails_of(self, kind: EmailKind, to: Recipient | None = None) -> Iterator[EmailEvidence]:
        """Yield the emails of one kind, to one recipient or to all."""
        return (email for email in self.emails if email.kind is kind and to in (None, email.to))

    def agreement_in_force(self, mentorship: str, at: datetime | None = None) -> AgreementEvidence | None:
        """Return the agreement in force at a moment, or the last one."""
        in_force = [
            (version.in_force_since, version.version, version)
            for version in self.agreements
            if version.mentorship == mentorship
            and version.in_force_since
            and (at is None or version.in_force_since <= at)
        ]
        return max(in_force, key=lambda item: item[:2])[2] if in_force else None


def kind_of(milestone: str) -> MilestoneKind:
    """Return the kind of a milestone by its id, such as ``check_in-3``."""
    return MilestoneKind(milestone.partition("-")[0])
