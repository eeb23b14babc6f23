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

from runtime.health import HealthFinding, check, link_secret
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.stack import LocalStack, StackOptions, StackPart
from runtime.settings import Settings
from schemas.service_status import ServiceStatus
from services.link_health import check_link_keys
from services.service_status import service_status
from storage.database import open_pool
from tests.emails.stored import store_pair
from workflows.maintenance import SweeperWorkflow

ROOT = Path(__file__).parents[3]
NOWHERE = Settings.model_validate(
    {
        "database_url": "postgresql://mile:open-sesame@127.0.0.1:1/mile",
        "link_secret": "a" * 32,
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


@contextlib.asynccontextmanager
async def stuck_workflow(client: Client) -> AsyncIterator[None]:
    """A workflow whose worker fails every task of it, because it does not know its kind."""
    await client.start_workflow("NoSuchWorkflow", id="poisoned", task_queue="stuck")
    async with Worker(client, task_queue="stuck", workflows=[SweeperWorkflow]):
        yield


SCHEDULES = ["sweeper", "drift-audit"]


async def _status(stack: LocalStack) -> ServiceStatus:
    async with open_pool(stack.settings.database_url.get_secret_value(), size=1) as pool:
        return await service_status(pool, stack.client, stack.settings)


async def test_where_everything_but_the_worker_and_the_pages_runs_only_those_are_missed() -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as folder:
        async with (
            LocalStack(StackOptions(folder=Path(folder), ports=None, parts=frozenset({StackPart.MAIL}))) as stack,
            stuck_workflow(stack.client),
        ):
            async with asyncio.timeout(60):
                while (findings := _by_name(await check(stack.settings)))["Stuck workflows"].ok:
                    pass
            status = await _status(stack)
    assert status.engine
    assert status.engine.stuck.ids == ("poisoned",)
    assert (status.engine.workers, [one.id for one in status.engine.schedules if not one.exists]) == (0, SCHEDULES)
    assert findings["Stuck workflows"].found == "1: poisoned"
    well = {name for name, finding in findings.items() if finding.ok}
    assert well == {
        "Python",
        "Link secret",
        "Sender",
        "PostgreSQL",
        "Database writes",
        "Clock",
        "Database",
        "Migrations",
        "Temporal",
        "Namespace",
        "Search attributes",
        "Mail",
    }
    missed = {name: finding.advice for name, finding in findings.items() if not finding.ok}
    assert all("mile worker" in advice for name, advice in missed.items() if name.startswith("Workers"))
    assert "mile web" in missed["Pages"]


@pytest.mark.parametrize(("secret", "strong"), [("a" * 40, False), ("0123456789abcdef0123456789abcdef", True)])
def test_a_monotonous_link_secret_is_called_easy_to_guess(secret: str, strong: bool) -> None:
    settings = Settings.model_validate({**NOWHERE.model_dump(), "link_secret": secret})
    assert link_secret(settings).ok is strong


def test_without_settings_the_doctor_fails_and_names_them(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cli.main", "doctor", "--json"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told = json.loads(ran.stdout)
    assert told["ok"] is False
    assert "MILE_DATABASE_URL" in next(each for each in told["checks"] if not each["ok"])["found"]


Ill = Callable[[str], Awaitable[dict[str, HealthFinding]]]


@pytest.fixture
async def ill(pool: asyncpg.Pool, postgres: Postgres) -> AsyncIterator[Ill]:
    """Return what makes a database of its own, changes something about it, and asks the doctor."""
    await pool.execute("create database ill")

    async def ask(change: str) -> dict[str, HealthFinding]:
        url = postgres.url.replace("/mile?", "/ill?")
        connection = await asyncpg.connect(url)
        await connection.execute(change)
        await connection.close()
        return _by_name(await check(Settings.model_validate(NOWHERE.model_dump() | {"database_url": url})))

    yield ask
    await pool.execute("drop database ill with (force)")


async def test_read_only_database_is_said(ill: Ill) -> None:
    findings = await ill("alter database ill set default_transaction_read_only = on")
    assert findings["Database writes"].found == "the database is read-only: answers cannot be stored"


async def test_clock_that_is_off_by_an_hour_is_said(ill: Ill) -> None:
    findings = await ill(
        "create function public.clock_timestamp() returns timestamptz language sql "
        "return pg_catalog.clock_timestamp() + interval '1 hour'; "
        "alter database ill set search_path = public, pg_catalog"
    )
    assert findings["Clock"].found == "this machine and PostgreSQL are 3600 seconds apart"


async def test_database_of_another_program_is_never_offered_a_migration(ill: Ill) -> None:
    findings = await ill("create table invoice (id int); create table customer (id int)")
    assert findings["Database"].found == "tables of another program: customer, invoice"
    assert findings["Database"].advice == "Correct MILE_DATABASE_URL."
    assert findings["Migrations"].advice == findings["Database"].advice


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
