"""A class whose people, words and places are Greek letters and digits, so that Latin words are the program's own."""

from datetime import UTC, date, datetime, time

from schemas.applications.people import MenteeApplication, MentorApplication, Person
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    Program,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import Language, Outcome, Side
from schemas.ids import mentorship_id
from schemas.mentorship.responses import AgreementDraft, AgreementVersion
from tests.web.conftest import OPENS

ES, ID = Language.SPANISH, "mile-2019"
PROPOSED = datetime(2019, 4, 15, 15, tzinfo=UTC)
APPLYING = datetime(2019, 2, 20, 18, tzinfo=UTC)
KICKOFF = datetime(2019, 5, 10, 13, tzinfo=UTC)
CHECK_IN_OPEN = datetime(2019, 7, 30, 15, tzinfo=UTC)
PAIR = mentorship_id(ID, 1)
PROGRAM = Program(name="Μ", short_name="Μ", association="Σ", handbooks_revised_on=date(2019, 1, 1))
CONTACT = ProgramContact(role="Π", email="chair@example.org")
HALF_DAYS = (
    HalfDay(id="thursday", label="1", day=date(2019, 5, 9), begins=time(9), ends=time(12, 30)),
    HalfDay(id="friday", label="2", day=date(2019, 5, 10), begins=time(13), ends=time(16)),
)
COHORT = CohortSettings(
    id=ID,
    title="2019",
    languages=(Language.ENGLISH, ES),
    program=PROGRAM,
    institute=Institute(venue="Λ", town="Κ", address="37584", first_day=date(2019, 5, 8), last_day=date(2019, 5, 10)),
    contact=CONTACT,
    applications=ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 31), expected_participants=9),
    proposals=ProposalSettings(answer_days=10, reminders=(5, 8)),
    session=HalfDaySession(title="Ζ", half_days=HALF_DAYS),
)
_PLACE = {"library": "Β", "town": "Ε", "role": "Υ", "pronouns": "Α"}
PLACE = _PLACE | {"library_type": "public"}


def _mentor(number: int, **more: object) -> MentorApplication:
    typed = {"id": f"M{number:02}", "name": f"Σ {number}", "email": f"m{number}@example.org", "years": 20}
    return MentorApplication.model_validate(PLACE | typed | more)


def _mentee(number: int, **more: object) -> MenteeApplication:
    typed = {"id": f"P{number:02}", "name": f"Κ {number}", "email": f"p{number}@example.org", "years": 3}
    words = {"goals": ["1 2 3"], "challenges": "4", "hopes": "5", "wants": ["leadership"]}
    return MenteeApplication.model_validate(PLACE | typed | words | {"library": "Δ"} | more)


MENTORS = (_mentor(1, offers=["leadership"], capacity=2, availability=["evenings"]), _mentor(2, offers=["advocacy"]))
MENTEES = (_mentee(1, availability=["evenings"], ranks=["M01"]), _mentee(2), _mentee(3, wants=["advocacy"]))

_ABOUT = {"name": "Σ", "library": "Β", "library_type": "public", "town": "Ε", "role": "Υ", "language": "es"}
MENTOR_TYPED: tuple[dict[str, str], ...] = (
    _ABOUT,
    {"years": "12", "last_attended": "2013", "mentored_before": "once"},
    {"offers": "leadership", "about": "1"},
    {"working_style": "structured", "availability": "mornings", "capacity": "2"},
    {"keep_apart": "1"},
)
MENTEE_TYPED: tuple[dict[str, str], ...] = (
    _ABOUT | {"years": "3"},
    {"goal_1": "1", "wants": "leadership"},
    {"challenges": "1", "hopes": "2"},
    {"working_style": "flexible", "availability": "evenings"},
)
PEOPLE = {
    Side.MENTOR: Person(id="M01", side=Side.MENTOR, name="Σ 1", email="m01@example.org", language=ES, **_PLACE),
    Side.MENTEE: Person(id="P01", side=Side.MENTEE, name="Κ 1", email="p01@example.org", language=ES, **_PLACE),
}
TERMS = {"goal_1": "1 2", "meetings": "dates", "meeting_dates": "2019-08-01,2019-10-20", "below_quarterly": "yes"}
FIRST = AgreementVersion(
    version=1,
    contents=TERMS,
    written_by=Side.MENTEE,
    written_at=OPENS,
    confirmed_by=(Side.MENTEE,),
    confirmed_at={Side.MENTEE: OPENS},
)
CHANGED = FIRST.model_copy(update={"version": 2, "contents": TERMS | {"meeting_dates": "2019-08-02"}})
DRAFTED = AgreementVersion(version=1, contents=TERMS, written_by=Side.MENTEE, written_at=OPENS)
AGREED = FIRST.model_copy(update={"confirmed_by": tuple(Side), "confirmed_at": dict.fromkeys(Side, OPENS)})
AGREEMENTS: dict[str, dict[str, object]] = {
    "nothing written": {"agreement": None},
    "written": {"agreement": DRAFTED},
    "signed by one": {"agreement": FIRST, "answers": {"call_requested": "yes"}},
    "changed": {"agreement": CHANGED, "agreement_before": FIRST},
    "changed meanwhile": {
        "agreement": CHANGED,
        "agreement_before": FIRST,
        "agreement_draft": AgreementDraft(seen=FIRST, answers=TERMS | {"meeting_dates": "2019-08-03"}),
    },
    "signed by both": {"agreement": AGREED, "agreement_in_force": AGREED, "answers": {"goal_1": "1 2"}},
    "change proposed": {"agreement": CHANGED, "agreement_before": AGREED, "agreement_in_force": AGREED},
}
ANSWERS = {"status": "met", "held": "held", "held_on": "2019-08-01", "words": "1", "call_requested": "yes"}
STATES: dict[str, dict[str, object]] = {
    "open": {},
    "answered": {"answers": ANSWERS, "answered_at": OPENS},
    "ended early": {"outcome": Outcome.MENTOR_WITHDREW},
    "completed": {"outcome": Outcome.COMPLETED, "answers": ANSWERS, "answered_at": OPENS, "shared": "1"},
}
