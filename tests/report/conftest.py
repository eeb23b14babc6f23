"""A cohort's invented figures, and its pages read as a browser would read their elements."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.cohort import CohortSettings, Contact, Institute
from schemas.rehearsal import EmailPlayed, MentorshipPlayed, QuarterPlayed, RehearsalRecord, UnmatchedPerson
from schemas.report import ItemFigure, RateFigure, Report, WindowFigure
from schemas.words import EmailKind, MilestoneKind, Outcome, Recipient, Side, WindowStatus

KICKOFF = date(2019, 5, 10)
LOCAL = ZoneInfo("America/Chicago")
SAID = tuple(WindowStatus)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }}'


@pytest.fixture
def cohort() -> CohortSettings:
    return CohortSettings(
        id="mile-2019",
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
        contact=Contact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )


@pytest.fixture
def report() -> Report:
    """A class of twelve where things went as they go, with one mean too small to show."""
    return Report(
        cohort_id="mile-2019",
        mentorships=12,
        outcomes={"completed": 9, "ended_early": 1, "mentor_withdrew": 1, "running": 1},
        windows=(
            WindowFigure(number=1, mentorships=12, met=8, planned=2, not_yet=1, unanswered=1),
            WindowFigure(number=2, mentorships=12, met=12, planned=0, not_yet=0, unanswered=0),
            WindowFigure(number=3, mentorships=11, met=5, planned=0, not_yet=4, unanswered=2),
        ),
        rates=(
            RateFigure(form=MilestoneKind.FIRST_CONTACT, side=Side.MENTOR, asked=12, answered=11),
            RateFigure(form=MilestoneKind.CHECK_IN, side=Side.MENTEE, asked=35, answered=27),
            RateFigure(form=MilestoneKind.CLOSURE_SURVEY, side=Side.MENTEE, asked=12, answered=10),
        ),
        items=(
            ItemFigure(question="learned", label="I learned", side=Side.MENTOR, answered=9, mean=4.25),
            ItemFigure(question="advice", label="I received advice", side=Side.MENTEE, answered=4, mean=None),
            ItemFigure(question="connected", label="I feel connected", side=Side.MENTEE, answered=6, mean=3.5),
        ),
        quotes=("I ask better questions now.", HOSTILE),
    )


@pytest.fixture
def empty_report() -> Report:
    return Report(cohort_id="mile-2019", mentorships=0, outcomes={}, windows=(), rates=(), items=())


def email(month: int, to: Recipient, year: int = 2019) -> EmailPlayed:
    at = datetime(year, month, 20, 9, tzinfo=LOCAL)
    return EmailPlayed(
        key=f"{at}/{to}", kind=EmailKind.CHECK_IN, to=to, automatic=True, at=at, subject="Check-in", state="sent"
    )


@pytest.fixture
def played() -> Callable[..., MentorshipPlayed]:
    """Return a function that makes a mentorship with this many windows."""

    def make(number: int, windows: int = 6, **different: object) -> MentorshipPlayed:
        quarters = tuple(
            QuarterPlayed(
                number=one, opens_on=KICKOFF, closes_on=KICKOFF, mentor=SAID[one % 4], mentee=SAID[(one + number) % 4]
            )
            for one in range(1, windows + 1)
        )
        mentorship = MentorshipPlayed(
            id=f"mile-2019-{number:03}",
            mentor=f"M{number:02}",
            mentee=f"P{number:02}",
            score=8710,
            outcome=Outcome.COMPLETED,
            starts_on=KICKOFF,
            ends_on=date(2020, 11, 10),
            quarters=quarters,
            emails=(email(5, Recipient.MENTOR), email(5, Recipient.MENTEE), email(7, Recipient.MENTEE)),
            responses=(),
            runs=7,
            events=600,
            actions=130,
        )
        return mentorship.model_copy(update=different)

    return make


@pytest.fixture
def record(played: Callable[..., MentorshipPlayed]) -> RehearsalRecord:
    return RehearsalRecord(
        cohort="mile-2019",
        seed=1,
        kickoff_on=KICKOFF,
        seconds=41.3,
        people={"mentors": 3, "participants": 4},
        unmatched=(UnmatchedPerson(id="P04", why="Every mentor is taken."),),
        mentorships=(played(1), played(2, windows=2, outcome=None), played(3, windows=0)),
        staff_emails=(email(1, Recipient.STAFF, year=2020),),
        problems=("Mentorship mile-2019-002 is not closed.",),
    )
