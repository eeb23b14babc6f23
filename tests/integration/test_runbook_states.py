"""Each line of the run-book's first table: the state is made, and start and ``mile doctor`` say what the line says."""

import asyncio
import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import WorkflowHandle
from temporalio.common import PinnedVersioningOverride, VersioningOverride, WorkerDeploymentVersion
from temporalio.service import RPCError
from temporalio.worker import Worker

from cli.server.doctor import _check
from emails.sender_domain import check_sender_domain
from runtime.health import require_servers
from runtime.health_finding import HealthFinding
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.migrations import migrate
from runtime.settings import Settings, read_settings
from runtime.temporal import connect, ensure_search_attributes
from schemas.errors import MileError, Refusal
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_workflow_id
from storage import outbox
from storage.database import open_pool
from tests.cli.server.test_doctor import stuck_workflow
from tests.emails.stored import PAIR, store_pair
from tests.runtime.test_ill_temporal import _set_current, _versioned_worker
from tests.services.test_bounces import EMAIL
from workflows.mentorship import MentorshipWorkflow
from workflows.support.schedules import ensure_schedules

RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
WITHIN_SECONDS = 60
WEDGED = "wedged"


def rows() -> dict[str, str]:
    """Return what the table says of each state, and what to do: with a star where a process starts all the same."""
    table = RUNBOOK.read_text().split("| the doctor says |", 1)[1].split("\n\n", 1)[0]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
    return {said: what_to_do for said, _, what_to_do in cells}


BACKUPS = "insert into backup_status (began_at, finished_at) values (now() - interval '9 days', {})"


class States:
    """Makes the states on one stack whose worker and pages are away, each with the settings that meet it."""

    def __init__(self, stack: LocalStack, environment: pytest.MonkeyPatch) -> None:
        self.stack = stack
        self.environment = environment
        self._url = stack.settings.database_url.get_secret_value()

    def settings(self, **different: object) -> Settings:
        return Settings.model_validate(self.stack.settings.model_dump() | different)

    def variables(self, **variables: str) -> Settings:
        for name, value in variables.items():
            self.environment.setenv(name, value)
        return self.stack.settings

    def database(self, name: str) -> str:
        return self._url.replace("/mile?", f"/{name}?")

    @asynccontextmanager
    async def ill_database(self, change: str, *, migrated: bool = True, role: str = "mile") -> AsyncIterator[Settings]:
        server = await asyncpg.connect(self._url)
        await server.execute("create database ill")
        try:
            if migrated:
                await asyncio.to_thread(migrate, self.database("ill"))
            ill = await asyncpg.connect(self.database("ill"))
            await ill.execute(change)
            await ill.close()
            yield self.settings(database_url=self.database("ill").replace("://mile", f"://{role}"))
        finally:
            await server.execute("drop database ill with (force)")
            await server.execute("drop role if exists stranger")
            await server.close()

    async def namespace(self, name: str, days: int) -> Settings:
        request = RegisterNamespaceRequest(
            namespace=name, workflow_execution_retention_period=Duration(seconds=days * 86_400)
        )
        await self.stack.client.workflow_service.register_namespace(request)
        return self.settings(temporal_namespace=name)


@asynccontextmanager
async def only(settings: Settings) -> AsyncIterator[Settings]:
    yield settings


@asynccontextmanager
async def wrong_password(states: States) -> AsyncIterator[Settings]:
    """Ask a role for its password, which is another than the settings have."""
    right, wrong = secrets.token_hex(24), secrets.token_hex(24)
    url = states.database("mile").replace("://mile", "://careful:{}")
    access = states.stack.folder / "postgres" / "pg_hba.conf"
    rules = access.read_text()
    server = await asyncpg.connect(states.database("mile"))
    try:
        await server.execute(f"create role careful login password '{right}'")
        access.write_text(f"local all careful scram-sha-256\n{rules}")
        await server.execute("select pg_reload_conf()")
        await (await asyncpg.connect(url.format(right))).close()
        yield states.settings(database_url=url.format(wrong))
    finally:
        access.write_text(rules)
        await server.execute("select pg_reload_conf()")
        await server.execute("drop role careful")
        await server.close()


@asynccontextmanager
async def short_retention(states: States) -> AsyncIterator[Settings]:
    settings = await states.namespace("forgetful", 2)
    await ensure_search_attributes(await connect(settings))
    yield settings


@asynccontextmanager
async def bare_namespace(states: States) -> AsyncIterator[Settings]:
    yield await states.namespace("bare", 60)


