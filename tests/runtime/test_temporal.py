import socket

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import GrpcCompression

from runtime.local_stack.stack import LocalStack
from runtime.migrations import MIGRATIONS, migrate, pending
from runtime.settings import Settings
from runtime.temporal import SEARCH_ATTRIBUTES, connect, ensure_search_attributes, missing_search_attributes
from schemas.errors import MileError


def _nowhere(settings: Settings) -> Settings:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        return settings.model_copy(update={"temporal_address": f"127.0.0.1:{reserved.getsockname()[1]}"})


async def test_a_stack_has_the_six_search_attributes(servers: LocalStack) -> None:
    assert len(SEARCH_ATTRIBUTES) == 6
    assert await missing_search_attributes(servers.client) == ()
    assert await ensure_search_attributes(servers.client) == ()


async def test_calls_are_not_compressed(servers: LocalStack) -> None:
    client = await connect(servers.settings)
    assert client.service_client.config.grpc_compression is GrpcCompression.NONE


async def test_a_stack_keeps_finished_quarters_longer_than_a_mentorship(servers: LocalStack) -> None:
    answer = await servers.client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert answer.config.workflow_execution_retention_ttl.ToTimedelta().days > 600


async def test_an_unreachable_temporal_is_a_sentence_with_the_address(servers: LocalStack) -> None:
    nowhere = _nowhere(servers.settings)
    with pytest.raises(MileError, match="TEMPORAL_ADDRESS") as failed:
        await connect(nowhere)
    assert str(nowhere.temporal_address) in str(failed.value)


async def test_a_lazy_client_is_there_while_temporal_is_away(servers: LocalStack) -> None:
    assert isinstance(await connect(_nowhere(servers.settings), lazy=True), Client)


async def test_a_stack_has_every_migration_and_a_second_run_does_no_harm(servers: LocalStack) -> None:
    url = servers.settings.database_url.get_secret_value()
    assert list(MIGRATIONS.glob("*.sql"))
    assert await pending(url) == ()
    migrate(url)


async def test_a_new_database_waits_for_every_migration(servers: LocalStack) -> None:
    url = servers.settings.database_url.get_secret_value().replace("/mile?", "/template1?")
    assert await pending(url) == tuple(sorted(file.name for file in MIGRATIONS.glob("*.sql")))


def test_a_migration_that_cannot_run_says_why() -> None:
    with pytest.raises(MileError, match="could not be brought up to date"):
        migrate("postgresql://mile@127.0.0.1:1/mile?sslmode=disable")
