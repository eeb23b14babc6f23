"""The first build of a deployment, whose worker polls a moment before Temporal lists the deployment."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentOptions, WorkerDeploymentVersion
from temporalio.api.enums.v1 import WorkerVersioningMode
from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentResponse,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from schemas.actor import Actor, ActorKind
from services import releases
from services.context import ServiceContext

OPERATOR = Actor(kind=ActorKind.STAFF, name="amina")
BUILD = WorkerDeploymentVersion(deployment_name="mile", build_id="1")
LISTED = WorkerDeploymentInfo.WorkerDeploymentVersionSummary(deployment_version=BUILD)


class LateTemporal:
    """What Temporal answers about a worker that polls: at first it knows no deployment, then one without a version.

    ``current`` are the builds that were made current; one that is not listed is refused.
    """

    namespace, identity = "default", "test"

    def __init__(self) -> None:
        self.current: list[str] = []
        self._listed: list[tuple[Any, ...] | None] = [None, (), (LISTED,)]

    @property
    def workflow_service(self) -> "LateTemporal":
        return self

    async def describe_worker_deployment(self, _: DescribeWorkerDeploymentRequest) -> DescribeWorkerDeploymentResponse:
        listed = self._listed.pop(0)
        if listed is None:
            raise RPCError("there is none", RPCStatusCode.NOT_FOUND, b"")
        info = WorkerDeploymentInfo(name="mile", version_summaries=listed)
        return DescribeWorkerDeploymentResponse(worker_deployment_info=info)

    async def describe_task_queue(self, _: DescribeTaskQueueRequest) -> DescribeTaskQueueResponse:
        now = Timestamp()
        now.GetCurrentTime()
        versioned = WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED
        options = WorkerDeploymentOptions(deployment_name="mile", build_id="1", worker_versioning_mode=versioned)
        return DescribeTaskQueueResponse(pollers=[PollerInfo(last_access_time=now, deployment_options=options)])

    async def set_worker_deployment_current_version(self, request: SetWorkerDeploymentCurrentVersionRequest) -> None:
        if self._listed:
            raise RPCError("there is no such version", RPCStatusCode.FAILED_PRECONDITION, b"")
        self.current.append(request.build_id)

    async def list_workflows(self, _: str) -> AsyncIterator[Any]:
        nothing: tuple[Any, ...] = ()
        for execution in nothing:
            yield execution


@pytest.fixture
def late() -> LateTemporal:
    return LateTemporal()


async def test_it_is_waited_for_until_the_deployment_lists_it(context: ServiceContext, late: LateTemporal) -> None:
    here = replace(context, client=cast(Client, late))
    assert (await releases.start(here, OPERATOR, "mile", "1")).done
    assert late.current == ["1"]
