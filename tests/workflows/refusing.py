"""A cohort whose rounds of one kind are refused: the real workflow, and activities that only note their calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain.cohort.campaigns import campaign_name
from schemas.cohort.campaigns import Campaign, CampaignCall, CampaignResult, CohortPlan, PlanCohort
from schemas.cohort.messages import CohortDates, RecordStage
from schemas.enums import CampaignKind
from workflows.cohort import CohortWorkflow

NOW = datetime.now(UTC).replace(microsecond=0)
FAR = NOW + timedelta(days=300)


class Refusing:
    """Draws up a plan of rounds that are all due, and refuses those of one kind until that is mended.

    ``tried`` and ``held`` are the names of the rounds that were to be held, and that were.
    """

    def __init__(self, refused: CampaignKind, *rounds: Campaign) -> None:
        self.refused: CampaignKind | None = refused
        self.place = "here"
        self.tried: list[str] = []
        self.held: list[str] = []
        self._rounds = rounds

    @activity.defn
    async def plan_cohort(self, _: PlanCohort) -> CohortPlan:
        dates = CohortDates(kickoff_at=FAR, reports_at=FAR, followed_up_at=FAR)
        return CohortPlan(dates=dates, rounds=self._rounds, place=self.place)

    @activity.defn
    async def record_stage(self, _: RecordStage) -> None:
        """Keep nothing."""

    @activity.defn
    async def run_campaign(self, call: CampaignCall) -> CampaignResult:
        self.tried.append(campaign_name(call.campaign))
        if call.campaign.kind is self.refused:
            raise ApplicationError("refused", non_retryable=True)
        self.held.append(campaign_name(call.campaign))
        return CampaignResult()


@asynccontextmanager
async def working(client: Client, queue: str, refusing: Refusing) -> AsyncIterator[None]:
    """Run a worker with these activities."""
    activities: list[Callable[..., Any]] = [refusing.plan_cohort, refusing.record_stage, refusing.run_campaign]
    async with Worker(client, task_queue=queue, workflows=[CohortWorkflow], activities=activities):
        yield
