"""One pair, one cohort, and every email the service writes to them or about them."""

from datetime import date

import pytest

from emails.contexts import (
    AskBlock,
    CheckInEmail,
    ClosureSurveyEmail,
    EmailContext,
    FirstContactEmail,
    GoalCheckInEmail,
    StaffNoteEmail,
    WelcomeEmail,
)
from emails.rendering import Rendered, render
from schemas.cohort import CohortSettings, Contact, Institute
from schemas.forms import FORMS
from schemas.people import Person
from schemas.words import EmailKind, MilestoneKind, Side, StaffReason

COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=Contact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
)
MENTOR = Person(
    id="M03",
    side=Side.MENTOR,
    name="Solveig Aaberg",
    email="solveig.aaberg@example.org",
    library="Birch Point Public Library",
    town="Bemidji",
    role="Library director",
)
MENTEE = Person(
    id="P07",
    side=Side.MENTEE,
    name="Kao Nou Vue-Reyes",
    email="kao.nou@example.org",
    library="Prairie School District & Media Center",
    town="Worthington",
    role="Media specialist",
)
GOALS = ("Lead the reference team's weekly meeting", "Write a grant application on my own")
ENDS_ON = date(2020, 11, 10)
TO_MENTOR = {"cohort": COHORT, "recipient": MENTOR, "partner": MENTEE, "ends_on": ENDS_ON}
TO_MENTEE = {"cohort": COHORT, "recipient": MENTEE, "partner": MENTOR, "ends_on": ENDS_ON}
QUARTER, CONTACT, CLOSURE = date(2019, 11, 10), date(2019, 5, 31), date(2020, 12, 1)


def ask(kind: MilestoneKind, closes_on: date) -> AskBlock:
    form = FORMS[kind]
    return AskBlock(
        kind=kind,
        ask=form.ask,
        minutes=form.minutes,
        url=f"https://mile.example.org/r/{'a2' * 13}",
        closes_on=closes_on,
    )


FIRST_CONTACT = ask(MilestoneKind.FIRST_CONTACT, CONTACT)
CHECK_IN = ask(MilestoneKind.CHECK_IN, QUARTER)
GOAL_CHECK_IN = ask(MilestoneKind.GOAL_CHECK_IN, QUARTER)
SURVEY = ask(MilestoneKind.CLOSURE_SURVEY, CLOSURE)

LETTERS: dict[str, tuple[EmailKind, EmailContext]] = {
    "welcome to the mentor": (
        EmailKind.WELCOME,
        WelcomeEmail(**TO_MENTOR, contact_by=CONTACT, asks=(FIRST_CONTACT,)),
    ),
    "welcome to the mentee": (EmailKind.WELCOME, WelcomeEmail(**TO_MENTEE, contact_by=CONTACT)),
    "first contact reminder": (
        EmailKind.FIRST_CONTACT,
        FirstContactEmail(**TO_MENTOR, asks=(FIRST_CONTACT,), occurrence=1),
    ),
    "first contact asked of the mentee": (
        EmailKind.FIRST_CONTACT,
        FirstContactEmail(**TO_MENTEE, asks=(FIRST_CONTACT,)),
    ),
    "check-in to the mentor with stuck goals": (
        EmailKind.CHECK_IN,
        CheckInEmail(**TO_MENTOR, asks=(CHECK_IN,), number=2, goals=GOALS, stuck_goals=GOALS[1:]),
    ),
    "check-in to the mentee with goals beside it": (
        EmailKind.CHECK_IN,
        CheckInEmail(**TO_MENTEE, asks=(CHECK_IN, GOAL_CHECK_IN), number=2),
    ),
    "check-in reminder": (
        EmailKind.CHECK_IN,
        CheckInEmail(**TO_MENTEE, asks=(CHECK_IN,), number=2, occurrence=2),
    ),
    "goal check-in": (EmailKind.GOAL_CHECK_IN, GoalCheckInEmail(**TO_MENTEE, asks=(GOAL_CHECK_IN,), goals=GOALS)),
    "goal check-in reminder": (
        EmailKind.GOAL_CHECK_IN,
        GoalCheckInEmail(**TO_MENTEE, asks=(GOAL_CHECK_IN,), goals=GOALS, occurrence=1),
    ),
    "closure survey with the last check-in beside it": (
        EmailKind.CLOSURE_SURVEY,
        ClosureSurveyEmail(**TO_MENTOR, asks=(SURVEY, CHECK_IN)),
    ),
    "closure survey reminder": (
        EmailKind.CLOSURE_SURVEY,
        ClosureSurveyEmail(**TO_MENTEE, asks=(SURVEY,), occurrence=2),
    ),
}
MENTORSHIP = {"cohort": COHORT, "scope_id": "mile-2019-007", "mentor": MENTOR, "mentee": MENTEE}
NOTES: dict[str, tuple[EmailKind, EmailContext]] = {
    f"note to staff: {note.reason}": (EmailKind.STAFF_NOTE, note)
    for note in (
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.CALL_REQUESTED, about=Side.MENTEE, quarter=2),
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.NO_FIRST_CONTACT),
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.SILENT, quarter=4),
        StaffNoteEmail(**MENTORSHIP, reason=StaffReason.UNDELIVERABLE, about=Side.MENTOR),
        StaffNoteEmail(cohort=COHORT, scope_id="mile-2019", reason=StaffReason.REPORT_READY),
    )
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give ``letter`` every email, ``asking`` those to participants, and ``order`` what each is written from."""
    choices = {"letter": LETTERS | NOTES, "asking": LETTERS}
    for fixture, orders in choices.items():
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, [render(*order) for order in orders.values()], ids=orders)
    if "order" in metafunc.fixturenames:
        metafunc.parametrize("order", (LETTERS | NOTES).values(), ids=LETTERS | NOTES)


@pytest.fixture
def check_in() -> CheckInEmail:
    return CheckInEmail(**TO_MENTOR, asks=(CHECK_IN, GOAL_CHECK_IN), number=2, goals=GOALS)


@pytest.fixture
def call_request() -> StaffNoteEmail:
    return StaffNoteEmail(**MENTORSHIP, reason=StaffReason.CALL_REQUESTED, about=Side.MENTEE, quarter=2)


@pytest.fixture
def rendered(check_in: CheckInEmail) -> Rendered:
    return render(EmailKind.CHECK_IN, check_in)
