"""A preview of new settings says whom they tell, and of another place that it is told to everybody invited."""

from datetime import UTC, datetime, time, timedelta

import asyncpg
import pytest

from domain.cohort.plan import cohort_plan, with_plan, with_run
from schemas.cohort.campaigns import Campaign
from schemas.cohort.settings import CohortSettings, HalfDay, HalfDaySession
from schemas.cohort.state import CohortState
from schemas.enums import CampaignKind, CohortStage, EmailKind
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext
from services.settings import preview_update
from tests.services.conftest import FakeTemporal, publish_pairs

# In office hours in Minnesota.
NOW = datetime(2026, 12, 1, 17, tzinfo=UTC)
INVITED = NOW - timedelta(days=8)


@pytest.fixture
def settings(settings: CohortSettings) -> CohortSettings:
    """A cohort whose institute is in three weeks, and that invites to one half day."""
    day = (NOW + timedelta(days=20)).date()
    half = HalfDay(id="last", label="The last morning", day=day, begins=time(9), ends=time(12))
    institute = settings.institute.model_copy(update={"first_day": None, "last_day": day})
    return settings.model_copy(update={"session": HalfDaySession(half_days=(half,)), "institute": institute})


async def test_who_is_invited_is_told_of_another_place_and_the_preview_says_so(  # noqa: PLR0917 - fixtures
    context: ServiceContext,
    temporal: FakeTemporal,
    pool: asyncpg.Pool,
    cohort: str,
    settings: CohortSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await publish_pairs(pool, ("M01", "P01"))
    monkeypatch.setattr(ServiceContext, "now", lambda *_: NOW)
    state = CohortState(cohort_id=cohort, stage=CohortStage.MATCHING, published_run=1, published_at=(INVITED,))
    state = with_plan(state, cohort_plan(settings, state.published_at, INVITED), INVITED)
    state = with_run(state, Campaign(kind=CampaignKind.KICKOFF, at=INVITED), INVITED)
    temporal.answers["state"] = state
    temporal.running.add(cohort_workflow_id(cohort))
    institute = settings.institute.model_copy(update={"venue": "Another Lodge"})
    preview = (await preview_update(context, settings.model_copy(update={"institute": institute}))).preview
    assert preview is not None
    told = {(email.to, email.at) for email in preview.emails if email.kind is EmailKind.KICKOFF_CHANGED}
    assert told == {(person, NOW + timedelta(minutes=15)) for person in ("M01", "P01")}
