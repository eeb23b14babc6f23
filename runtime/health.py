"""Health checks: one for each thing the service depends on, with advice for each that fails."""

import asyncio
import contextlib
import http.client
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import aiosmtplib
import asyncpg
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    GetSystemInfoRequest,
    ListWorkerDeploymentsRequest,
)
from temporalio.client import Client, ScheduleActionStartWorkflow
from temporalio.service import RPCError, RPCStatusCode

from runtime.migrations import pending
from runtime.relay import smtp_client
from runtime.settings import Settings
from runtime.temporal import connect, missing_search_attributes
from schemas.errors import MileError
from schemas.ids import SWEEPER_SCHEDULE, matching_queue

ANSWERS_WITHIN = timedelta(seconds=5)
# The development server's default of one day deletes a finished quarter's history the next day.
MIN_RETENTION = timedelta(days=30)
# What is due is due by the minute; certificates and one-time links bear no more either.
MOST_APART = timedelta(seconds=60)
# The server sets the attribute where the steps of a workflow keep failing.
STUCK = "ExecutionStatus = 'Running' AND TemporalReportedProblems IS NOT NULL"
MOST_NAMED = 5
NOT_CHECKED = "not checked: no database"
# A poll lasts a minute where there is nothing to do.
POLLED_WITHIN = timedelta(seconds=90)
PLACEHOLDERS = ("example.org", "example.com", "example.net", ".example", ".invalid", ".test")
WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


@dataclass(frozen=True)
class HealthFinding:
    """What one check found; ``advice`` says what to do where it failed, or where it warns of a loss."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    warning: bool = False


async def check(settings: Settings) -> list[HealthFinding]:
    """Run every check and return the findings in a fixed order; a check that fails never stops the others."""
    groups = await asyncio.gather(_database(settings), _temporal(settings), _mail(settings), _pages(settings))
    return [python(), sender(settings), *(finding for group in groups for finding in group)]


def python() -> HealthFinding:
    """Check the Python that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    return HealthFinding("Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or newer.")


def sender(settings: Settings) -> HealthFinding:
    """Check that emails that leave this machine come from a domain of our own, not one of examples (RFC 2606)."""
    domain = settings.sender.rpartition("@")[2].lower()
    is_placeholder = domain.endswith(PLACEHOLDERS) and settings.mailbox is None
    found = f"{domain} is a domain of examples" if is_placeholder else domain
    return HealthFinding("Sender", not is_placeholder, found, "Set MILE_SENDER to an address of the association.")


# Without these a process can do nothing, or does harm; for what else is wrong somebody is told, and it starts.
REQUIRED = {"PostgreSQL", "Database writes", "Database", "Migrations", "Temporal", "Search attributes", "Task queue"}


async def require_servers(settings: Settings, client: Client | None = None) -> list[HealthFinding]:
    """Check what a process needs to start; without a client not Temporal. Return what else is wrong.

    Raises MileError with a sentence for each thing that must be put right first.
    """
    findings = await _database(settings)
    if client is not None:
        findings += await _engine(settings, client)
    failed = [finding for finding in findings if not finding.ok]
    namespace_missing = [each for each in failed if each.name == "Namespace" and "no namespace" in each.found]
    required = [each for each in failed if each.name in REQUIRED and each.found != NOT_CHECKED]
    if required := [*required, *namespace_missing]:
        raise MileError("\n".join(f"{each.name}: {each.found}. {each.advice}" for each in required))
    return failed


async def _database(settings: Settings) -> list[HealthFinding]:
    url = settings.database_url.get_secret_value()
    server = await _finding(
        "PostgreSQL", lambda: _database_version(url), "Start PostgreSQL, or correct MILE_DATABASE_URL."
    )
    if not server.ok:
        return [server, HealthFinding("Migrations", False, NOT_CHECKED, server.advice)]
    ours = await _finding("Database", lambda: _is_ours(url), "Correct MILE_DATABASE_URL.")
    # A migration must never be offered for another program's database.
    migrate = "Run: mile migrate" if ours.ok else ours.advice
    return [
        server,
        await _finding("Database writes", lambda: _writes(url), _READ_ONLY_ADVICE),
        await _finding("Clock", lambda: _clock(url), "Set the clock of this machine, or of PostgreSQL's, by NTP."),
        ours,
        await _finding("Migrations", lambda: _migrations(url), migrate),
    ]