@asynccontextmanager
async def other_queue(states: States) -> AsyncIterator[Settings]:
    await ensure_schedules(states.stack.client, states.stack.settings.task_queue)
    yield states.settings(task_queue="mill")


@asynccontextmanager
async def other_profile(states: States) -> AsyncIterator[Settings]:
    file = states.stack.folder / "temporal.toml"
    file.write_text('[profile.cloud]\naddress = "elsewhere:7233"\n')
    yield states.variables(
        TEMPORAL_CONFIG_FILE=str(file),
        TEMPORAL_PROFILE="cloud",
        TEMPORAL_ADDRESS=str(states.stack.settings.temporal_address),
    )


@asynccontextmanager
async def no_current_version(states: States) -> AsyncIterator[Settings]:
    settings = states.variables(TEMPORAL_DEPLOYMENT_NAME="mile")
    async with _versioned_worker(states.stack, "build-1"):
        yield settings


@asynccontextmanager
async def current_version_without_workers(states: States) -> AsyncIterator[Settings]:
    async with no_current_version(states) as settings:
        await _set_current(states.stack, "build-2")
        yield settings


@asynccontextmanager
async def version_without_workers(states: States) -> AsyncIterator[Settings]:
    """Let a mentorship belong to a build whose worker is gone, while all else is done without versions."""
    async with _versioned_worker(states.stack, "build-0", queue=WEDGED):
        gone = PinnedVersioningOverride(WorkerDeploymentVersion("mile", "build-0"))
        mentorship = await _start_mentorship(states, versioning_override=gone)
    try:
        yield states.stack.settings
    finally:
        await mentorship.terminate()


@asynccontextmanager
async def poisoned(states: States) -> AsyncIterator[Settings]:
    async with stuck_workflow(states.stack.client):
        yield states.stack.settings
    await states.stack.client.get_workflow_handle("poisoned").terminate()


@asynccontextmanager
async def wedged(states: States) -> AsyncIterator[Settings]:
    """Let a mentorship have a state that its worker's code cannot read, so that each of its tasks fails."""
    mentorship = await _start_mentorship(states)
    async with Worker(states.stack.client, task_queue=WEDGED, workflows=[MentorshipWorkflow]):
        yield states.stack.settings
    await mentorship.terminate()


async def _start_mentorship(
    states: States, versioning_override: VersioningOverride | None = None
) -> WorkflowHandle[Any, Any]:
    async with asyncio.timeout(WITHIN_SECONDS):
        while True:
            # Temporal knows a version of a queue only some time after its worker's first poll.
            with contextlib.suppress(RPCError):
                return await states.stack.client.start_workflow(
                    MENTORSHIP_WORKFLOW,
                    {"terms": "of another release"},
                    id=mentorship_workflow_id(PAIR),
                    task_queue=WEDGED,
                    versioning_override=versioning_override,
                )
            await asyncio.sleep(0.2)


@asynccontextmanager
async def pair_stored(states: States) -> AsyncIterator[asyncpg.Pool]:
    async with open_pool(states.database("mile"), size=1) as pool:
        if not await pool.fetchval("select exists (select from mentorship)"):
            await store_pair(pool)
        yield pool


@asynccontextmanager
async def silent_sender(states: States, *, ever_ran: bool) -> AsyncIterator[Settings]:
    async with open_pool(states.database("mile"), size=1) as pool:
        await pool.execute("delete from sender_status")
        if ever_ran:
            await pool.execute("insert into sender_status (seen_at) values (now() - interval '1 hour')")
    yield states.stack.settings


@asynccontextmanager
async def given_up_email(states: States) -> AsyncIterator[Settings]:
    async with pair_stored(states) as pool:
        await outbox.enqueue(pool, EMAIL)
        await pool.execute("update outbox set state = 'dead'")
        yield states.stack.settings
        await pool.execute("delete from outbox")


@asynccontextmanager
async def full_mailbox(states: States) -> AsyncIterator[Settings]:
    async with pair_stored(states) as pool:
        await outbox.enqueue(pool, EMAIL)
        for attempt in ("attempt 1", "attempt 2"):
            await pool.execute("insert into bounce values ($1, $2, '4.2.2')", EMAIL.key, attempt)
        yield states.stack.settings
        await pool.execute("delete from outbox")


@asynccontextmanager
async def unread_bounces(states: States) -> AsyncIterator[Settings]:
    """Let the mailbox have what nobody understood; tests/integration/test_delivery.py reads a real one."""
    states.environment.setattr("services.email_health._count_unrecognized", lambda _: 2)
    yield states.settings(**BOUNCES)


