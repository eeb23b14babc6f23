"""The application window: a preview shows it as the step leaves it, and both need a cohort that runs."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import WindowState
from schemas.errors import Refusal
from schemas.ids import cohort_workflow_id
from services.application_window import WindowAction, WindowChange, change_window, preview_change
from services.context import ServiceContext
from storage import cohorts
from tests.services.conftest import ACTOR, COHORT, FakeTemporal, events_of

TODAY = datetime.now(UTC).date()
OPENS, CLOSES, LATER = TODAY - timedelta(days=5), TODAY + timedelta(days=5), TODAY + timedelta(days=9)
CLOSE, EXTEND = WindowChange(action=WindowAction.CLOSE), WindowChange(action=WindowAction.EXTEND, until=LATER)


@pytest.fixture
async def window(pool: asyncpg.Pool, cohort: str, settings: CohortSettings) -> str:
    """A cohort to which people apply now."""
    applications = ApplicationWindow(opens_on=OPENS, closes_on=CLOSES)
    await cohorts.save_settings(pool, settings.model_copy(update={"applications": applications}), datetime.now(UTC))
    return cohort


async def test_preview_shows_the_window_as_the_step_leaves_it(
    context: ServiceContext, temporal: FakeTemporal, pool: asyncpg.Pool, window: str
) -> None:
    preview = await preview_change(context, window, EXTEND)
    assert (preview.closes_on, preview.changed, preview.done) == (LATER, ("closes_on",), False)
    assert preview.preview is not None
    assert f"until the end of {LATER} (open)." in preview.preview.changes[0]
    assert await events_of(pool, window) == []
    assert temporal.messages == []
    result = await change_window(context, ACTOR, window, EXTEND, note="few mentors")
    assert result == preview.model_copy(update={"done": True, "preview": None})
    assert await events_of(pool, window) == [(str(ACTOR), "window_extended")]
    assert temporal.messages == [(cohort_workflow_id(COHORT), "reload_settings")]


async def test_window_that_is_closed_already_leaves_no_second_event(
    context: ServiceContext, pool: asyncpg.Pool, window: str
) -> None:
    first = await change_window(context, ACTOR, window, CLOSE)
    assert (first.changed, first.state) == (("closed_at",), WindowState.WAITING_LIST)
    again = await preview_change(context, window, CLOSE)
    assert again.preview is not None
    assert again.preview.changes == ()
    assert (await change_window(context, ACTOR, window, CLOSE)).changed == ()
    assert await events_of(pool, window) == [(str(ACTOR), "window_closed")]


@pytest.mark.parametrize("change", [CLOSE, EXTEND, WindowChange(action=WindowAction.OPEN)])
async def test_preview_and_step_refuse_a_cohort_that_is_over_in_the_same_words(
    context: ServiceContext, temporal: FakeTemporal, window: str, change: WindowChange
) -> None:
    temporal.running.clear()
    with pytest.raises(Refusal) as previewed:
        await preview_change(context, window, change)
    with pytest.raises(Refusal) as refused:
        await change_window(context, ACTOR, window, change)
    assert str(previewed.value) == str(refused.value)
    assert f"{window} has no running workflow" in str(refused.value)