async def require_database_of_ours(url: str) -> None:
    """Raise MileError where the database has tables of another program and none of ours; one that is away has none."""
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await _is_ours(url)


async def _database_version(url: str) -> str:
    return f"version {await _ask_database(url, 'show server_version')}"


_READ_ONLY_ADVICE = "It may be a replica, or its disk is full: make it writable, or correct MILE_DATABASE_URL."


async def _ask_database(url: str, question: str) -> Any:
    connection = await asyncpg.connect(url, timeout=ANSWERS_WITHIN.total_seconds())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def _writes(url: str) -> str:
    if await _ask_database(url, "select current_setting('transaction_read_only')") == "on":
        raise MileError("the database is read-only: answers cannot be stored")
    return "possible"


async def _clock(url: str) -> str:
    before = datetime.now(UTC)
    theirs: datetime = await _ask_database(url, "select clock_timestamp()")
    # Halfway: asking takes a moment.
    apart = abs(theirs - (before + (datetime.now(UTC) - before) / 2))
    if apart > MOST_APART:
        raise MileError(f"this machine and PostgreSQL are {apart.total_seconds():.0f} seconds apart")
    return "as PostgreSQL's"


async def _is_ours(url: str) -> str:
    strangers = await _ask_database(
        url,
        "select string_agg(tablename, ', ' order by tablename) from pg_tables "
        "where schemaname = 'public' and to_regclass('public.schema_migrations') is null",
    )
    if strangers:
        raise MileError(f"tables of another program: {strangers}")
    return "ours, or empty"


async def _migrations(url: str) -> str:
    missing = await pending(url)
    if missing:
        raise MileError(f"{len(missing)} not applied: {', '.join(missing)}")
    return "all applied"


async def _temporal(settings: Settings) -> list[HealthFinding]:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            client = await connect(settings)
    except MileError as error:
        return [HealthFinding("Temporal", False, "not reachable", str(error))]
    except TimeoutError:
        return [HealthFinding("Temporal", False, "not reachable", "Start Temporal, or set TEMPORAL_ADDRESS.")]
    return [*_profile(), *await _engine(settings, client), *await _workers_of(settings, client)]


