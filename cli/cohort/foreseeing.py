"""What a dry run refuses because the workflow of a cohort would, as far as PostgreSQL knows where it stands."""

from cli.cohort.reschedule import check_alive
from domain.cohort.dates import cohort_dates
from runtime.clock import clock
from schemas.cohort.settings import CohortSettings
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import cohorts, proposals


async def check_pairs_open(at: ServiceContext, settings: CohortSettings) -> None:
    """Raise Refusal where a cohort is over, or where its pairs were told for good."""
    await check_alive(at, settings.id)
    run = await proposals.published_run(at.pool, settings.id)
    if run is not None and (settings.proposals is None or await _begins(at, settings)):
        raise Refusal(f"Match run {run} is published; the pairs stand.")


async def check_started(at: ServiceContext, cohort: str) -> None:
    """Raise Refusal where a cohort is over, or its kickoff day has not come."""
    await check_alive(at, cohort)
    if not await _started(at, cohort):
        raise Refusal("The mentorships start by themselves on kickoff day.")


async def _begins(at: ServiceContext, settings: CohortSettings) -> bool:
    now = clock(at.settings.clock_file).now(settings.id)
    return cohort_dates(settings).kickoff_at <= now or await _started(at, settings.id)


async def _started(at: ServiceContext, cohort: str) -> bool:
    return (await cohorts.stages(at.pool))[cohort].started
