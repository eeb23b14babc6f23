"""What is said where Temporal is not as it should be: at the start of a process, and by the doctor."""

import contextlib
from collections.abc import AsyncIterator

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest, SetWorkerDeploymentCurrentVersionRequest
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from runtime.health import check, require_servers
from runtime.health_finding import HealthFinding
from runtime.local_stack.stack import LocalStack
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.errors import MileError
from workflows.maintenance import SweeperWorkflow
from workflows.support.schedules import ensure_schedules


async def _found(settings: Settings) -> dict[str, HealthFinding]:
    return {finding.name: finding for finding in await check(settings)}


def _with(servers: LocalStack, **different: object) -> Settings:
    return servers.settings.model_copy(update=different)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"TEMPORAL_PROFILE": "nope"}, "Profile 'nope' not found. Correct TEMPORAL_PROFILE"),
        ({"TEMPORAL_API_KEY": "secret"}, "TLS is on, by TEMPORAL_API_KEY or TEMPORAL_TLS_…; unset these"),
        ({"TEMPORAL_TLS": "true"}, "TLS is on, by TEMPORAL_API_KEY or TEMPORAL_TLS_…; unset these"),
    ],
)
async def test_configuration_that_cannot_work_is_said_in_a_sentence(
    servers: LocalStack, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(MileError) as refused:
        await connect(servers.settings)
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)
    assert sentence in (await _found(servers.settings))["Temporal"].advice


async def test_profile_whose_address_a_variable_replaces_is_warned_of(
    servers: LocalStack, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("config") / "temporal.toml"
    file.write_text('[profile.cloud]\naddress = "elsewhere:7233"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    monkeypatch.setenv("TEMPORAL_PROFILE", "cloud")
    monkeypatch.setenv("TEMPORAL_ADDRESS", str(servers.settings.temporal_address))
    finding = (await _found(servers.settings))["Temporal profile"]
    assert (finding.warning, finding.found) == (True, "TEMPORAL_ADDRESS of the environment come before those of cloud")


async def test_namespace_that_is_not_there_is_said(servers: LocalStack) -> None:
    await _refuses(servers, _with(servers, temporal_namespace="nowhere"), "Namespace", "there is no namespace nowhere")


async def test_namespace_without_search_attributes_is_said_with_the_command(servers: LocalStack) -> None:
    retention = Duration(seconds=90 * 86_400)
    request = RegisterNamespaceRequest(namespace="bare", workflow_execution_retention_period=retention)
    await servers.client.workflow_service.register_namespace(request)
    found = await _refuses(servers, _with(servers, temporal_namespace="bare"), "Search attributes", "missing: Mile")
    assert found.advice == "Run: mile migrate --temporal"


async def test_other_task_queue_than_that_of_the_service_is_said(servers: LocalStack) -> None:
    await ensure_schedules(servers.client, servers.settings.task_queue)
    ours = "the service of this namespace has the queue mile, not mill"
    await _refuses(servers, _with(servers, task_queue="mill"), "Task queue", ours)
    assert "Task queue" not in {finding.name for finding in await require_servers(servers.settings, servers.client)}


async def _refuses(servers: LocalStack, settings: Settings, name: str, found: str) -> HealthFinding:
    with pytest.raises(MileError) as refused:
        await require_servers(settings, await connect(settings))
    finding = (await _found(settings))[name]
    assert not finding.ok
    assert finding.found.startswith(found)
    assert f"{name}: {finding.found}. {finding.advice}" in str(refused.value).splitlines()
    return finding


async def test_deployment_without_a_current_version_or_without_its_workers_is_said(
    servers: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_DEPLOYMENT_NAME", "mile")
    told = [await _current_version(servers)]
    async with _versioned_worker(servers, "build-1"):
        told.append(await _current_version(servers))
        await _set_current(servers, "build-1")
        told.append(await _current_version(servers))
        await _set_current(servers, "build-2")
        told.append(await _current_version(servers))
    assert told == [
        "no worker of mile has ever run",
        "mile has none, so nothing new is done by its workers",
        "build-1",
        "build-2 is current, and no worker of it polls",
    ]


async def _current_version(servers: LocalStack) -> str:
    return (await _found(servers.settings))["Current version"].found


@contextlib.asynccontextmanager
async def _versioned_worker(servers: LocalStack, build: str, queue: str | None = None) -> AsyncIterator[None]:
    config = WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name="mile", build_id=build),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )
    queue = queue or servers.settings.task_queue
    async with Worker(servers.client, task_queue=queue, workflows=[SweeperWorkflow], deployment_config=config):
        yield


async def _set_current(servers: LocalStack, build: str) -> None:
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=servers.client.namespace,
        deployment_name="mile",
        build_id=build,
        ignore_missing_task_queues=True,
        allow_no_pollers=True,
    )
    await servers.client.workflow_service.set_worker_deployment_current_version(request)