def _profile() -> list[HealthFinding]:
    """Warn of a profile whose address or namespace is replaced by a variable."""
    profile = os.environ.get("TEMPORAL_PROFILE")
    replacing = [name for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE") if os.environ.get(name)]
    if not (profile and replacing):
        return []
    found = f"{' and '.join(replacing)} of the environment come before those of {profile}"
    return [HealthFinding("Temporal profile", True, found, "Unset them, or TEMPORAL_PROFILE.", warning=True)]


async def _engine(settings: Settings, client: Client) -> list[HealthFinding]:
    namespace = await _finding("Namespace", lambda: _retention(client), _RETENTION_ADVICE.format(client.namespace))
    return [
        await _finding("Temporal", lambda: _server_version(client), "Look at the Temporal server's log."),
        namespace,
        await _finding("Search attributes", lambda: _search_attributes(client), "Run: mile migrate --temporal"),
        await _finding("Task queue", lambda: _same_queue(client, settings.task_queue), _QUEUE_ADVICE),
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
        await _finding("Stuck workflows", lambda: _stuck(client), _STUCK_ADVICE),
        await _finding("Versions in use", lambda: _versions_in_use(client, settings.task_queue), _LEFT_ADVICE),
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
    return await _finding(f"Workers of {queue}, {title}", lambda: _pollers(client, queue, kind), "Run: mile worker")


async def _pollers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> str:
    pollers = await polling(client, queue, kind)
    if not pollers:
        raise MileError("nobody is polling")
    return f"{pollers} polling"


async def polling(client: Client, queue: str, kind: TaskQueueType.ValueType = WORKFLOW) -> int:
    """Return how many workers poll a queue."""
    return len(await recent_pollers(client, queue, kind))


async def recent_pollers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> list[PollerInfo]:
    """Return the workers that poll a queue for a kind of task."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    response = await client.workflow_service.describe_task_queue(request)
    # Those that ended some minutes ago are still listed.
    seen_after = datetime.now(UTC) - POLLED_WITHIN
    return [poller for poller in response.pollers if poller.last_access_time.ToDatetime(UTC) > seen_after]


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
    return [await _finding("Current version", lambda: _current_version(client, deployment, queue), _VERSION_ADVICE)]


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


async def _mail(settings: Settings) -> list[HealthFinding]:
    advice = "Start the mail relay, or correct MILE_SMTP_HOST, MILE_SMTP_PORT, MILE_SMTP_STARTTLS and the password."
    return [await _finding("Mail", lambda: _relay(settings), advice)]


async def _relay(settings: Settings) -> str:
    relay = smtp_client(settings, timeout=ANSWERS_WITHIN.total_seconds())
    async with relay:
        await relay.noop()
    return f"{settings.smtp_host}:{settings.smtp_port} answers"


async def _pages(settings: Settings) -> list[HealthFinding]:
    advice = "Run: mile web (and look at its log), or correct MILE_PUBLIC_URL."
    url = f"{settings.public_url}/readyz"
    answer: dict[str, object] = {}

    async def ask() -> str:
        status, content = await asyncio.to_thread(_ask_health, url)
        answer.update(content)
        if "ready" not in content:
            raise MileError(f"{url} is answered by something else (status {status})")
        if status != HTTPStatus.OK:
            raise MileError(f"{url} answers {status}")
        return f"{settings.public_url} is well"

    pages = await _finding("Pages", ask, advice)
    return [pages, _UNANNOUNCED] if answer.get("proxy_announced") is False else [pages]


_UNANNOUNCED = HealthFinding(
    "Proxy",
    True,
    "the pages do not trust the proxy before them, so all participants share one rate limit",
    "Set FORWARDED_ALLOW_IPS of mile web to the proxy's address.",
    warning=True,
)


def _ask_health(url: str) -> tuple[int, dict[str, object]]:
    try:
        # The setting allows only http and https.
        with urllib.request.urlopen(url, timeout=ANSWERS_WITHIN.total_seconds()) as answer:  # noqa: S310
            return answer.status, _json_object(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, _json_object(error.read())
    except http.client.HTTPException as error:
        raise MileError(f"{url} is answered by something that does not speak HTTP") from error


def _json_object(content: bytes) -> dict[str, object]:
    """Return a JSON object; whatever else answers in place of the pages says nothing."""
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _finding(name: str, look: Callable[[], Awaitable[str]], advice: str) -> HealthFinding:
    try:
        return HealthFinding(name, True, await look())
    except MileError as error:
        return HealthFinding(name, False, str(error), advice)
    except tuple(_ROLE_ERRORS) as error:
        return HealthFinding(name, False, _ROLE_ERRORS[type(error)], "Correct MILE_DATABASE_URL.")
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, aiosmtplib.SMTPException, RPCError) as error:
        return HealthFinding(name, False, f"no answer ({type(error).__name__})", advice)


# PostgreSQL answers, and not to us.
_ROLE_ERRORS: dict[type[Exception], str] = {
    asyncpg.InvalidCatalogNameError: "the server has no database of this name",
    asyncpg.InvalidPasswordError: "the server refuses this role or its password",
    asyncpg.InvalidAuthorizationSpecificationError: "the server refuses this role",
    asyncpg.InsufficientPrivilegeError: "this role may not use the tables; it must be the one that made them",
}
