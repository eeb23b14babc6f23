"""One pair, one cohort, and what is asked of them: the cast of every email in these tests."""

from datetime import date
from typing import Any

from emails.contexts import AskBlock
from emails.guidance import guidance, topic_prompt
from emails.letters import HAVE_PAGES
from schemas.applications.people import Person
from schemas.cohort.opportunities import Opportunity
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import MilestoneKind, Side

COHORT = CohortSettings(
    id="mile-2019",
    title="2019 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
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
TO_MENTOR: dict[str, Any] = {"cohort": COHORT, "recipient": MENTOR, "partner": MENTEE, "ends_on": ENDS_ON}
TO_MENTEE: dict[str, Any] = {"cohort": COHORT, "recipient": MENTEE, "partner": MENTOR, "ends_on": ENDS_ON}
QUARTER, CONTACT, CLOSURE = date(2019, 11, 10), date(2019, 5, 31), date(2020, 12, 1)
AGREEMENT, MEETING, AFTER = date(2019, 6, 21), date(2019, 6, 25), date(2021, 3, 12)
OPENINGS = (
    Opportunity(
        id=1,
        area="involvement",
        title="Two seats on the conference's program committee",
        url="https://association.example.org/committees/program",
        until_on=date(2019, 12, 1),
    ),
    Opportunity(id=2, area="chance", title="Scholarships for first-time speakers", until_on=date(2020, 1, 15)),
)
WORDS = ("Thank you for asking what I want, before you told me what you would do.", "", "K. N.")


def ask(kind: MilestoneKind, closes_on: date) -> AskBlock:
    words, minutes = HAVE_PAGES[kind]
    return AskBlock(
        kind=kind, ask=words, minutes=minutes, url=f"https://mile.example.org/r/{'a2' * 13}", closes_on=closes_on
    )


FIRST_CONTACT = ask(MilestoneKind.FIRST_CONTACT, CONTACT)
CHECK_IN = ask(MilestoneKind.CHECK_IN, QUARTER)
GOAL_CHECK_IN = ask(MilestoneKind.GOAL_CHECK_IN, QUARTER)
SELF_ASSESSMENT = ask(MilestoneKind.SELF_ASSESSMENT, AGREEMENT)
SURVEY = ask(MilestoneKind.CLOSURE_SURVEY, CLOSURE)
AGREE = ask(MilestoneKind.AGREEMENT, AGREEMENT)
MEET = ask(MilestoneKind.MEETING, date(2019, 7, 9))
FAREWELL = ask(MilestoneKind.FAREWELL, date(2020, 12, 10))
OVER: dict[str, Any] = {"over": True}
PREPARED = {"guidance": (topic_prompt(1), guidance("meeting"))}
