"""The connection to Temporal, and what client, worker and replayer must have in common."""

import os

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.plugin import SimplePlugin
from temporalio.service import GrpcCompression, RPCError
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from runtime.redaction import RedactionInterceptor
from runtime.settings import Settings
from runtime.stored_payloads import StoredPayloadConverter
from runtime.telemetry import end_core_before_python
from runtime.workflow_runner import ContextFreeRunner
from schemas.errors import MileError

COHORT = SearchAttributeKey.for_keyword("MileCohort")
PHASE = SearchAttributeKey.for_keyword("MilePhase")
QUARTER = SearchAttributeKey.for_int("MileQuarter")
NEXT_DUE_AT = SearchAttributeKey.for_datetime("MileNextDueAt")
WAITING_FOR = SearchAttributeKey.for_keyword_list("MileWaitingFor")
NEEDS_ATTENTION = SearchAttributeKey.for_bool("MileNeedsAttention")

# Keyword, not Text: visibility on PostgreSQL allows at most ten Keywords and three of each other type.
SEARCH_ATTRIBUTES: dict[str, IndexedValueType.ValueType] = {
    COHORT.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    PHASE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    QUARTER.name: IndexedValueType.INDEXED_VALUE_TYPE_INT,
    NEXT_DUE_AT.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    WAITING_FOR.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
    NEEDS_ATTENTION.name: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
}

# Pure modules and what they import. The sandbox would import each of them again for every workflow, which is slow.
PURE = ("domain", "schemas", "pydantic", "pydantic_core", "annotated_types", "email_validator", "holidays", "zoneinfo")


def plugin() -> SimplePlugin:
    """Return what client, worker and replayer share: converter, sandbox and redaction of failures."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PURE)
    return SimplePlugin(
        "mile",
        data_converter=DataConverter(payload_converter_class=StoredPayloadConverter),
        workflow_runner=ContextFreeRunner(restrictions=restrictions),
        interceptors=[RedactionInterceptor()],
    )


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """Connect to the Temporal of these settings, of the environment, or of Temporal's configuration file.

    Workers made from the client get the plugin with it; a ``lazy`` client connects at its first call and is no good
    for workers. Raises MileError with the address and what to do.
    """
    end_core_before_python()
    try:
        config = ClientConfig.load_client_connect_config(override_env_vars=_variables(settings))
    except RuntimeError as error:
        # A profile that is not in the file, a file that cannot be read, a variable of another form.
        raise MileError(
            f"Temporal's configuration cannot be used: {error}. Correct TEMPORAL_PROFILE, TEMPORAL_CONFIG_FILE or the "
            "other TEMPORAL_… variables."
        ) from error
    address = config.setdefault("target_host", "localhost:7233")
    try:
        # Calls are many and small, and the server is near: compressing them would take time and spare nothing.
        return await Client.connect(**config, plugins=[plugin()], lazy=lazy, grpc_compression=GrpcCompression.NONE)
    except (RuntimeError, RPCError) as error:
        encrypted = "TLS is on, by TEMPORAL_API_KEY or TEMPORAL_TLS_…; unset these for a server without it. "
        raise MileError(
            f"Temporal cannot be reached at {address}. {encrypted if config.get('tls') else ''}"
            "Start it (mile up starts one on this machine), or set TEMPORAL_ADDRESS to where it listens, and "
            "TEMPORAL_API_KEY or TEMPORAL_TLS_… if it asks for them."
        ) from error


async def missing_search_attributes(client: Client) -> tuple[str, ...]:
    """Return the program's search attributes that the client's namespace does not know yet, in our order."""
    registered = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return tuple(name for name in SEARCH_ATTRIBUTES if name not in registered.custom_attributes)


async def ensure_search_attributes(client: Client) -> tuple[str, ...]:
    """Register the program's search attributes where they are missing; return the ones added. Safe to run twice."""
    missing = await missing_search_attributes(client)
    if missing:
        types = {name: SEARCH_ATTRIBUTES[name] for name in missing}
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
        )
    return missing


def _variables(settings: Settings) -> dict[str, str]:
    ours = {"TEMPORAL_ADDRESS": settings.temporal_address, "TEMPORAL_NAMESPACE": settings.temporal_namespace}
    return {**os.environ, **{name: value for name, value in ours.items() if value}}
