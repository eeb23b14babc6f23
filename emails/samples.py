"""The invented people and days of sample emails: what ``mile emails preview`` shows and the tests read."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from functools import cached_property
from importlib import import_module
from typing import Any

from domain.applications.mentee_answers import told_at_intake
from domain.calendar import months_after
from domain.languages import gettext
from domain.mentorship.meeting_times import both_times, moment_of
from emails.guidance import Guidance, guidance, topic_of, topic_prompt
from emails.kinds._base.applicant import Addressee
from emails.kinds._base.email import EmailContext, Told
from emails.kinds._base.participant import HAVE_PAGES, AskBlock
from schemas.applications.people import IntakeWords, Person
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import (
    ApplicationWindow,
    CohortSettings,
    HalfDay,
    HalfDaySession,
    Institute,
    ProgramContact,
    ProposalSettings,
)
from schemas.enums import EmailKind, MilestoneKind, Side
from schemas.ids import mentorship_id

SAMPLE_COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(
        venue="Sugar Lake Lodge",
        town="Cohasset",
        address="37584 Otis Lane",
        first_day=date(2019, 5, 8),
        last_day=date(2019, 5, 10),
    ),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="mentorship.chair@example.org"),
)
SITE = "https://mile.example.org"
TOKEN = "a2" * 13
MENTOR = Person(
    id="M03",
    side=Side.MENTOR,
    name="Ingeborg Tamarack",
    email="ingeborg.tamarack@example.org",
    library="Birch Point Public Library",
    town="Bemidji",
    role="Library director",
)
MENTEE = Person(
    id="P07",
    side=Side.MENTEE,
    name="Kao Nou Vue-Reyes",
    preferred_name="Kao Nou",
    email="kao.nou@example.org",
    library="Prairie School District & Media Center",
    town="Worthington",
    role="Media specialist",
)
GOALS = ("Lead the reference team's weekly meeting", "Write a grant application on my own")
WORDS = ("Thank you for asking what I want, before you told me what you would do.", "", "K. N.")
INTAKE = IntakeWords(
    goals=GOALS,
    challenges="I am new to leading people.\nMeetings & budgets <scare> me.",
    hopes="Somebody to think aloud with.",
)
REASONS = (
    "The mentor can offer what the mentee is looking for: leadership.",
    "Both work in Minnesota & like to <read>.",
)


class SampleCast:
    """One pair of a cohort, and what is asked of them. Days count from the kickoff, so they fit any cohort."""

    def __init__(self, cohort: CohortSettings) -> None:
        self.cohort = _complete(cohort)

    def day(self, days: int) -> date:
        """Return the day so many days after the kickoff; negative is before."""
        return self.cohort.kickoff_day + timedelta(days=days)

    @cached_property
    def ends_on(self) -> date:
        """Return the last day of the mentorship."""
        return months_after(self.cohort.kickoff_day, self.cohort.timeline.months)

    @property
    def to_mentor(self) -> dict[str, Any]:
        """Return what every email about the mentorship to the mentor knows."""
        return self._mentorship | {"recipient": MENTOR, "partner": MENTEE}

    @property
    def to_mentee(self) -> dict[str, Any]:
        """Return what every email about the mentorship to the mentee knows."""
        return self._mentorship | {"recipient": MENTEE, "partner": MENTOR}

    @property
    def to_mentor_before(self) -> dict[str, Any]:
        """Return what every email about the application to the mentor knows."""
        return self._shared | {"recipient": addressee(MENTOR), "url": f"{SITE}/a/{TOKEN}"}

    @property
    def to_mentee_before(self) -> dict[str, Any]:
        """Return what every email about the application to the mentee knows."""
        return self._shared | {"recipient": addressee(MENTEE), "url": f"{SITE}/a/{TOKEN}"}

    @property
    def _mentorship(self) -> dict[str, Any]:
        page = f"{SITE}/m/{TOKEN}/{mentorship_id(self.cohort.id, 7)}"
        return self._shared | {"page_url": page, "ends_on": self.ends_on}

    @property
    def _shared(self) -> dict[str, Any]:
        return {"cohort": self.cohort, "written_on": self.day(0)}

    def ask(self, kind: MilestoneKind, days: int) -> AskBlock:
        """Return what is asked for a milestone that closes so many days after the kickoff."""
        words, minutes = HAVE_PAGES[kind]
        return AskBlock(
            kind=kind, ask=gettext(words), minutes=minutes, url=f"{SITE}/r/{TOKEN}", closes_on=self.day(days)
        )

    def moment(self, days: int, hour: int, *, partner: Person | None = None) -> str:
        """Return an hour of the day so many days after the kickoff, as emails say it; a partner may be elsewhere."""
        cohort, today = self.cohort, self.day(0)
        at = moment_of(self.day(days), time(hour), cohort.time_zone)
        return both_times(at, MENTEE, partner or MENTOR, cohort.time_zone, cohort.locale, today=today)

    @property
    def intake(self) -> Told:
        """Return what the mentee told at intake, as emails show it."""
        return told_at_intake(INTAKE)

    @property
    def preparation(self) -> tuple[Guidance, ...]:
        """Return the guidance before a meeting."""
        return topic_prompt(topic_of(1)), guidance("meeting")

    @property
    def openings(self) -> tuple[Opportunity, ...]:
        """Return an opportunity in the association, and a chance outside it."""
        return (
            Opportunity(
                id=1,
                area="involvement",
                title="Two seats on the conference's program committee",
                url="https://association.example.org/committees/program",
                closes_on=self.day(205),
            ),
            Opportunity(id=2, area="chance", title="Scholarships for first-time speakers", closes_on=self.day(250)),
        )


def addressee(person: Person) -> Addressee:
    """Return whom an email about an application is for."""
    return Addressee(
        id=person.id, side=person.side, name=person.name, preferred_name=person.preferred_name, email=person.email
    )


def samples(kind: EmailKind, cast: SampleCast) -> Mapping[str, EmailContext]:
    """Return the samples of one kind of email by what they are, such as ``reminder to the mentee``."""
    write: Callable[[SampleCast], Mapping[str, EmailContext]] = import_module(f"emails.kinds.{kind}.sample").samples
    return {name: _written_in_time(email) for name, email in write(cast).items()}


def _written_in_time(email: EmailContext) -> EmailContext:
    """Return an email as if written two weeks before the first thing that it asks for is due."""
    asks: Sequence[AskBlock] = getattr(email, "asks", ())
    if not asks:
        return email
    return email.model_copy(update={"written_on": min(ask.closes_on for ask in asks) - timedelta(weeks=2)})


def all_samples(cohort: CohortSettings) -> dict[str, EmailContext]:
    """Return the samples of all kinds of email, by kind and what they are."""
    cast = SampleCast(cohort)
    return {f"{kind}: {name}": email for kind in EmailKind for name, email in samples(kind, cast).items()}


def _complete(cohort: CohortSettings) -> CohortSettings:
    """Return a cohort in which people apply, are asked before a match is final, and are invited."""
    kickoff, opens_on = cohort.kickoff_day, cohort.institute.opens_on
    arrival = HalfDay(id="first", label="Arrival", day=opens_on, begins=time(13), ends=time(17, 30))
    last = HalfDay(id="last", label="Farewell", day=kickoff, begins=time(8, 30), ends=time(12))
    window = ApplicationWindow(opens_on=kickoff - timedelta(days=123), closes_on=kickoff - timedelta(days=71))
    return cohort.model_copy(
        update={
            "applications": cohort.applications or window,
            "proposals": cohort.proposals or ProposalSettings(),
            "session": cohort.session or HalfDaySession(half_days=(arrival, last) if opens_on < kickoff else (last,)),
        }
    )
