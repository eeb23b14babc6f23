"""A cohort whose campaigns of one kind are refused: the real workflow, and activities that only note their calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from domain.cohort.campaigns import campaign_name
from schemas.cohort.campaigns import (
    Campaign,
    CampaignCall,
    CampaignResult,
    CohortPlan,
    PlanCohort,
    RecordSkipped,
    SkippedCampaign,
)
from schemas.cohort.messages import CohortDates, RecordStage
from schemas.enums import CampaignKind
from workflows.cohort import CohortWorkflow

NOW = datetime.now(UTC).replace(microsecond=0)
FAR = NOW + timedelta(days=300)


class Refusing:
    """Plans campaigns that are all due, and refuses those of one kind until ``refused`` is None.

    ``tried`` and ``ran`` are the names of the campaigns that were to run, and that did; ``skipped`` are those left out.
    """

    def __init__(self, refused: CampaignKind, *campaigns: Campaign) -> None:
        self.refused: CampaignKind | None = refused
        self.fingerprint = "here"
        self.tried: list[str] = []
        self.ran: list[str] = []
        self.skipped: list[SkippedCampaign] = []
        self._campaigns = campaigns

    @activity.defn
    async def plan_cohort(self, _: PlanCohort) -> CohortPlan:
        dates = CohortDates(kickoff_at=FAR, starts_by=FAR, reports_at=FAR, followed_up_at=FAR)
        return CohortPlan(dates=dates, campaigns=self._campaigns, kickoff_fingerprint=self.fingerprint)

    @activity.defn
    async def record_stage(self, _: RecordStage) -> None:
        """Keep nothing."""

    @activity.defn
    async def record_skipped(self, call: RecordSkipped) -> None:
        self.skipped += call.skipped

    @activity.defn
    async def run_campaign(self, call: CampaignCall) -> CampaignResult:
        self.tried.append(campaign_name(call.campaign))
        if call.campaign.kind is self.refused:
            raise ApplicationError("refused", non_retryable=True)
        self.ran.append(campaign_name(call.campaign))
        return CampaignResult()


@asynccontextmanager
async def working(client: Client, queue: str, refusing: Refusing) -> AsyncIterator[None]:
    """Run a worker with these activities."""
    activities: list[Callable[..., Any]] = [
        refusing.plan_cohort,
        refusing.record_stage,
        refusing.record_skipped,
        refusing.run_campaign,
    ]
    async with Worker(client, task_queue=queue, workflows=[CohortWorkflow], activities=activities):
        yield
