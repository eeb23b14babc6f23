"""A class of three mentors and four mentees that is to be matched, with a coordinator and a workflow that answers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings, Eligibility, Institute, ProgramContact, ProposalSettings
from schemas.cohort.state import CohortState
from schemas.enums import StaffAccess
from schemas.ids import cohort_workflow_id
from schemas.matching.messages import MatchRequest
from schemas.matching.results import MatchResult
from services.matching import compute_matches
from storage import cohorts
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import COORDINATOR, give

CLASS = "mile-2027"
MATCHING = f"/staff/classes/{CLASS}/matching"
KICKOFF: date = datetime.now(UTC).date() + timedelta(days=60)
SETTINGS = CohortSettings(
    id=CLASS,
    title="2027 Mentorship Program",
    institute=Institute(venue="Sugar Lake Lodge", town="Cohasset", last_day=KICKOFF),
    contact=ProgramContact(role="Mentorship Subcommittee Chair", email="chair@example.org"),
    proposals=ProposalSettings(),
    eligibility=Eligibility(min_years=2),
)
NAMES = {
    "M1": "Solveig Aaberg",
    "M2": "Amina Warsame",
    "M3": "Greta Novice",
    "P1": "Kao Nou Vue",
    "P2": "Tarik Boyd",
    "P3": "Inés O'Neil",
}


def person(id_: str, town: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "name": NAMES[id_],
        "email": f"{id_.lower()}@example.org",
        "library": f"Library {id_}",
        "library_type": "public",
        "town": town,
        "role": "Clerk",
    } | more


MENTORS = (
    MentorApplication.model_validate(person("M1", "Ely", years=20, offers=["leadership"])),
    MentorApplication.model_validate(person("M2", "Duluth", years=12, offers=["advocacy"], working_style="flexible")),
    # One year is less than this class asks for.
    MentorApplication.model_validate(person("M3", "Winona", years=1, offers=["advocacy"])),
)
MENTEES = (
    MenteeApplication.model_validate(
        person("P1", "Ely", years=3, wants=["leadership"], goals=["Lead"], challenges="Time", hopes="Calm")
    ),
    MenteeApplication.model_validate(
        person("P2", "Duluth", wants=["advocacy"], goals=["Speak"], working_style="structured")
    ),
    MenteeApplication.model_validate(
        person("P3", "Bemidji", wants=["advocacy"], vetoes=["M1"], working_style="structured")
    ),
)


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal in which the class's workflow runs."""
    return FakeTemporal(running={cohort_workflow_id(CLASS)}, answers={"state": CohortState(cohort_id=CLASS)})


@pytest.fixture
async def matched_class(pool: asyncpg.Pool, app: object) -> str:
    """The id of the class; its coordinator is that of the other class."""
    await cohorts.save_cohort(pool, SETTINGS, MENTORS, MENTEES, datetime.now(UTC))
    await give(pool, CLASS, COORDINATOR, StaffAccess.COORDINATOR)
    return CLASS


async def draft(pool: asyncpg.Pool, request: MatchRequest = MatchRequest()) -> tuple[int, MatchResult]:  # noqa: B008
    """Store a draft as the workflow does, and return its number and its result."""
    result = await compute_matches(pool, CLASS, request)
    run = await cohorts.save_match_run(pool, CLASS, result, datetime.now(UTC), request=request)
    return run, result
