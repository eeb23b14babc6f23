"""Evidence from before the kickoff of two short mentorships: applications, proposals, guests, emails and the report."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.applications.eligibility import eligibility_rules, ineligibility_for_applicant
from domain.calendar import months_after
from domain.formatting import format_weekday
from domain.report.figures import make_report
from rehearsal.checks.evidence import EmailEvidence, PreKickoffEvidence
from rehearsal.pages_seen import FormSeen, InquirySent, PublicPageSeen
from schemas.applications.applicant import Inquiry, Rsvp
from schemas.applications.imports import StoredApplication
from schemas.applications.people import MenteeApplication, MentorApplication, Person
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    Eligibility,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import (
    ApplicationStatus,
    Commitment,
    EmailKind,
    LibraryType,
    MilestoneKind,
    Outcome,
    Recipient,
    RsvpStatus,
    Side,
)
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import ProposedMatch, SideAnswer
from schemas.report.figures import Report
from schemas.report.records import CohortRecords, PairRecord, PersonRecord, ResponseRecord

LOCAL = ZoneInfo("America/Chicago")
KICKOFF = date(2019, 5, 10)
ASKED_AT = datetime(2019, 2, 6, 12, tzinfo=LOCAL)
PROPOSED_AT = datetime(2019, 3, 19, 9, tzinfo=LOCAL)
QUESTION = "Is leading a reading club experience enough?"
ASKER = "ottilie.berg@example.org"
COMMITTED = SideAnswer(commitment=Commitment.COMMITTED, at=PROPOSED_AT + timedelta(days=2))
WORDS = "Chair chair@example.org"

SETTINGS = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
    contact=ProgramContact(role="Chair", email="chair@example.org"),
    eligibility=Eligibility(min_years=5),
    applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 15)),
    proposals=ProposalSettings(),
    session=HalfDaySession(
        half_days=(HalfDay(id="morning", label="Friday morning", day=KICKOFF, begins=time(9), ends=time(12)),)
    ),
)
# What the mentees of both pairs told at intake, as an email shows it.
TOLD = "> Lead a small team well. > Time. > Calm."
RULES = " ".join(eligibility_rules(SETTINGS.eligibility))


def mentor(person: str, years: int = 12) -> MentorApplication:
    return MentorApplication(**_card(person), library_type=LibraryType.PUBLIC, years=years)


def _card(person: str) -> dict[str, str]:
    # Names that share no word: libraries that are spelled alike count as one employer.
    library = {"M01": "Pine", "M02": "Harbor", "M03": "Meadow", "P01": "Granite", "P02": "Orchard"}.get(person, "Fox")
    return {
        "id": person,
        "name": f"Somebody {person}",
        "email": f"{person.lower()}@example.org",
        "library": f"{library} Library",
        "town": "Duluth",
        "role": "Library assistant",
    }


def mentee(person: str, **answers: str) -> MenteeApplication:
    return MenteeApplication(
        **_card(person), library_type=LibraryType.PUBLIC, goals=("Lead a small team well.",), **answers
    )


def applied(person: MentorApplication | MenteeApplication, status: ApplicationStatus) -> StoredApplication:
    side = Side.MENTOR if isinstance(person, MentorApplication) else Side.MENTEE
    return StoredApplication(side=side, status=status, person=person)


def opening(day: date, hour: int, says: str, missing: int, *, banner: bool = False) -> PublicPageSeen:
    needed = f'<p class="banner">Mentors still needed: {missing}</p>' if banner else ""
    return PublicPageSeen(
        cohort="mile-2019",
        at=datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL),
        html=f"{needed}<p>{says}</p><ul>{RULES}</ul>",
        missing=missing,
    )


def guest(person: str, side: Side, status: RsvpStatus | None, *, attended: bool) -> Guest:
    rsvp = Rsvp(status=status) if status else None
    return Guest(person=Person(**_card(person), side=side), invited=True, rsvp=rsvp, attended=attended)


def pre_kickoff() -> PreKickoffEvidence:
    accepted = (mentor("M01"), mentor("M02"), mentor("M03"), mentee("P01", challenges="Time.", hopes="Calm."))
    return PreKickoffEvidence(
        public_pages=(
            opening(date(2019, 1, 31), 9, "Applications open on <strong>1 February</strong>", 2),
            opening(date(2019, 2, 1), 10, "Applications are open.", 2, banner=True),
            opening(date(2019, 2, 5), 10, "Applications are open.", 0),
            opening(date(2019, 3, 16), 10, "there is a <strong>waiting list</strong>", 0),
            opening(KICKOFF, 10, "Applications for this class are closed.", 0),
        ),
        forms=(
            FormSeen(cohort="mile-2019", html='<form><input name="name"><input name="role"></form>'),
            FormSeen(
                cohort="mile-2019",
                html="<textarea name=goal_1></textarea><textarea name=challenges></textarea><textarea name=hopes>",
            ),
        ),
        inquiries=(InquirySent(at=ASKED_AT, inquiry=Inquiry(cohort_id="mile-2019", email=ASKER, text=QUESTION)),),
        applications=(
            *(applied(person, ApplicationStatus.ACCEPTED) for person in (*accepted, mentee("P02"))),
            applied(mentor("A001", years=4), ApplicationStatus.INELIGIBLE),
        ),
        proposals=(
            _proposal("M01", "P01", mentor=COMMITTED, mentee=COMMITTED, final=True),
            _proposal("M02", "P02", confirmed_at=PROPOSED_AT + timedelta(days=12), final=True),
        ),
        guests=(
            guest("M01", Side.MENTOR, RsvpStatus.YES, attended=True),
            guest("P01", Side.MENTEE, RsvpStatus.UNSURE, attended=True),
            guest("M02", Side.MENTOR, RsvpStatus.NO, attended=False),
            guest("P02", Side.MENTEE, None, attended=True),
        ),
    )


def _proposal(mentor_id: str, mentee_id: str, **values: object) -> ProposedMatch:
    proposed = {"mentor_id": mentor_id, "mentee_id": mentee_id, "run": 1, "proposed_at": PROPOSED_AT}
    return ProposedMatch.model_validate(proposed | {"final": False, "declined": False} | values)


def report() -> Report:
    """Return a small class's report: five people of each side rated themselves, and the association's question."""
    ids = [f"{number:03}" for number in range(1, 6)]
    people = [(side, f"{side}{number}") for side in Side for number in ids]
    return make_report(
        CohortRecords(
            cohort_id="mile-2019",
            outcomes=(Outcome.COMPLETED,) * len(ids),
            responses=tuple(
                ResponseRecord(
                    form=MilestoneKind.CLOSURE_SURVEY,
                    side=side,
                    answers={"satisfaction": "4", "profession": "5"},
                    person=person,
                )
                for side, person in people
            ),
            people=tuple(PersonRecord(person=person, role="Library assistant", town="Duluth") for _, person in people),
            pairs=tuple(PairRecord(mentor=f"mentor{number}", mentee=f"mentee{number}") for number in ids),
        )
    )


def emails_before_kickoff() -> tuple[EmailEvidence, ...]:
    """Return the emails to applicants, and those to staff."""
    why = str(ineligibility_for_applicant(mentor("A001", years=4), SETTINGS))
    last_day = format_weekday(months_after(KICKOFF, 18))
    pairs = (("M01", Recipient.MENTOR), ("P01", Recipient.MENTEE), ("M02", Recipient.MENTOR), ("P02", Recipient.MENTEE))
    return (
        _received_email(EmailKind.APPLICATION_RECEIVED, Recipient.MENTOR, "A001", ASKED_AT, f"We have it. {why}"),
        _received_email(EmailKind.INTAKE, Recipient.MENTEE, "P02", ASKED_AT, "Please tell us your hopes."),
        _received_email(EmailKind.INQUIRY, Recipient.STAFF, "", ASKED_AT, QUESTION).model_copy(
            update={"reply_to": ASKER}
        ),
        _received_email(EmailKind.STAFF_NOTE, Recipient.STAFF, "", PROPOSED_AT, "intake_incomplete"),
        *(
            _received_email(EmailKind.PROPOSAL, to, person, PROPOSED_AT, f"Until {last_day}. {TOLD}")
            for person, to in pairs
        ),
        *(
            _received_email(EmailKind.KICKOFF, to, person, PROPOSED_AT, "Are you status?").model_copy(
                update={"calendar": "BEGIN:VCALENDAR\nDTSTART:20190510T090000"}
            )
            for person, to in pairs
        ),
    )


def _received_email(kind: EmailKind, to: Recipient, person: str, moment: datetime, text: str) -> EmailEvidence:
    scope = f"mile-2019/{person}" if person else "mile-2019"
    return EmailEvidence(
        key=f"{scope}/{kind}/{text if to is Recipient.STAFF else kind}/{to}/0",
        mentorship=scope,
        kind=kind,
        to=to,
        at=moment,
        subject=kind,
        text=f"{text} {WORDS}",
        reply_to="chair@example.org",
        sent_to="Chair <chair@example.org>",
    )
