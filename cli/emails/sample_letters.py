"""Every letter about somebody's place in an invented cohort, from the first link to the kickoff."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta

from cli.emails.sample_pair import MENTEE, MENTOR
from domain.applications.emails import applicant_email_request
from domain.calendar import end_of_day, morning
from domain.safe_text import text_lines
from emails.applicant_letters import (
    ApplicantFacts,
    PastMentorFacts,
    applicant_email,
    apply_by,
    mentors_needed,
)
from emails.applicants import Addressee, ApplicantEmail, InquiryEmail
from schemas.applications.applicant import Applicant, MentorPlaces, Proposal, Rsvp
from schemas.applications.people import Person
from schemas.base import FrozenModel
from schemas.cohort.settings import ApplicationWindow, CohortSettings, HalfDay, HalfDaySession, ProposalSettings
from schemas.emails.messages import SendEmail
from schemas.enums import ApplicationStatus, EmailKind, Recipient, RsvpStatus, Side
from schemas.ids import email_key, proposal_subject

URL = "https://mile.example.org"
OWN_PAGE = f"{URL}/a/{'a2' * 13}"
OPENS_BEFORE, CLOSES_BEFORE = timedelta(days=120), timedelta(days=70)
PROPOSED_BEFORE, INVITED_BEFORE = timedelta(days=45), timedelta(days=28)
WHY_NOT = "Mentors need five years of library work; the application says two."
SHARED = (
    "The mentor can offer what the mentee is looking for: leadership, networking.",
    "Both can usually meet at these times: lunch.",
)
QUESTION = "I work half time. Could I be a mentor all the same?\n\nThank you!"


class SampleLetter(FrozenModel):
    """One letter before it is written; ``person`` is whom it goes to, ``rsvp`` what they said about the kickoff."""

    name: str
    order: SendEmail
    person: Person
    context: ApplicantEmail
    rsvp: Rsvp | None = None


def complete(cohort: CohortSettings) -> CohortSettings:
    """Return a cohort in which people apply, are asked before a match stands, and are invited: with what it has."""
    kickoff = cohort.kickoff
    window = ApplicationWindow(opens_on=kickoff - OPENS_BEFORE, closes_on=kickoff - CLOSES_BEFORE)
    half = HalfDay(id="last", label="The last half day", day=kickoff, begins=time(8, 30), ends=time(12))
    return cohort.model_copy(
        update={
            "applications": cohort.applications or window,
            "proposals": cohort.proposals or ProposalSettings(),
            "session": cohort.session or HalfDaySession(half_days=(half,)),
        }
    )


def sample_letters(given: CohortSettings) -> Iterator[SampleLetter]:
    """Give every letter to an applicant, in the order in which they can come."""
    cohort = complete(given)
    opened = morning(cohort.kickoff - OPENS_BEFORE, cohort.time_zone)
    yield from _recruiting(cohort, opened)
    yield from _applying(cohort, opened)
    yield from _proposing(cohort)
    yield from _inviting(cohort)


def sample_inquiry(cohort: CohortSettings) -> tuple[SendEmail, InquiryEmail]:
    """Return a question somebody asked before applying, and the order to bring it to staff."""
    at = morning(cohort.kickoff - OPENS_BEFORE, cohort.time_zone)
    key = email_key(cohort.id, EmailKind.INQUIRY, "1", Recipient.STAFF)
    order = SendEmail(key=key, kind=EmailKind.INQUIRY, scope_id=cohort.id, to=Recipient.STAFF, at=at, now=at)
    day = cohort.kickoff - OPENS_BEFORE
    return order, InquiryEmail(
        cohort=cohort,
        name="Odalys Fernholm",
        email="odalys.fernholm@example.org",
        words=text_lines(QUESTION),
        received_on=day,
        by=day + timedelta(days=7),
    )


def _recruiting(cohort: CohortSettings, at: datetime) -> Iterator[SampleLetter]:
    recipient = Addressee(id=MENTOR.id, side=Side.MENTOR, name=MENTOR.name, email=MENTOR.email)
    for number, missing in ((0, 0), (1, 3)):
        order = _order(cohort, EmailKind.MENTORS_NEEDED, MENTOR, at, number=number)
        facts = PastMentorFacts(
            cohort=cohort,
            recipient=recipient,
            mentored_in="the class before",
            came=False,
            places=MentorPlaces(mentor_places=12, mentees=12 + missing),
        )
        letter = mentors_needed(order, facts, f"{URL}/apply/{cohort.id}")
        name = f"{order.kind}.mentor" + (f".reminder-{number}" if number else "")
        yield from _given(name, order, MENTOR, letter)


def _applying(cohort: CohortSettings, at: datetime) -> Iterator[SampleLetter]:
    for person in (MENTOR, MENTEE):
        yield _letter(cohort, EmailKind.APPLICATION_LINK, person, at, name="", status=None)
        yield _letter(cohort, EmailKind.APPLICATION_REMINDER, person, at, number=1, status=None)
    yield _letter(cohort, EmailKind.APPLICATION_LINK, MENTOR, at, what="handed-in")
    late = end_of_day(apply_by(cohort), cohort.time_zone)
    yield _letter(cohort, EmailKind.APPLICATION_LINK, MENTOR, late, what="too-late", status=None)
    for status in (ApplicationStatus.ACCEPTED, ApplicationStatus.INELIGIBLE, ApplicationStatus.WAITING):
        why = WHY_NOT if status is ApplicationStatus.INELIGIBLE else None
        kind = EmailKind.APPLICATION_RECEIVED
        yield _letter(cohort, kind, MENTOR, at, what=status, status=status, why=why)
    yield _letter(cohort, EmailKind.APPLICATION_RECEIVED, MENTEE, at)
    for status in ApplicationStatus:
        yield _letter(cohort, EmailKind.STANDING_CHANGED, MENTOR, at, what=status, status=status)
    for number in (0, 1):
        facts = {"gaps": ("goals", "challenges", "hopes")[number:]}
        yield _letter(cohort, EmailKind.INTAKE, MENTEE, at, number=number, facts=facts)


def _proposing(cohort: CohortSettings) -> Iterator[SampleLetter]:
    at = morning(cohort.kickoff - PROPOSED_BEFORE, cohort.time_zone)
    days = cohort.proposals.answer_days if cohort.proposals else 0
    answer_by = end_of_day(cohort.kickoff - PROPOSED_BEFORE + timedelta(days=days), cohort.time_zone)
    about = proposal_subject(MENTOR.id, MENTEE.id, at)
    for person, partner in ((MENTOR, MENTEE), (MENTEE, MENTOR)):
        proposal = Proposal(partner=partner, score=81, shared=SHARED, proposed_at=at, answer_by=answer_by)
        facts, final = ({"proposal": proposal.model_copy(update={"final": final})} for final in (False, True))
        for number in (0, 1):
            yield _letter(cohort, EmailKind.PROPOSAL, person, at, number=number, about=about, facts=facts)
        yield _letter(cohort, EmailKind.MATCH_FINAL, person, answer_by, about=about, facts=final)


def _inviting(cohort: CohortSettings) -> Iterator[SampleLetter]:
    at = morning(cohort.kickoff - INVITED_BEFORE, cohort.time_zone)
    for person in (MENTOR, MENTEE):
        yield _letter(cohort, EmailKind.KICKOFF, person, at)
    yield _letter(cohort, EmailKind.KICKOFF, MENTOR, at, number=1)
    for coming in (*RsvpStatus, None):
        rsvp = Rsvp(coming=coming) if coming else None
        what = coming or "silent"
        yield _letter(cohort, EmailKind.KICKOFF_CHANGED, MENTOR, at, what=what, rsvp=rsvp)


def _letter(
    cohort: CohortSettings,
    kind: EmailKind,
    person: Person,
    at: datetime,
    *,
    number: int = 0,
    what: str = "",
    about: str = "sample",
    facts: Mapping[str, object] | None = None,
    **applicant: object,
) -> SampleLetter:
    order = _order(cohort, kind, person, at, number=number, about=about)
    known = _applicant(cohort, person, at, **applicant)
    context = applicant_email(order, ApplicantFacts(applicant=known).model_copy(update=facts or {}), OWN_PAGE)
    parts = [kind, person.side, *([what] if what else []), *([f"reminder-{number}"] if number else [])]
    (letter,) = _given(".".join(parts), order, person, context, known.rsvp)
    return letter


def _applicant(cohort: CohortSettings, person: Person, at: datetime, **different: object) -> Applicant:
    usual = {"name": person.name, "status": ApplicationStatus.ACCEPTED}
    return Applicant.model_validate(
        {"cohort": cohort, "person_id": person.id, "side": person.side, "email": person.email, "began_at": at}
        | usual
        | different
    )


def _order(
    cohort: CohortSettings, kind: EmailKind, person: Person, at: datetime, *, number: int = 0, about: str = "sample"
) -> SendEmail:
    return applicant_email_request(cohort.id, person.id, person.side, kind, about, at=at, now=at, occurrence=number)


def _given(
    name: str, order: SendEmail, person: Person, context: ApplicantEmail | None, rsvp: Rsvp | None = None
) -> Iterator[SampleLetter]:
    if context is not None:
        yield SampleLetter(name=name, order=order, person=person, context=context, rsvp=rsvp)
