"""A cohort's invented figures, and its pages read as a browser would read their elements."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import ApplicationStatus, EmailKind, MilestoneKind, Outcome, Recipient, Side, WindowStatus
from schemas.rehearsal import EmailRecord, MentorshipRecord, QuarterRecord, RehearsalRecord, UnmatchedRecord
from schemas.report.figures import (
    AgreementFigure,
    ApplicationsFigure,
    ChoiceFigure,
    CountedChoice,
    CourseFigure,
    GroupFigure,
    ItemFigure,
    PeopleFigure,
    PointFigure,
    RateFigure,
    Report,
    RoleGroup,
    SumFigure,
    WindowFigure,
)

KICKOFF = date(2019, 5, 10)
LOCAL = ZoneInfo("America/Chicago")
WINDOW_STATUSES = tuple(WindowStatus)
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }}'


def course(form: MilestoneKind, side: Side, question: str, *points: tuple[int, int, float | None]) -> CourseFigure:
    shown = tuple(PointFigure(number=number, answered=answered, mean=mean) for number, answered, mean in points)
    ends = ("1 – not at all", "5 – fully")
    return CourseFigure(form=form, question=question, label=f"How {question} is", ends=ends, side=side, points=shown)


def choice(
    form: MilestoneKind,
    question: str,
    side: Side | None,
    answered: int,
    number: int = 0,
    *,
    together: int | None = None,
    **counts: int | None,
) -> ChoiceFigure:
    return ChoiceFigure(
        form=form,
        number=number,
        question=question,
        label=f"What about {question}?",
        side=side,
        answered=answered,
        choices=tuple(CountedChoice(label=label, count=count) for label, count in counts.items()),
        together=together,
    )


def people(by: str, label: str, counted: int, together: int | None = None, **counts: int | None) -> PeopleFigure:
    choices = tuple(CountedChoice(label=name, count=count) for name, count in counts.items())
    return PeopleFigure(by=by, label=label, counted=counted, choices=choices, together=together)


STATUSES: dict[ApplicationStatus, int | None] = {
    ApplicationStatus.INELIGIBLE: None,
    ApplicationStatus.WAITING: 6,
    ApplicationStatus.WITHDRAWN: None,
}
COURSES = (
    course(MilestoneKind.SELF_ASSESSMENT, Side.MENTOR, "leadership", (1, 4, None), (2, 3, None), (3, 4, None)),
    course(MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, "isolation", (1, 9, 3.67), (2, 8, 2.88), (3, 9, 1.0)),
    course(MilestoneKind.SELF_ASSESSMENT, Side.MENTEE, "skills", (1, 9, 2.5), (3, 9, 5.0)),
    course(MilestoneKind.CHECK_IN, Side.MENTEE, "satisfaction", *((number, 9, 4.25) for number in range(1, 7))),
    course(MilestoneKind.FOLLOW_UP, Side.MENTOR, "leadership", (1, 6, 3.5), (2, 5, 3.75)),
)
CHOICES = (
    choice(MilestoneKind.CLOSURE_SURVEY, "again", Side.MENTOR, 9, yes=9, later=0, no=0),
    choice(MilestoneKind.MEETING, "topics", None, 8, networking=8, leadership=None, advocacy=5),
    choice(MilestoneKind.CLOSING_CONVERSATION, "held", None, 8, held=8, planned=0),
    choice(MilestoneKind.GOAL_CHECK_IN, "goals", Side.MENTEE, 20, on_track=12, changed=0, stuck=0, done=8),
    choice(MilestoneKind.INVOLVEMENT, "active", Side.MENTOR, 10, yes=5, not_this_year=5),
    choice(MilestoneKind.INVOLVEMENT, "active", Side.MENTEE, 3, yes=None, not_this_year=None),
    choice(MilestoneKind.AGREEMENT_REVIEW, "fits", Side.MENTOR, 11, fits=11, change=0),
    choice(MilestoneKind.FOLLOW_UP, "in_touch", Side.MENTOR, 6, number=1, regularly=6, no=0),
    choice(MilestoneKind.FOLLOW_UP, "in_touch", Side.MENTOR, 5, number=2, regularly=0, no=5),
)


@pytest.fixture
def cohort() -> CohortSettings:
    return CohortSettings(
        id="mile-2019",
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )


@pytest.fixture
def report() -> Report:
    """A class of twelve where things went as they go, with one mean too small to show."""
    return Report(
        cohort_id="mile-2019",
        mentorships=12,
        replaced=1,
        outcomes={
            "completed": 8,
            "replaced": 1,
            "running": 1,
            "parted": 2,
        },
        windows=(
            WindowFigure(number=1, mentorships=12, met=8, planned=None, not_yet=None, unanswered=None, together=4),
            WindowFigure(number=2, mentorships=12, met=12, planned=0, not_yet=0, unanswered=0),
            WindowFigure(number=3, mentorships=11, met=5, planned=0, not_yet=6, unanswered=0),
        ),
        rates=(
            RateFigure(form=MilestoneKind.FIRST_CONTACT, side=Side.MENTOR, asked=12, answered=11),
            RateFigure(form=MilestoneKind.CHECK_IN, side=Side.MENTEE, asked=35, answered=27),
            RateFigure(form=MilestoneKind.CLOSURE_SURVEY, side=Side.MENTEE, asked=12, answered=10),
            RateFigure(form=MilestoneKind.CLOSING_CONVERSATION, side=Side.MENTOR, asked=12, answered=6),
            RateFigure(form=MilestoneKind.THANKS, side=Side.MENTEE, asked=20, answered=7),
        ),
        items=(
            ItemFigure(question="learned", label="I learned", side=Side.MENTOR, answered=9, mean=4.25),
            ItemFigure(question="advice", label="I received advice", side=Side.MENTEE, answered=4, mean=None),
            ItemFigure(question="connected", label="I feel connected", side=Side.MENTEE, answered=6, mean=3.5),
        ),
        agreement=AgreementFigure(mentorships=12, agreed=11, in_time=9, median_days=24.5),
        courses=COURSES,
        choices=CHOICES,
        sums=(
            SumFigure(
                form=MilestoneKind.CHECK_IN, question="introductions", label="x", answered=11, with_some=8, total=31
            ),
            SumFigure(
                form=MilestoneKind.CHECK_IN, question="opportunity", label="x", answered=4, with_some=None, total=None
            ),
        ),
        people=(
            people("role_group", "What they do", 24, leading=8, librarian=9, support=7, other=0),
            people("region", "Where they work", 24, 13, Metro=11, Northeast=None, Northwest=None, Central=None),
            people("pair", "Pairs", 12, same=7, apart=5),
        ),
        covered=3,
        groups=(
            GroupFigure(question="connected", label="Connected", group=RoleGroup.LEADING, answered=7, mean=3.25),
            GroupFigure(question="connected", label="Connected", group=RoleGroup.LIBRARIAN, answered=8, mean=4.13),
            GroupFigure(question="connected", label="Connected", group=RoleGroup.SUPPORT, answered=None, mean=None),
            GroupFigure(question="connected", label="Connected", group=RoleGroup.OTHER, answered=None, mean=None),
            GroupFigure(question="connected", label="Connected", group=None, answered=6, mean=4.5),
            GroupFigure(question="learned", label="Learned", group=RoleGroup.LEADING, answered=9, mean=4.0),
            GroupFigure(question="learned", label="Learned", group=RoleGroup.LIBRARIAN, answered=8, mean=3.5),
            GroupFigure(question="learned", label="Learned", group=RoleGroup.SUPPORT, answered=7, mean=3.0),
            GroupFigure(question="learned", label="Learned", group=RoleGroup.OTHER, answered=0, mean=None),
        ),
        applications=(
            ApplicationsFigure(side=Side.MENTOR, applied=23, accepted=14, places=17, statuses=STATUSES, together=3),
            ApplicationsFigure(
                side=Side.MENTEE, applied=12, accepted=12, places=None, statuses=dict.fromkeys(STATUSES, 0)
            ),
        ),
        inquiries=None,
        quotes=("I ask better questions now.", HOSTILE),
    )


@pytest.fixture
def interim_report(report: Report) -> Report:
    return report.model_copy(update={"interim_on": date(2020, 3, 1)})


@pytest.fixture
def empty_report() -> Report:
    return Report(cohort_id="mile-2019", mentorships=0, outcomes={}, windows=(), rates=(), items=())


def email(month: int, to: Recipient, year: int = 2019) -> EmailRecord:
    at = datetime(year, month, 20, 9, tzinfo=LOCAL)
    return EmailRecord(
        key=f"{at}/{to}", kind=EmailKind.CHECK_IN, to=to, automatic=True, at=at, subject="Check-in", state="sent"
    )


@pytest.fixture
def make_mentorship() -> Callable[..., MentorshipRecord]:
    """Return a function that makes a mentorship with this many windows."""

    def make(number: int, windows: int = 6, **different: object) -> MentorshipRecord:
        quarters = tuple(
            QuarterRecord(
                number=window,
                opens_on=KICKOFF,
                closes_on=KICKOFF,
                mentor=WINDOW_STATUSES[window % 4],
                mentee=WINDOW_STATUSES[(window + number) % 4],
            )
            for window in range(1, windows + 1)
        )
        mentorship = MentorshipRecord(
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
def record(make_mentorship: Callable[..., MentorshipRecord]) -> RehearsalRecord:
    return RehearsalRecord(
        cohort="mile-2019",
        seed=1,
        kickoff_on=KICKOFF,
        seconds=41.3,
        people={"mentors": 3, "participants": 4},
        unmatched=(UnmatchedRecord(id="P04", why="Every mentor is taken."),),
        mentorships=(make_mentorship(1), make_mentorship(2, windows=2, outcome=None), make_mentorship(3, windows=0)),
        staff_emails=(email(1, Recipient.STAFF, year=2020),),
        problems=("Mentorship mile-2019-002 is not closed.",),
    )
