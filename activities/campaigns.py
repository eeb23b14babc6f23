"""Campaigns: whom they concern is read from PostgreSQL as it is now, and each person is emailed once."""

import asyncpg
from temporalio import activity

from schemas.cohort.campaigns import CampaignCall, CampaignResult
from services.campaign_emails import enqueue_campaign


class Campaigns:
    """Enqueues the emails of campaigns, each once."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @activity.defn
    async def run_campaign(self, call: CampaignCall) -> CampaignResult:
        """Enqueue an email to everybody a campaign concerns; return how many, and what is still missing.

        All or none are enqueued. A second run adds those whom the campaign concerns only since, and nobody twice.
        """
        return await enqueue_campaign(self._pool, call)
