"""Temporal's worker deployments: which versions there are, what runs on each, and where new runs go."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import EventType, WorkerVersioningMode, WorkflowTaskFailedCause
from temporalio.api.enums.v1 import WorkerDeploymentVersionStatus as Status
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    GetWorkflowExecutionHistoryReverseRequest,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from runtime.pollers import WORKFLOW, recent_pollers
from runtime.temporal import COHORT
from schemas.ids import COHORT_WORKFLOW, MENTORSHIP_WORKFLOW
from schemas.releases import RunCounts, VersionState

# Temporal sets it: the deployment and the build a run is on, with a colon between.
VERSION = SearchAttributeKey.for_keyword("TemporalWorkerDeploymentVersion")
RUNNING = "ExecutionStatus = 'Running'"
_STATES = {
    Status.WORKER_DEPLOYMENT_VERSION_STATUS_CURRENT: VersionState.CURRENT,
    Status.WORKER_DEPLOYMENT_VERSION_STATUS_RAMPING: VersionState.RAMPING,
    Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINING: VersionState.DRAINING,
    Status.WORKER_DEPLOYMENT_VERSION_STATUS_DRAINED: VersionState.DRAINED,
}


_TASK_CLOSED = {
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
}
_FAULTS = {
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
}
_NEWEST_EVENTS = 20


@dataclass(frozen=True)
class DeployedVersion:
    """A version of a deployment; ``last_current_at`` is when new runs last began to go to it, if they ever did."""

    build: str
    state: VersionState
    created_at: datetime
    last_current_at: datetime | None


@dataclass(frozen=True)
class Deployment:
    """The versions of a deployment, the newest first; whoever changes it gives back its ``conflict_token``."""

    name: str
    conflict_token: bytes = b""
    versions: tuple[DeployedVersion, ...] = ()
    current: str | None = None
    current_since: datetime | None = None
    ramping: str | None = None
    percent: float = 0


@dataclass(frozen=True)
class OpenRun:
    """The open run of a workflow; ``build`` is None where no worker with a version has worked on it."""

    workflow_id: str
    run_id: str
    type: str
    cohort: str | None
    started_at: datetime
    build: str | None


@dataclass(frozen=True)
class Pollers:
    """How many workers poll a queue for workflows: by their build, and without a version."""

    by_build: Mapping[str, int] = field(default_factory=dict)
    unversioned: int = 0


async def find_deployment(client: Client, name: str) -> Deployment | None:
    """Return a deployment, or None where no worker of it has ever polled."""
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=name)
    try:
        described = await client.workflow_service.describe_worker_deployment(request)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None
    info = described.worker_deployment_info
    routing = info.routing_config
    return Deployment(
        name=name,
        conflict_token=described.conflict_token,
        versions=tuple(sorted(map(_version, info.version_summaries), key=lambda one: one.created_at, reverse=True)),
        current=routing.current_deployment_version.build_id or None,
        current_since=routing.current_version_changed_time.ToDatetime(UTC),
        ramping=routing.ramping_deployment_version.build_id or None,
        percent=routing.ramping_version_percentage,
    )


def _version(summary: WorkerDeploymentInfo.WorkerDeploymentVersionSummary) -> DeployedVersion:
    return DeployedVersion(
        build=summary.deployment_version.build_id,
        state=_STATES.get(summary.status, VersionState.INACTIVE),
        created_at=summary.create_time.ToDatetime(UTC),
        last_current_at=summary.last_current_time.ToDatetime(UTC) if summary.HasField("last_current_time") else None,
    )


async def set_current(client: Client, deployment: Deployment, build: str, identity: str) -> None:
    """Let new runs, and those that continue as new, go to a build; raises RPCError where its worker lacks a queue."""
    await client.workflow_service.set_worker_deployment_current_version(
        SetWorkerDeploymentCurrentVersionRequest(
            namespace=client.namespace,
            deployment_name=deployment.name,
            build_id=build,
            conflict_token=deployment.conflict_token,
            identity=identity,
        )
    )


async def set_ramping(client: Client, deployment: Deployment, build: str, percent: float, identity: str) -> None:
    """Let a share of what would go to the current version go to a build; none at 0."""
    await client.workflow_service.set_worker_deployment_ramping_version(
        SetWorkerDeploymentRampingVersionRequest(
            namespace=client.namespace,
            deployment_name=deployment.name,
            build_id=build if percent else "",
            percentage=percent,
            conflict_token=deployment.conflict_token,
            identity=identity,
        )
    )


async def are_steps_failing(client: Client, workflow_id: str) -> bool:
    """Tell whether the last step of a workflow failed in its code, rather than waits or took too long."""
    newest = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            maximum_page_size=_NEWEST_EVENTS,
        )
    )
    closed = (event for event in newest.history.events if event.event_type in _TASK_CLOSED)
    last = next(closed, None)
    return last is not None and last.workflow_task_failed_event_attributes.cause in _FAULTS


async def move_once(client: Client, deployment: str, workflow_id: str, build: str) -> None:
    """Let the next task of a workflow that is stuck go to a build, on which it stays if that can go on with it."""
    target = WorkerDeploymentVersion(deployment_name=deployment, build_id=build)
    one_time = VersioningOverride.OneTimeOverride(target_deployment_version=target)
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id),
            workflow_execution_options=WorkflowExecutionOptions(
                versioning_override=VersioningOverride(one_time=one_time)
            ),
            update_mask=FieldMask(paths=["versioning_override"]),
        )
    )


async def open_runs(client: Client, deployment: str, *types: str) -> list[OpenRun]:
    """Return the open runs of workflows of some types, or of all, as Temporal lists them: a second late at times."""
    named = ", ".join(f"'{type_}'" for type_ in types)
    query = f"WorkflowType IN ({named}) AND {RUNNING}" if types else RUNNING
    return [
        OpenRun(
            workflow_id=execution.id,
            run_id=execution.run_id,
            type=execution.workflow_type,
            cohort=execution.typed_search_attributes.get(COHORT),
            started_at=execution.start_time,
            build=_build(execution.typed_search_attributes.get(VERSION), deployment),
        )
        async for execution in client.list_workflows(query)
    ]


def _build(version: str | None, deployment: str) -> str | None:
    return version.removeprefix(f"{deployment}:") if version else None


def count_runs(runs: list[OpenRun]) -> dict[str | None, RunCounts]:
    """Return how many workflows run on each build."""
    types: dict[str | None, Counter[str]] = {}
    for run in runs:
        types.setdefault(run.build, Counter())[run.type] += 1
    return {
        build: RunCounts(
            mentorships=count[MENTORSHIP_WORKFLOW],
            cohorts=count[COHORT_WORKFLOW],
            others=count.total() - count[MENTORSHIP_WORKFLOW] - count[COHORT_WORKFLOW],
        )
        for build, count in types.items()
    }


async def workflow_pollers(client: Client, deployment: str, queue: str) -> Pollers:
    """Return how many workers poll a queue for workflows; one that ended is counted for a minute more."""
    versioned = WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
    by_build: Counter[str] = Counter()
    unversioned = 0
    for poller in await recent_pollers(client, queue, WORKFLOW):
        options = poller.deployment_options
        if options.worker_versioning_mode != versioned:
            unversioned += 1
        elif options.deployment_name == deployment:
            by_build[options.build_id] += 1
    return Pollers(by_build, unversioned)
