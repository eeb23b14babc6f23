"""A recorded class before its kickoff: applications, proposals, guests and emails; and its report."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.applications.eligibility import eligibility_rules
from domain.cohort.program_text import responsibilities, value_of_mentoring
from domain.formatting import format_weekday
from domain.report.figures import make_report
from rehearsal.checks.evidence import PreKickoffEvidence
from rehearsal.pages_seen import FormSeen, InquirySent, PublicPageSeen
from rehearsal.program_events import program_events
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
    Availability,
    Commitment,
    GoalArea,
    LibraryType,
    MilestoneKind,
    Outcome,
    RsvpStatus,
    Side,
)
from schemas.kickoff.guests import Guest
from schemas.matching.proposals import ProposedMatch, SideAnswer
from schemas.matching.results import Pair
from schemas.report.figures import Report
from schemas.report.records import AgreementRecord, CohortRecords, PairRecord, PersonRecord, ResponseRecord

LOCAL = ZoneInfo("America/Chicago")
KICKOFF = date(2019, 5, 10)
ASKED_AT = datetime(2019, 2, 6, 12, tzinfo=LOCAL)
PROPOSED_AT = datetime(2019, 3, 19, 9, tzinfo=LOCAL)
QUESTION = "Is leading a reading club experience enough?"
ASKER = "ottilie.berg@example.org"
COMMITTED = SideAnswer(commitment=Commitment.COMMITTED, at=PROPOSED_AT + timedelta(days=2))
DECLINED = SideAnswer(commitment=Commitment.DECLINED, at=PROPOSED_AT + timedelta(days=1))
SUCCESSION = PairRecord(mentor="M03", mentee="P02")
WORDS = "MLA Institute for Leadership Excellence, 2019 Mentorship Program. Chair chair@example.org"

SETTINGS = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
    contact=ProgramContact(role="Chair", email="chair@example.org"),
    eligibility=Eligibility(min_years=5, sit_out_years=2),
    applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 15)),
    proposals=ProposalSettings(),
    session=HalfDaySession(
        half_days=(HalfDay(id="morning", label="Friday morning", day=KICKOFF, begins=time(9), ends=time(12)),)
    ),
)
# What a mentee told at intake, as an email shows it.
TOLD = "> Lead a small team well. > Time. > Calm."
RULES = " ".join(eligibility_rules(SETTINGS.eligibility))
EARLIER = program_events(SETTINGS).earlier
# Names that share no word: libraries that are spelled alike count as one employer. P03 works where M01 does.
LIBRARIES = {"M01": "Pine", "M02": "Harbor", "M03": "Meadow", "P01": "Granite", "P02": "Orchard", "P03": "Pine"}
MENTOR_IDS, MENTEE_IDS = ("M01", "M02", "M03", "M04", "M05", "M06"), ("P01", "P02", "P03", "P05", "P06")
PAIRS = (("M01", "P01"), ("M02", "P02"), ("M04", "P03"), ("M05", "P05"), ("M06", "P06"))
CARD = {"offers": (GoalArea.LEADERSHIP,), "availability": (Availability.LUNCH,)}


def mentor(person: str, years: int = 12) -> MentorApplication:
    return MentorApplication.model_validate(_card(person) | CARD | {"years": years})


def _card(person: str) -> dict[str, object]:
    return {
        "id": person,
        "name": f"Somebody {person}",
        "email": f"{person.lower()}@example.org",
        "library": f"{LIBRARIES.get(person, person)} Library",
        "library_type": LibraryType.PUBLIC,
        "town": "Duluth",
        "role": "Library assistant",
    }


def mentee(person: str, **answers: str) -> MenteeApplication:
    told = {"challenges": "Time.", "hopes": "Calm."} | answers
    wanted = {"goals": ("Lead a small team well.",), "wants": CARD["offers"], "availability": CARD["availability"]}
    return MenteeApplication.model_validate(_card(person) | wanted | told)


People = list[MentorApplication | MenteeApplication]
MENTORS = tuple(mentor(person) for person in MENTOR_IDS)
# P02 left out two of three answers, and told them when asked.
MENTEES = tuple(mentee(person, **({"challenges": "", "hopes": ""} if person == "P02" else {})) for person in MENTEE_IDS)


def applied(person: MentorApplication | MenteeApplication, status: ApplicationStatus) -> StoredApplication:
    side = Side.MENTOR if isinstance(person, MentorApplication) else Side.MENTEE
    return StoredApplication(side=side, status=status, person=person)


def _front_page() -> str:
    value = value_of_mentoring(SETTINGS.program)
    asked = [each for side in Side for each in responsibilities(SETTINGS.program, SETTINGS.timeline, side)]
    where = f"{SETTINGS.title} {format_weekday(KICKOFF)} Sugar Lake Lodge Cohasset chair@example.org"
    links = '<a href="/apply/mile-2019">Apply</a><a href="/ask/mile-2019">Ask</a>'
    return " ".join((where, links, *value.mentors, *value.participants, *value.association, *asked))


def opening(day: date, hour: int, says: str, missing: int, *, banner: bool = False) -> PublicPageSeen:
    needed = f'<p class="banner">Mentors still needed: {missing}</p>' if banner else ""
    return PublicPageSeen(
        cohort="mile-2019",
        at=datetime(day.year, day.month, day.day, hour, tzinfo=LOCAL),
        html=f"{needed}<p>{says}</p><ul>{RULES}</ul>",
        missing=missing,
        front_page=_front_page(),
    )


def guest(person: str, side: Side, status: RsvpStatus | None, *, attended: bool) -> Guest:
    rsvp = Rsvp(status=status) if status else None
    stored = {name: value for name, value in _card(person).items() if name != "library_type"}
    return Guest(person=Person.model_validate(stored | {"side": side}), invited=True, rsvp=rsvp, attended=attended)


def _forms() -> tuple[FormSeen, ...]:
    asked = {side: " ".join(responsibilities(SETTINGS.program, SETTINGS.timeline, side)) for side in Side}
    statuses = "".join(f'<input type="radio" name="status" value="{status}">' for status in RsvpStatus)
    pages = (
        '<form><input name="name"><input name="role"></form>',
        "<textarea name=goal_1></textarea><textarea name=challenges></textarea><textarea name=hopes>",
        f"When you submit this, you agree to the following. {asked[Side.MENTOR]}",
        f"<h2>What you commit to</h2> {asked[Side.MENTOR]} {asked[Side.MENTEE]}",
        f"<form>{statuses}</form>",
    )
    return tuple(FormSeen(cohort="mile-2019", html=html) for html in pages)


def pre_kickoff() -> PreKickoffEvidence:
    ineligible = applied(mentor("A001", years=4), ApplicationStatus.INELIGIBLE)
    accepted: People = [*MENTORS, *(mentee(person) for person in MENTEE_IDS)]
    earlier: People = [*(each.application for each in EARLIER.mentors), *(each.application for each in EARLIER.mentees)]
    return PreKickoffEvidence(
        public_pages=(
            opening(date(2019, 1, 31), 9, "Applications open on <strong>1 February</strong>", 2),
            opening(date(2019, 2, 1), 10, "Applications are open.", 2, banner=True),
            opening(date(2019, 2, 12), 10, "Applications are open.", 0),
            opening(date(2019, 3, 16), 10, "there is a <strong>waiting list</strong>", 0),
            opening(KICKOFF, 10, "Applications for this class are closed.", 0),
        ),
        forms=_forms(),
        inquiries=(InquirySent(at=ASKED_AT, inquiry=Inquiry(cohort_id="mile-2019", email=ASKER, text=QUESTION)),),
        applications=(*(applied(person, ApplicationStatus.ACCEPTED) for person in accepted), ineligible),
        proposals=(
            *(_proposal(*pair, mentor=COMMITTED, mentee=COMMITTED, final=True) for pair in PAIRS if pair[0] != "M05"),
            _proposal("M05", "P05", confirmed_at=PROPOSED_AT + timedelta(days=12), final=True),
            _proposal("M04", "P01", mentor=DECLINED, declined=True, withdrawn_at=PROPOSED_AT + timedelta(days=2)),
        ),
        guests=_guests(),
        pairs=tuple(_pair(*pair) for pair in PAIRS),
        earlier_page=f"{SETTINGS.program.name} {EARLIER.settings.title}",
        earlier_applications=tuple(applied(person, ApplicationStatus.ACCEPTED) for person in earlier),
    )


def _guests() -> tuple[Guest, ...]:
    statuses = {"M01": RsvpStatus.YES, "P01": RsvpStatus.UNSURE, "M02": RsvpStatus.NO}
    sides = ((Side.MENTOR, [one for one, _ in PAIRS]), (Side.MENTEE, [one for _, one in PAIRS]))
    return tuple(
        guest(person, side, statuses.get(person), attended=person not in {"M02", "P03"})
        for side, people in sides
        for person in people
    )


def _pair(mentor_id: str, mentee_id: str) -> Pair:
    shared = {"name": "goals", "question": "Which areas?", "points": 40, "of": 40, "answers": ("leadership",) * 2}
    others = {
        "career_path": ("12", "0"),
        "library_type": ("public", "public"),
        "distance": ("Duluth", "Duluth"),
        "availability": ("lunch", "lunch"),
        "working_style": (None, None),
    }
    criteria = [
        {"name": name, "question": f"What about {name}?", "points": 5, "of": 10, "answers": answers}
        for name, answers in others.items()
    ]
    return Pair.model_validate(
        {"mentor": mentor_id, "mentee": mentee_id, "score": 9000, "criteria": [shared, *criteria]}
    )


def _proposal(mentor_id: str, mentee_id: str, **values: object) -> ProposedMatch:
    proposed = {"mentor_id": mentor_id, "mentee_id": mentee_id, "run": 1, "proposed_at": PROPOSED_AT}
    return ProposedMatch.model_validate(proposed | {"final": False, "declined": False} | values)


def report() -> Report:
    """Return the class's report: five of each side answered, and one pair agreed after twelve days."""
    ids = [f"{number:03}" for number in range(1, 6)]
    people = [(side, f"{side}{number}") for side in Side for number in ids]
    surveys = [
        ResponseRecord(
            form=MilestoneKind.CLOSURE_SURVEY,
            side=side,
            answers={"satisfaction": "4", "learned": "4", "advice": "4", "profession": "5"},
            person=person,
        )
        for side, person in people
    ]
    took_part = ("M01", "P01", "M02", "P02", "M03", "M05", "P05", "M06", "P06")
    check_in = ResponseRecord(
        form=MilestoneKind.CHECK_IN, side=Side.MENTEE, answers={"opportunity": "yes"}, mentorship="mile-2019-005"
    )
    return make_report(
        CohortRecords(
            cohort_id="mile-2019",
            outcomes=(Outcome.COMPLETED,) * len(ids),
            agreements=(AgreementRecord(days=12, in_time=True),),
            responses=(*surveys, check_in),
            people=tuple(PersonRecord(person=person, role="Library assistant", town="Duluth") for person in took_part),
            pairs=(*(PairRecord(mentor=one, mentee=other) for one, other in PAIRS if other != "P03"), SUCCESSION),
        )
    )