@asynccontextmanager
async def bare_domain(states: States) -> AsyncIterator[Settings]:
    async def no_records(_: str) -> list[str]:
        return []

    states.environment.setattr("cli.server.doctor.check_sender_domain", partial(check_sender_domain, lookup=no_records))
    yield states.settings(mailbox=None, dkim_selector="mile")


@asynccontextmanager
async def other_link_key(states: States) -> AsyncIterator[Settings]:
    async with pair_stored(states) as pool:
        await pool.execute(
            "insert into personal_link (token_hash, cohort_id, person_id, key_id) "
            "values ('a', 'mile-2019', 'M01', 'another')"
        )
    yield states.stack.settings


@asynccontextmanager
async def refusing_relay(states: States) -> AsyncIterator[Settings]:
    async with open_pool(states.database("mile"), size=1) as pool:
        await outbox.set_sender_seen(pool)
        await outbox.set_sender_paused(pool, "554 5.7.1")
    yield states.stack.settings


class Answering(BaseHTTPRequestHandler):
    """Answers in place of the pages."""

    status = 200
    content = b""

    def do_GET(self) -> None:
        """Answer what was chosen."""
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library calls it so
        """Log nothing."""


@asynccontextmanager
async def pages_that_answer(states: States, status: int, content: bytes) -> AsyncIterator[Settings]:
    answering = type("Answering", (Answering,), {"status": status, "content": content})
    server = HTTPServer(("127.0.0.1", 0), answering)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield states.settings(public_url=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


BOUNCES = {
    "bounces_address": "bounces@example.org",
    "bounces_imap_host": "127.0.0.1",
    "bounces_imap_port": 1,
    "bounces_imap_username": "bounces",
}
NOWHERE = "postgresql://mile@127.0.0.1:1/mile"
OTHER_PROGRAM = "create table invoice (id int)"
AN_HOUR_OFF = (
    "create function public.clock_timestamp() returns timestamptz language sql "
    "return pg_catalog.clock_timestamp() + interval '1 hour'; "
    "alter database ill set search_path = public, pg_catalog"
)
Make = Callable[[States], AbstractAsyncContextManager[Settings]]
# For each line of the table, the states in which it is said.
MAKES: dict[str, tuple[Make, ...]] = {
    "PostgreSQL: no answer": (lambda s: only(s.settings(database_url=NOWHERE)),),
    "PostgreSQL: the server has no database of this name": (
        lambda s: only(s.settings(database_url=s.database("mill"))),
    ),
    "PostgreSQL: the server refuses this role": (
        lambda s: only(s.settings(database_url=s.database("mile").replace("://mile", "://nobody"))),
    ),
    "PostgreSQL: the server refuses this role or its password": (wrong_password,),
    "Database: tables of another program": (lambda s: s.ill_database(OTHER_PROGRAM, migrated=False),),
    "Database writes: the database is read-only": (
        lambda s: s.ill_database("alter database ill set default_transaction_read_only = on"),
    ),
    "Migrations: … not applied": (lambda s: s.ill_database("delete from schema_migrations"),),
    "Migrations: this role may not use the tables": (
        lambda s: s.ill_database("create role stranger login", role="stranger"),
    ),
    "Clock: … seconds apart": (lambda s: s.ill_database(AN_HOUR_OFF),),
    "Temporal: not reachable": (
        lambda s: only(s.settings(temporal_address="127.0.0.1:1")),
        lambda s: only(s.variables(TEMPORAL_TLS="true")),
        lambda s: only(s.variables(TEMPORAL_API_KEY="secret")),
    ),
    "Temporal: not reachable; Temporal's configuration cannot be used": (
        lambda s: only(s.variables(TEMPORAL_PROFILE="nope")),
    ),
    "Temporal profile: … come before those of …": (other_profile,),
    "Namespace: there is no namespace …": (lambda s: only(s.settings(temporal_namespace="nowhere")),),
    "Namespace: … forgets finished quarters": (short_retention,),
    "Search attributes: missing": (bare_namespace,),
    "Task queue: the service of this namespace has the queue …": (other_queue,),
    "Workers of …: nobody is polling": (lambda s: only(s.stack.settings),),
    "Current version: … has none; … no worker of it polls": (no_current_version, current_version_without_workers),
    "Versions in use: … and no worker of it polls": (version_without_workers,),
    "Stuck workflows: …": (poisoned, wedged),
    "Backups: the newest was finished …; none was ever finished": (
        lambda s: s.ill_database(BACKUPS.format("now() - interval '27 hours'")),
        lambda s: s.ill_database(BACKUPS.format("null")),
    ),
    "Link keys: … links were made with a key that is not in the settings": (other_link_key,),
    "Sender: … is a domain of examples": (lambda s: only(s.settings(sender="mentors@example.org", mailbox=None)),),
    "Mail: no answer": (lambda s: only(s.settings(smtp_port=1)),),
    "Email sender: none ever ran; last at work …": (
        lambda s: silent_sender(s, ever_ran=False),
        lambda s: silent_sender(s, ever_ran=True),
    ),
    "Email relay: accepts nothing since …": (refusing_relay,),
    "Stuck emails: …": (given_up_email,),
    "Bounces: no mailbox is read": (lambda s: only(s.stack.settings),),
    "Bounces: the mailbox cannot be read": (lambda s: only(s.settings(**BOUNCES)),),
    "Bounces: … not understood: …": (unread_bounces,),
    "Soft bounces: … with an address that failed within a week": (full_mailbox,),
    "SPF: … has no record": (bare_domain,),
    "DMARC: … has no record": (bare_domain,),
    "DKIM: … has no key": (bare_domain,),
    "Pages: … is answered by something else": (lambda s: pages_that_answer(s, 200, b"welcome"),),
    "Pages: … answers 503": (lambda s: pages_that_answer(s, 503, b'{"ready": false}'),),
    "Proxy: the pages do not trust the proxy": (
        lambda s: pages_that_answer(s, 200, b'{"ready": true, "proxy_announced": false}'),
    ),
}
SETTINGS_ROW = "Settings: … is not set, cannot be used"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stack() -> AsyncIterator[LocalStack]:
    """Real servers and a mailbox, no worker and no pages."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made) / "stack", ports=None, parts=frozenset({StackPart.MAIL}))
        async with LocalStack(options) as stack:
            yield stack


@pytest.fixture
def states(stack: LocalStack) -> Iterator[States]:
    with pytest.MonkeyPatch.context() as environment:
        yield States(stack, environment)


def test_every_line_of_the_table_is_made_here() -> None:
    assert [*rows()] == [*dict.fromkeys([SETTINGS_ROW, *MAKES])]


@pytest.mark.parametrize("said", MAKES)
async def test_start_and_doctor_say_what_the_line_says(states: States, said: str) -> None:
    name, _, words = said.partition(": ")
    alternatives = words.split("; ")
    for number, make in enumerate(MAKES[said]):
        wanted = alternatives[number] if len(alternatives) == len(MAKES[said]) else words
        async with make(states) as settings:
            finding = await _found(settings, name, wanted)
            assert finding.advice, said
            started = await _starts(settings)
        may_start = rows()[said].startswith("*")
        assert (started is None) == may_start, (said, started)
        if started is not None:
            assert finding.found in started or finding.advice in started
            if name != "Temporal":
                assert f"{name}: {finding.found}. {finding.advice}" in started.splitlines()


async def _found(settings: Settings, name: str, words: str) -> HealthFinding:
    """Wait until the doctor says these words of a check that failed or warns."""
    said = f"{name}: {words}"
    pattern = ".*".join(re.escape(part) for part in re.split("…|;", said))
    findings: list[HealthFinding] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(WITHIN_SECONDS):
            while True:
                findings = await _check(settings)
                for each in findings:
                    ill = each.warning or not each.ok
                    if ill and re.search(pattern, f"{each.name}: {each.found} {each.advice}", re.DOTALL):
                        return each
                await asyncio.sleep(0.5)
    raise AssertionError(f"{said} was not said: {[each for each in findings if not each.ok or each.warning]}")


async def _starts(settings: Settings) -> str | None:
    """Return with which sentences a worker does not start, or None where it does."""
    try:
        await require_servers(settings, await connect(settings))
    except MileError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({}, r"MILE_LINK_SECRET is not set \("),
        ({"MILE_LINK_SECRET": "short"}, "MILE_LINK_SECRET cannot be used .* at least 32 characters"),
        ({"MILE_LINK_SECRET": "a" * 40}, "MILE_LINK_SECRET cannot be used .* easy to guess"),
    ],
    ids=["missing", "short", "weak"],
)
def test_settings_that_cannot_be_used_are_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    assert SETTINGS_ROW in rows()
    for name in [name for name in os.environ if name.startswith("MILE_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal, match=sentence):
        read_settings()
