import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.worker import Worker

from runtime.database_health import require_database_of_ours
from runtime.health import check, require_servers
from runtime.health_finding import HealthFinding
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.migrations import MIGRATIONS, migrate
from runtime.settings import Settings
from runtime.temporal_health import STUCK
from schemas.errors import MileError, Refusal
from schemas.service_status import ServiceStatus
from services.link_health import check_link_keys
from services.service_status import service_status
from services.workflow_calls import Handle, query_workflow
from storage.database import open_pool
from tests.emails.stored import store_pair
from tests.waiting import until
from workflows.maintenance import SweeperWorkflow

ROOT = Path(__file__).parents[3]
NOWHERE = Settings.model_validate(
    {
        "database_url": "postgresql://mile:open-sesame@127.0.0.1:1/mile",
        "link_secret": "0123456789abcdef" * 2,
        "public_url": "http://127.0.0.1:1",
        "sender": "mile@example.org",
        "smtp_port": 1,
        "temporal_address": "127.0.0.1:1",
    }
)


def _by_name(findings: list[HealthFinding]) -> dict[str, HealthFinding]:
    return {finding.name: finding for finding in findings}


async def test_where_nothing_runs_every_failure_says_what_to_do() -> None:
    findings = _by_name(await check(NOWHERE))
    assert [name for name, finding in findings.items() if finding.ok] == ["Python"]
    assert findings["Sender"].found == "example.org is a domain of examples"
    assert all(finding.advice for finding in findings.values())
    assert "open-sesame" not in str(findings)


async def test_whatever_answers_in_place_of_the_pages_ends_no_other_check() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        findings = _by_name(await check(NOWHERE.model_copy(update={"public_url": url})))
    assert findings["Pages"].found == f"{url}/readyz is answered by something that does not speak HTTP"
    assert findings.keys() == _by_name(await check(NOWHERE)).keys()


@contextlib.asynccontextmanager
async def stuck_workflow(client: Client) -> AsyncIterator[None]:
    """A workflow whose worker fails every task of it, because it does not know its kind."""
    await client.start_workflow("NoSuchWorkflow", id="poisoned", task_queue="stuck")
    async with Worker(client, task_queue="stuck", workflows=[SweeperWorkflow]):
        yield


SCHEDULES = ["sweeper", "calendars", "drift-audit"]


async def _status(stack: LocalStack) -> ServiceStatus:
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        return await service_status(pool, stack.client, stack.settings)


async def _stuck(stack: LocalStack) -> list[str]:
    return [run.id async for run in stack.client.list_workflows(STUCK)]


def _poisoned(stack: LocalStack) -> Handle:
    return stack.client.get_workflow_handle("poisoned")


async def test_where_everything_but_the_worker_and_the_pages_runs_only_those_are_missed() -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as folder:
        async with (
            LocalStack(StackOptions(folder=Path(folder), ports=None, parts=frozenset({StackPart.MAIL}))) as stack,
            stuck_workflow(stack.client),
        ):
            await until(lambda: _stuck(stack))
            findings = _by_name(await check(stack.settings))
            status = await _status(stack)
            # To whoever asks it, a workflow that is stuck looks like one without a worker.
            with pytest.raises(MileError, match="poisoned is stuck: its steps fail again and again, so nothing was"):
                await query_workflow(_poisoned(stack), "progress", kind=str, absent=Refusal("absent"))
    assert status.engine
    assert status.engine.stuck.ids == ("poisoned",)
    assert (status.engine.workers, [one.id for one in status.engine.schedules if not one.exists]) == (0, SCHEDULES)
    assert findings["Stuck workflows"].found == "1: poisoned"
    well = {name for name, finding in findings.items() if finding.ok}
    assert well == {
        "Python",
        "Sender",
        "PostgreSQL",
        "Database writes",
        "Clock",
        "Database",
        "Migrations",
        "Temporal",
        "Namespace",
        "Search attributes",
        "Task queue",
        "Versions in use",
        "Mail",
    }
    missed = {name: finding.advice for name, finding in findings.items() if not finding.ok}
    assert all("mile worker" in advice for name, advice in missed.items() if name.startswith("Workers"))
    assert "mile web" in missed["Pages"]


def test_without_settings_the_doctor_fails_and_names_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "doctor", "--json"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    assert told["ok"] is False
    assert "MILE_DATABASE_URL" in next(each for each in told["checks"] if not each["ok"])["found"]


Ill = Callable[..., Awaitable[Settings]]


