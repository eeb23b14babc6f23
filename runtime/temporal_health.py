"""Health checks of Temporal: the server and its namespace, the workers, stuck workflows and the versions in use."""

import asyncio
import os
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeWorkerDeploymentRequest,
    GetSystemInfoRequest,
    ListWorkerDeploymentsRequest,
)
from temporalio.client import Client, ScheduleActionStartWorkflow
from temporalio.service import RPCError, RPCStatusCode

from runtime.health_finding import ANSWERS_WITHIN, HealthFinding, finding_of
from runtime.pollers import ACTIVITY, WORKFLOW, polling, recent_pollers
from runtime.settings import Settings
from runtime.temporal import connect, missing_search_attributes
from schemas.errors import MileError
from schemas.ids import SWEEPER_SCHEDULE, matching_queue

# The development server's default of one day deletes a finished quarter's history the next day.
MIN_RETENTION = timedelta(days=30)
# The server sets the attribute where the steps of a workflow keep failing.
STUCK = "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"
MOST_NAMED = 5


async def check_temporal(settings: Settings) -> list[HealthFinding]:
    """Run every check of Temporal and of the workers that poll it."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            client = await connect(settings)
    except MileError as error:
        return [HealthFinding("Temporal", False, "not reachable", str(error))]
    except TimeoutError:
        return [HealthFinding("Temporal", False, "not reachable", "Start Temporal, or set TEMPORAL_ADDRESS.")]
    return [*_profile(), *await check_engine(settings, client), *await _workers_of(settings, client)]


def _profile() -> list[HealthFinding]:
    """Warn of a profile whose address or namespace is replaced by a variable."""
    profile = os.environ.get("TEMPORAL_PROFILE")
    replacing = [name for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE") if os.environ.get(name)]
    if not (profile and replacing):
        return []
    found = f"{' and '.join(replacing)} of the environment come before those of {profile}"
    return [HealthFinding("Temporal profile", True, found, "Unset them, or TEMPORAL_PROFILE.", warning=True)]


async def check_engine(settings: Settings, client: Client) -> list[HealthFinding]:
    """Check the server and its namespace, which a process needs before it can work."""
    namespace = await finding_of("Namespace", lambda: _retention(client), _RETENTION_ADVICE.format(client.namespace))
    return [
        await finding_of("Temporal", lambda: _server_version(client), "Look at the Temporal server's log."),
        namespace,
        await finding_of("Search attributes", lambda: _search_attributes(client), "Run: mile migrate --temporal"),
        await finding_of("Task queue", lambda: _same_queue(client, settings.task_queue), _QUEUE_ADVICE),
    ]


_QUEUE_ADVICE = "Correct MILE_TASK_QUEUE, or TEMPORAL_NAMESPACE."


async def _workers_of(settings: Settings, client: Client) -> list[HealthFinding]:
    # A worker polls each queue and task type on its own, so any of them may be missing alone.
    queues = [
        (settings.task_queue, WORKFLOW),
        (settings.task_queue, ACTIVITY),
        (matching_queue(settings.task_queue), ACTIVITY),
    ]
    return [
        *[await _workers(client, queue, kind) for queue, kind in queues],
        await finding_of("Stuck workflows", lambda: _stuck(client), _STUCK_ADVICE),
        await finding_of("Versions in use", lambda: _versions_in_use(client, settings.task_queue), _LEFT_ADVICE),
        *await _version(client, os.environ.get("TEMPORAL_DEPLOYMENT_NAME"), settings.task_queue),
    ]


_RETENTION_ADVICE = (
    "Run: temporal operator namespace create|update -n {} --retention 720h, or correct TEMPORAL_NAMESPACE."
)


async def _server_version(client: Client) -> str:
    response = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    return f"version {response.server_version}"


async def _retention(client: Client) -> str:
    try:
        request = DescribeNamespaceRequest(namespace=client.namespace)
        namespace = await client.workflow_service.describe_namespace(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        raise MileError(f"there is no namespace {client.namespace}") from None
    retention = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
    if retention < MIN_RETENTION:
        raise MileError(
            f"{client.namespace} forgets finished quarters after {retention / timedelta(hours=1):.0f} hours"
        )
    return f"{client.namespace}, finished quarters kept {retention.days} days"


async def _search_attributes(client: Client) -> str:
    missing = await missing_search_attributes(client)
    if missing:
        raise MileError(f"missing: {', '.join(missing)}")
    return "all registered"


async def _same_queue(client: Client, queue: str) -> str:
    """Check that the service that runs in this namespace has this queue: others would wait for ever."""
    try:
        described = await client.get_schedule_handle(SWEEPER_SCHEDULE).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return f"{queue}, new here"
    action = described.schedule.action
    if isinstance(action, ScheduleActionStartWorkflow) and action.task_queue != queue:
        raise MileError(f"the service of this namespace has the queue {action.task_queue}, not {queue}")
    return queue


async def _workers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> HealthFinding:
    title = "workflows" if kind == WORKFLOW else "activities"
    return await finding_of(f"Workers of {queue}, {title}", lambda: _pollers(client, queue, kind), "Run: mile worker")


async def _pollers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> str:
    pollers = await polling(client, queue, kind)
    if not pollers:
        raise MileError("nobody is polling")
    return f"{pollers} polling"


_STUCK_ADVICE = (
    "Their steps fail again and again. Look at one in Temporal's UI; if it began with a new release, go back to the "
    "one before (docs/howto/change-a-running-workflow.md)."
)
_VERSION_ADVICE = "Start a worker of the build that is to run, then: mile release promote BUILD"
_LEFT_ADVICE = "Start a worker of that build again, then: mile release promote BUILD"


async def _stuck(client: Client) -> str:
    found = [execution.id async for execution in client.list_workflows(STUCK, limit=MOST_NAMED)]
    if found:
        count = (await client.count_workflows(STUCK)).count
        raise MileError(f"{count}: {', '.join(sorted(found))}{' and others' if count > len(found) else ''}")
    return "none"


async def _version(client: Client, deployment: str | None, queue: str) -> list[HealthFinding]:
    """Check that new runs go to a build; without worker versioning there is none to check."""
    if not deployment:
        return []
    return [await finding_of("Current version", lambda: _current_version(client, deployment, queue), _VERSION_ADVICE)]


async def _current_version(client: Client, deployment: str, queue: str) -> str:
    """Return the build that new runs go to; raises MileError where there is none, or nobody polls for it."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment)
    try:
        described = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        raise MileError(f"no worker of {deployment} has ever run") from None
    build = described.worker_deployment_info.routing_config.current_deployment_version.build_id
    if not build:
        raise MileError(f"{deployment} has none, so nothing new is done by its workers")
    if not any(poller.deployment_options.build_id == build for poller in await recent_pollers(client, queue, WORKFLOW)):
        raise MileError(f"{build} is current, and no worker of it polls")
    return build


