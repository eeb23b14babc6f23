"""What a cohort's workflow tries again and again: asked of itself, where a worker answers, and told in words."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from schemas.cohort.messages import CohortOverview, FailingActivity
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext

# All else about a cohort is known without a worker, so it is not waited for long.
TELLS_WITHIN = timedelta(seconds=5)
NOT_KNOWN = "not known, for no worker answers; start one: mile up, or mile worker"


async def told_by_its_workflow(at: ServiceContext, cohort: str) -> CohortOverview | None:
    """Return where a workflow says that its cohort stands, or None where no worker answers for it."""
    handle = at.workflow(cohort_workflow_id(cohort))
    try:
        told: CohortOverview = await handle.query("progress", result_type=CohortOverview, rpc_timeout=TELLS_WITHIN)
    except (RPCError, WorkflowQueryFailedError):
        return None
    return told


def in_words(refused: FailingActivity, time_zone: str) -> str:
    """Say what is refused, and since when by the cohort's clocks."""
    since = refused.since.astimezone(ZoneInfo(time_zone))
    return f"{refused.activity.replace('_', ' ')}, since {since:%Y-%m-%d %H:%M}; tried again every ten minutes"
