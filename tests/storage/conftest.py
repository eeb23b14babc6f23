"""A small cohort of invented people in a real PostgreSQL: three mentors, three mentees, one pair that has begun."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import asyncpg
import pytest

from domain.forms import answer_for_workflow
from domain.mentorship.plan import plan
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Institute, ProgramContact
from schemas.enums import MilestoneKind, Side
from schemas.matching.results import Certificate, MatchResult, Pair
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, Plan
from schemas.mentorship.terms import Terms
from storage import cohorts, mentorships

NOW = datetime(2019, 5, 10, 13, tzinfo=UTC)


def mentor(number: int, **different: object) -> MentorApplication:
    return MentorApplication.model_validate(_person("M", number) | {"years": 9} | different)


def mentee(number: int, **different: object) -> MenteeApplication:
    goals = ("Lead the weekly meeting", "Write a grant application")
    return MenteeApplication.model_validate(_person("P", number) | {"goals": goals} | different)


def _person(prefix: str, number: int) -> dict[str, object]:
    return {
        "id": f"{prefix}{number:02}",
        "name": f"Ása “{prefix}” O'Neil-Ng {number}",
        "email": f"{prefix.lower()}{number}@example.org",
        "library": "Library of Ely",
        "library_type": "public",
        "town": "Ely",
        "role": "Clerk",
    }


@pytest.fixture
def now() -> datetime:
    """The morning of kickoff."""
    return NOW


@pytest.fixture
def settings() -> CohortSettings:
    return CohortSettings(
        id="mile-2019",
        title="2019 Mentorship Program",
        institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=date(2019, 5, 10)),
        contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    )


@pytest.fixture
def mentors() -> tuple[MentorApplication, ...]:
    return tuple(mentor(number) for number in (1, 2, 3))


@pytest.fixture
def mentees() -> tuple[MenteeApplication, ...]:
    return tuple(mentee(number) for number in (1, 2, 3))


@pytest.fixture
async def cohort(
    pool: asyncpg.Pool,
    settings: CohortSettings,
    mentors: tuple[MentorApplication, ...],
    mentees: tuple[MenteeApplication, ...],
) -> str:
    """The id of a cohort with six applications."""
    await cohorts.save_cohort(pool, settings, mentors, mentees, NOW)
    return settings.id


@pytest.fixture
def result() -> MatchResult:
    """Three pairs, crosswise, so that no order can be right by chance."""
    pairs = (("P03", "M01", 7000), ("P01", "M02", 8120), ("P02", "M03", 6400))
    return MatchResult(
        pairs=tuple(Pair(mentee=mentee_id, mentor=mentor_id, score=score) for mentee_id, mentor_id, score in pairs),
        unplaced=(),
        coverage=3,
        total=21520,
        worst=6400,
        objective="bands",
        certificate=Certificate(valid=True),
        inputs_sha256="1f" * 32,
    )


@pytest.fixture
async def pairs(pool: asyncpg.Pool, cohort: str, result: MatchResult) -> tuple[str, ...]:
    """The ids of the three mentorships."""
    return await mentorships.save_pairs(
        pool, cohort, result, starts_on=date(2019, 5, 10), ends_on=date(2020, 11, 10), now=NOW
    )


@pytest.fixture
def drawn() -> Plan:
    return plan(Terms(mentorship_id="mile-2019-001", cohort_id="mile-2019", kickoff_on=date(2019, 5, 10)), NOW)


@pytest.fixture
async def mentorship(pool: asyncpg.Pool, pairs: tuple[str, ...], drawn: Plan) -> str:
    """The id of the first mentorship (P01 and M02), with its plan."""
    await mentorships.save_plan(pool, pairs[0], drawn, NOW)
    return pairs[0]


Respond = Callable[..., tuple[NewResponse, Answer]]


@pytest.fixture
def respond(drawn: Plan) -> Respond:
    """Return a function that writes what a page hands to storage."""

    def written(
        side: Side = Side.MENTOR,
        milestone: str = "check_in-1",
        at: datetime | None = None,
        mentorship_id: str = "mile-2019-001",
        **answers: str,
    ) -> tuple[NewResponse, Answer]:
        due = drawn.milestone(milestone)
        link = Link(mentorship_id=mentorship_id, milestone=milestone, side=side)
        received_at = at or due.opens_at
        if due.kind is MilestoneKind.CHECK_IN:
            answers = {"status": "met"} | answers
        response = NewResponse(link=link, form=due.kind, answers=answers, received_at=received_at)
        answer = answer_for_workflow(
            due.kind, answers, milestone=milestone, side=side, revision=1, received_at=received_at
        )
        return response, answer

    return written
