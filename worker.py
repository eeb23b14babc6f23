"""Start a worker: ``python worker.py``. Servers and secrets come from the environment (.env.example lists them)."""

import gc

if __name__ == "__main__":
    # Modules stay: looking through them for garbage while they are imported takes a sixth of a worker's start.
    gc.disable()

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import asyncpg
import structlog
import uvloop
from temporalio.client import Client
from temporalio.common import MetricMeter, VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from activities.audit import AuditActivities
from activities.calendars import Calendars
from activities.campaigns import Campaigns
from activities.closure_surveys import ClosureSurveys
from activities.goal_check_ins import GoalCheckIns
from activities.matching import MatchingActivities
from activities.proposals import ProposalActivities
from activities.records import Records
from activities.reminders import Reminders
from activities.start import StartActivities
from activities.sweeper import Sweeper
from cli.common.errors import explained
from cli.common.garbage import search_seldom
from emails.sender import EmailSender
from runtime.health import require_servers
from runtime.logging import configure
from runtime.settings import Settings, read_settings
from runtime.telemetry import start_telemetry
from runtime.temporal import connect
from schemas.ids import matching_queue
from services.bounce_mailbox import BounceMailboxReader
from services.context import ServiceContext
from services.metrics import ServiceMetrics
from services.reachability import ServerChecks
from services.undeliverable_emails import UndeliverableReporter
from storage.database import open_pool
from web.health import Check, serving_health
from workflows.replay import WORKFLOWS
from workflows.support.schedules import ensure_schedules

# Below the stop_grace_period of docker-compose.yml, so that a stopping worker is never cut short.
FINISHES_WITHIN = timedelta(seconds=20)
# After that nothing is waited for any more.
STOPS_WITHIN = timedelta(seconds=25)
# What a worker without a version is called. The SDK would otherwise take a second of each start to hash every module.
UNVERSIONED = "unversioned"


def workers(client: Client, pool: asyncpg.Pool, settings: Settings) -> Sequence[Worker]:
    """Return the workers of this process: one for workflows and most activities, one for matching."""
    records, goals, surveys = Records(pool), GoalCheckIns(pool), ClosureSurveys(pool)
    matching, proposals = MatchingActivities(pool), ProposalActivities(pool)
    audit = AuditActivities(pool, client, settings)
    queue = settings.task_queue
    deployment_config = deployment()
    starts = StartActivities(pool, client, versioned=deployment_config is not None)
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
                records.find_missed,
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
                Sweeper(ServiceContext(settings, pool, client)).signal_pending_responses,
                Calendars(ServiceContext(settings, pool, client)).read_due_calendars,
                audit.list_open_cohorts,
                audit.audit_cohort,
            ],
            deployment_config=deployment_config,
            build_id=None if deployment_config else UNVERSIONED,
            graceful_shutdown_timeout=FINISHES_WITHIN,
        ),
        Worker(
            client,
            # A match run keeps a processor busy for minutes: on a queue of its own it delays nothing else.
            task_queue=matching_queue(queue),
            activities=[matching.match_cohort, matching.publish_matches],
            max_concurrent_activities=1,
            build_id=UNVERSIONED,
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
) -> AsyncIterator[Check]:
    """Run the workers, the email sender and the reader of bounces in the block, then let them finish their tasks.

    What it yields tells which of these parts run, and whether the servers answer.
    """
    report = UndeliverableReporter(pool, client).report
    sender, reader = EmailSender(pool, settings, report), BounceMailboxReader(pool, settings, report)
    async with contextlib.AsyncExitStack() as stack:
        started = [await stack.enter_async_context(worker) for worker in workers(client, pool, settings)]
        metrics, servers = ServiceMetrics(pool, client, settings, meter), ServerChecks(pool, client)
        runs = {"email_sender": sender.run(), "bounce_reader": reader.run(), "metrics": metrics.run()}
        tasks = {name: asyncio.create_task(run, name=name) for name, run in runs.items()}
        for task in tasks.values():
            task.add_done_callback(log_failure)

        async def check() -> dict[str, bool]:
            parts = {name: not has_failed(task) for name, task in tasks.items()}
            return {"workers": all(each.is_running for each in started)} | parts | await servers()

        try:
            yield check
        finally:
            for task in tasks.values():
                task.cancel()
            # All at once: one after the other would take longer than a stopping process is given.
            await asyncio.gather(asyncio.wait(tasks.values()), *(worker.shutdown() for worker in started))


def has_failed(task: "asyncio.Task[None]") -> bool:
    """Tell whether a part ended by an error; one that has nothing to do ends by itself."""
    return task.done() and not task.cancelled() and task.exception() is not None


def log_failure(task: "asyncio.Task[None]") -> None:
    """Log that a part ended by an error; until the process is started again, nobody does its work."""
    if has_failed(task):
        structlog.get_logger().error("part_failed", part=task.get_name(), error=type(task.exception()).__name__)


async def main() -> None:
    """Work until SIGTERM or SIGINT, then finish the tasks that run.

    Raises MileError where the settings or the servers do not let it start.
    """
    settings = read_settings()
    configure(settings.log_level, json=settings.log_json)
    meter = start_telemetry(settings, settings.metrics_address)
    client = await connect(settings)
    for finding in await require_servers(settings, client):
        structlog.get_logger().warning("start_warning", check=finding.name, found=finding.found)
    async with (
        open_pool(settings.database_url.get_secret_value()) as pool,
        running(client, pool, settings, meter) as check,
        serving_health(settings.health_address, check),
    ):
        await ensure_schedules(client, settings.task_queue, rehearsed=settings.clock_file is not None)
        structlog.get_logger().info("worker_started", task_queue=settings.task_queue)
        await asyncio.Event().wait()


async def main_until_stopped() -> None:
    """Run ``main`` until a signal, and end within some seconds after it, whichever server hangs."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(main())

    def stop() -> None:
        task.cancel()
        loop.call_later(STOPS_WITHIN.total_seconds(), give_up)

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    structlog.get_logger().info("worker_stopped")


def give_up() -> None:
    """End at once, as a power cut would: a server that hangs keeps the tasks from ending, and others take them up."""
    structlog.get_logger().warning("worker_stopped_unfinished")
    os._exit(1)


if __name__ == "__main__":
    search_seldom()
    gc.enable()
    with explained(debug="--debug" in sys.argv):
        uvloop.run(main_until_stopped())
