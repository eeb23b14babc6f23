"""A class in which two pairs are proposed, three days after they were asked; the coordinator may do all about it."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.cohort.state import CohortState
from schemas.enums import StaffAccess
from schemas.ids import cohort_workflow_id
from schemas.matching.messages import MatchRequest
from services.matching import compute_matches
from storage import cohorts, proposals
from tests.services.conftest import FakeTemporal
from tests.web.staff.conftest import COORDINATOR, give
from tests.web.staff.matching.conftest import CLASS, MENTEES, MENTORS, SETTINGS

PROPOSALS = f"/staff/classes/{CLASS}/proposals"
PROPOSED = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def temporal() -> FakeTemporal:
    """A Temporal in which the class's workflow runs."""
    state = CohortState(cohort_id=CLASS, published_run=1, published_at=(PROPOSED,))
    return FakeTemporal(running={cohort_workflow_id(CLASS)}, answers={"state": state})


@pytest.fixture
async def proposed_class(pool: asyncpg.Pool, app: object) -> str:
    """The id of the class: M1 with P1, and M2 with P2."""
    await cohorts.save_cohort(pool, SETTINGS, MENTORS, MENTEES, PROPOSED)
    await give(pool, CLASS, COORDINATOR, StaffAccess.COORDINATOR)
    result = await compute_matches(pool, CLASS, MatchRequest(pins=(("M1", "P1"), ("M2", "P2"))))
    run = await cohorts.save_match_run(pool, CLASS, result, PROPOSED)
    await cohorts.publish_match_run(pool, CLASS, run, PROPOSED)
    await proposals.propose(pool, CLASS, PROPOSED)
    return CLASS


async def answered(pool: asyncpg.Pool, mentee: str, side: str, answer: str, question: str = "") -> None:
    """Store what one side said two days ago, as its page does."""
    await pool.execute(
        f"update proposal set {side}_answer = $2, {side}_question = $3, {side}_answered_at = $4 where mentee_id = $1",  # noqa: S608
        mentee,
        answer,
        question,
        PROPOSED + timedelta(days=1),
    )