@pytest.fixture
async def ill(pool: asyncpg.Pool, postgres: Postgres) -> AsyncIterator[Ill]:
    """Return what makes a database of its own, changes something about it, and returns the settings to reach it."""
    await pool.execute("create database ill")

    async def make(change: str, *, migrated: bool = False, role: str = "mile") -> Settings:
        url = postgres.url.replace("/mile?", "/ill?")
        if migrated:
            await asyncio.to_thread(migrate, url)
        connection = await asyncpg.connect(url)
        await connection.execute(change)
        await connection.close()
        return _reaching(url.replace("://mile", f"://{role}"))

    yield make
    await pool.execute("drop database ill with (force)")
    await pool.execute("drop role if exists stranger")


def _reaching(url: str) -> Settings:
    return Settings.model_validate(NOWHERE.model_dump() | {"database_url": url})


async def _refuses(settings: Settings, sentence: str) -> None:
    """Check that a process does not start, and that the doctor says the same sentence of the same check."""
    with pytest.raises(MileError) as refused:
        await require_servers(settings)
    assert sentence in str(refused.value).splitlines()
    name, _, rest = sentence.partition(": ")
    finding = _by_name(await check(settings))[name]
    assert (finding.ok, f"{finding.found}. {finding.advice}") == (False, rest)


async def test_postgresql_that_is_away_is_said() -> None:
    sentence = "PostgreSQL: no answer (ConnectionRefusedError). Start PostgreSQL, or correct MILE_DATABASE_URL."
    await _refuses(NOWHERE, sentence)


async def test_database_that_the_server_does_not_have_is_said(postgres: Postgres) -> None:
    settings = _reaching(postgres.url.replace("/mile?", "/mill?"))
    await _refuses(settings, "PostgreSQL: the server has no database of this name. Correct MILE_DATABASE_URL.")


async def test_role_that_the_server_does_not_have_is_said(postgres: Postgres) -> None:
    settings = _reaching(postgres.url.replace("://mile", "://nobody"))
    await _refuses(settings, "PostgreSQL: the server refuses this role. Correct MILE_DATABASE_URL.")


async def test_role_that_may_not_use_the_tables_is_said_and_offered_no_migration(ill: Ill) -> None:
    settings = await ill("create role stranger login", migrated=True, role="stranger")
    may_not = "this role may not use the tables; it must be the one that made them"
    await _refuses(settings, f"Migrations: {may_not}. Correct MILE_DATABASE_URL.")


async def test_old_tables_are_said_with_the_command(ill: Ill) -> None:
    settings = await ill("delete from schema_migrations", migrated=True)
    missing = sorted(file.name for file in MIGRATIONS.glob("*.sql"))
    await _refuses(settings, f"Migrations: {len(missing)} not applied: {', '.join(missing)}. Run: mile migrate")


async def test_read_only_database_is_said(ill: Ill) -> None:
    settings = await ill("alter database ill set default_transaction_read_only = on")
    await _refuses(
        settings,
        "Database writes: the database is read-only: answers cannot be stored. It may be a replica, or its disk is "
        "full: make it writable, or correct MILE_DATABASE_URL.",
    )


async def test_clock_that_is_off_by_an_hour_is_said(ill: Ill) -> None:
    settings = await ill(
        "create function public.clock_timestamp() returns timestamptz language sql "
        "return pg_catalog.clock_timestamp() + interval '1 hour'; "
        "alter database ill set search_path = public, pg_catalog",
        migrated=True,
    )
    apart = "this machine and PostgreSQL are 3600 seconds apart"
    assert _by_name(await check(settings))["Clock"].found == apart
    # It starts all the same: what is stored has PostgreSQL's or Temporal's time.
    assert [(finding.name, finding.found) for finding in await require_servers(settings)] == [("Clock", apart)]


async def test_database_of_another_program_is_never_offered_a_migration(ill: Ill) -> None:
    settings = await ill("create table invoice (id int); create table customer (id int)")
    await _refuses(settings, "Database: tables of another program: customer, invoice. Correct MILE_DATABASE_URL.")
    assert _by_name(await check(settings))["Migrations"].advice == "Correct MILE_DATABASE_URL."
    with pytest.raises(MileError, match="another program"):
        await require_database_of_ours(settings.database_url.get_secret_value())


async def test_links_of_a_key_that_is_not_set_are_counted(pool: asyncpg.Pool, database_url: str) -> None:
    settings = Settings.model_validate(NOWHERE.model_dump() | {"database_url": database_url})
    assert [finding.ok for finding in await check_link_keys(settings)] == [True]
    await store_pair(pool)
    await pool.execute(
        "insert into personal_link (token_hash, cohort_id, person_id, key_id) "
        "values ('a', 'mile-2019', 'M01', 'another')"
    )
    (finding,) = await check_link_keys(settings)
    assert (finding.ok, finding.found) == (False, "1 links were made with a key that is not in the settings")
