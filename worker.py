"""Start a worker: ``python worker.py``. Servers and secrets come from the environment (.env.example lists them)."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.common import MetricMeter, VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.audit import AuditActivities
from activities.campaigns import Campaigns
from activities.closure_surveys import ClosureSurveys
from activities.goal_check_ins import GoalCheckIns
from activities.matching import MatchingActivities
from activities.proposals import ProposalActivities
from activities.records import Records
from activities.reminders import Reminders
from activities.start import StartActivities
from activities.sweeper import Sweeper
from emails.metrics import EmailMetrics
from emails.sender import EmailSender
from runtime.logging import configure
from runtime.metrics import serve_metrics
from runtime.settings import Settings, read_settings
from runtime.temporal import connect
from schemas.ids import matching_queue
from services.bounce_mailbox import BounceMailboxReader
from services.undeliverable_emails import UndeliverableReporter
from storage.database import open_pool
from workflows.cohort import CohortWorkflow
from workflows.maintenance import DriftAuditWorkflow, SweeperWorkflow
from workflows.mentorship import MentorshipWorkflow
from workflows.support.schedules import ensure_schedules

# Below the stop_grace_period of docker-compose.yml, so that a stopping worker is never cut short.
FINISHES_WITHIN = timedelta(seconds=20)
WORKFLOWS = (CohortWorkflow, MentorshipWorkflow, SweeperWorkflow, DriftAuditWorkflow)


def workers(client: Client, pool: asyncpg.Pool, settings: Settings) -> Sequence[Worker]:
    """Return the workers of this process: one for workflows and most activities, one for matching."""
    records, goals, surveys = Records(pool), GoalCheckIns(pool), ClosureSurveys(pool)
    matching, proposals, starts = MatchingActivities(pool), ProposalActivities(pool), StartActivities(pool, client)
    audit = AuditActivities(pool, client)
    queue = settings.task_queue
    return (
        Worker(
            client,
            task_queue=queue,
            workflows=WORKFLOWS,
            activities=[
                records.plan_cohort,
                records.record_stage,
                records.record_skipped,
                records.count_open_mentorships,
                records.plan_mentorship,
                records.record_progress,
                records.close_milestones,
                goals.close_goal_check_in,
                surveys.close_closure_survey,
                surveys.write_report,
                proposals.propose_matches,
                proposals.collect_answers,
                proposals.build_match_request,
                proposals.erase_needs,
                starts.start_mentorships,
                starts.start_successor,
                Reminders(pool).enqueue_emails,
                Campaigns(pool).run_campaign,
                Sweeper(pool, client).signal_pending_responses,
                audit.list_open_cohorts,
                audit.audit_cohort,
            ],
            deployment_config=deployment(),
            graceful_shutdown_timeout=FINISHES_WITHIN,
        ),
        Worker(
            client,
            # A match run keeps a processor busy for minutes: on a queue of its own it delays nothing else.
            task_queue=matching_queue(queue),
            activities=[matching.match_cohort, matching.publish_matches],
            max_concurrent_activities=1,
            graceful_shutdown_timeout=FINISHES_WITHIN,
        ),
    )


def deployment() -> WorkerDeploymentConfig | None:
    """Return the deployment this worker belongs to, where its environment names one; without, it is unversioned."""
    name, build = os.environ.get("TEMPORAL_DEPLOYMENT_NAME"), os.environ.get("TEMPORAL_WORKER_BUILD_ID")
    if not (name and build):
        return None
    version = WorkerDeploymentVersion(deployment_name=name, build_id=build)
    # A run stays on the version it began on; the next run, at the end of its quarter, is on the current one.
    return WorkerDeploymentConfig(
        version=version, use_worker_versioning=True, default_versioning_behavior=VersioningBehavior.PINNED
    )


@contextlib.asynccontextmanager
async def running(
    client: Client, pool: asyncpg.Pool, settings: Settings, meter: MetricMeter = MetricMeter.noop
) -> AsyncIterator[None]:
    """Run the workers, the email sender and the reader of bounces in the block, then let them finish their tasks."""
    report = UndeliverableReporter(pool, client).report
    sender, reader = EmailSender(pool, settings, report), BounceMailboxReader(pool, settings, report)
    async with contextlib.AsyncExitStack() as stack:
        started = [await stack.enter_async_context(worker) for worker in workers(client, pool, settings)]
        runs = (sender.run(), reader.run(), EmailMetrics(pool, meter).run())
        tasks = [asyncio.create_task(run) for run in runs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            # All at once: one after the other would take longer than a stopping process is given.
            await asyncio.gather(asyncio.wait(tasks), *(worker.shutdown() for worker in started))


async def main() -> None:
    """Work until SIGTERM or SIGINT, then finish the tasks that run."""
    settings = read_settings()
    configure(settings.log_level, json=settings.log_json)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    meter = serve_metrics(settings)
    client = await connect(settings)
    async with open_pool(settings.database_url.get_secret_value()) as pool, running(client, pool, settings, meter):
        await ensure_schedules(client, settings.task_queue, rehearsed=settings.clock_file is not None)
        structlog.get_logger().info("worker_started", task_queue=settings.task_queue)
        await stopped.wait()
    structlog.get_logger().info("worker_stopped")


if __name__ == "__main__":
    asyncio.run(main())
