"""The evidence by which promises are judged: a rehearsal's record, and its emails, answers and pages."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from pydantic import Field

from rehearsal.http_client import FormField, read_page
from rehearsal.pages_seen import FormSeen, InquirySent, OpportunityChoice, PageSeen, PublicPageSeen
from rehearsal.program_events import ProgramEvents, program_events
from schemas.applications.imports import StoredApplication
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import EmailKind, MilestoneKind, Outcome, Recipient, Side
from schemas.ids import response_id
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import ProposedMatch
from schemas.matching.results import Pair
from schemas.personas import Persona, PersonaScript
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
    """Evidence from before the kickoff: public pages, inquiries, applications, proposals and guests.

    ``keep_apart`` is whom people asked not to be matched with, in their words. ``pairs`` are the matches published
    last, with their reasons; the ``earlier`` class is the one before (A1).
    """

    public_pages: tuple[PublicPageSeen, ...] = ()
    forms: tuple[FormSeen, ...] = ()
    inquiries: tuple[InquirySent, ...] = ()
    applications: tuple[StoredApplication, ...] = ()
    proposals: tuple[ProposedMatch, ...] = ()
    guests: tuple[Guest, ...] = ()
    keep_apart: dict[str, str] = Field(default_factory=dict)
    pairs: tuple[Pair, ...] = ()
    earlier_page: str = ""
    earlier_applications: tuple[StoredApplication, ...] = ()


class Evidence(FrozenModel):
    """All of it.

    ``mentors``, ``mentees`` and ``personas`` are the folder's, as they were before anything happened; what is expected
    is computed from them. ``choices`` are what participants said of opportunities, ``taken_up`` how many took each up
    as staff see it. ``leaked_to_temporal`` are words found in Temporal's histories, ``guidance_page`` the page
    that credits the guidance texts and ``report_page`` the closing report, as HTML.
    """

    record: RehearsalRecord
    settings: CohortSettings
    emails: tuple[EmailEvidence, ...] = ()
    answers: tuple[ResponseEvidence, ...] = ()
    agreements: tuple[AgreementEvidence, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    guidance_page: str = ""
    report_page: str = ""
    mentors: tuple[MentorApplication, ...] = ()
    mentees: tuple[MenteeApplication, ...] = ()
    personas: dict[str, PersonaScript] = Field(default_factory=dict)
    choices: tuple[OpportunityChoice, ...] = ()
    taken_up: dict[str, int] = Field(default_factory=dict)
    leaked_to_temporal: tuple[str, ...] = ()
    pre_kickoff: PreKickoffEvidence = PreKickoffEvidence()
    report: Report | None = None

    @property
    def events(self) -> ProgramEvents:
        """Return what happened around the class."""
        return program_events(self.settings)

    def played(self, *personas: Persona) -> frozenset[str]:
        """Return the people of the folder who act like one of these, at least on some days."""
        return frozenset(person for person, script in self.personas.items() if script.persona in personas)

    def always(self, *personas: Persona) -> frozenset[str]:
        """Return the people of the folder who act like one of these all the time."""
        return frozenset(
            person
            for person in self.played(*personas)
            if not (self.personas[person].starts_on or self.personas[person].ends_on)
        )

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


@lru_cache(maxsize=8192)
def fields_of(html: str) -> tuple[FormField, ...]:
    """Return the fields of a page's form; many checks read the same pages."""
    return read_page(html).fields


def kind_of(milestone: str) -> MilestoneKind:
    """Return the kind of a milestone by its id, such as ``check_in-3``."""
    return MilestoneKind(milestone.partition("-")[0])