async def _versions_in_use(client: Client, queue: str) -> str:
    """Check that a worker polls for each version that workflows are on: no other can continue them.

    It does not heed whether this process has a version: one that lost it would leave all of them behind.
    """
    polled = {
        f"{poller.deployment_options.deployment_name}:{poller.deployment_options.build_id}"
        for poller in await recent_pollers(client, queue, WORKFLOW)
    }
    used, left = [], []
    for version in sorted(await _versions(client)):
        query = f"TemporalWorkerDeploymentVersion = '{version}' AND ExecutionStatus = 'Running'"
        if count := (await client.count_workflows(query)).count:
            used.append(version)
            if version not in polled:
                named = sorted([execution.id async for execution in client.list_workflows(query, limit=MOST_NAMED)])
                others = " and others" if count > len(named) else ""
                left.append(f"{count} on {version}, and no worker of it polls: {', '.join(named)}{others}")
    if left:
        raise MileError("; ".join(left))
    return ", ".join(used) or "none"


async def _versions(client: Client) -> set[str]:
    """Return the versions of all deployments, as Temporal writes them."""
    deployments = await client.workflow_service.list_worker_deployments(
        ListWorkerDeploymentsRequest(namespace=client.namespace)
    )
    versions = set()
    for deployment in deployments.worker_deployments:
        request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment.name)
        described = await client.workflow_service.describe_worker_deployment(request)
        for version in described.worker_deployment_info.version_summaries:
            versions.add(f"{deployment.name}:{version.deployment_version.build_id}")
    return versions
