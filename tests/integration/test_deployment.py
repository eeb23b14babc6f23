"""The service as docker-compose.yml starts it, without containers: on PostgreSQL with and without TLS."""

import asyncio
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import pytest

from runtime.local_stack.ports import Ports
from runtime.local_stack.stack import LocalStack, StackOptions

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nowhere"))
PASSWORD = secrets.token_hex(24)
SECRETS = {
    "MILE_DATABASE_PASSWORD": PASSWORD,
    "TEMPORAL_DATABASE_PASSWORD": "x",
    "POSTGRES_PASSWORD": secrets.token_hex(24),
    "MILE_LINK_SECRET": "y",
}


def _compose_says(text: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        # Debian's schema is older than this one key.
        file.write(re.sub(r"^name: .*\n", "", text, flags=re.MULTILINE))
        file.flush()
        command = ["docker-compose", "--file", file.name, "config", "--quiet"]
        ran = subprocess.run(command, env=os.environ | SECRETS, capture_output=True, text=True, check=False)
    return ran.stderr


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="needs Docker Compose: apt install docker-compose")
def test_compose_file_follows_the_published_schema() -> None:
    text = COMPOSE.read_text()
    assert _compose_says(text) == ""
    assert "stop_grace_perod" in _compose_says(text.replace("stop_grace_period", "stop_grace_perod", 1))
    assert "set MILE_LINK_SECRET" in _compose_says(text.replace("${MILE_LINK_SECRET:", "${MILE_NO_SECRET:"))


class DebianPostgresql(NamedTuple):
    """A server: the address of its database, and how its superuser gets in."""

    url: str
    socket: Path
    port: int


@pytest.fixture(params=["TLS", "no TLS"])
def postgresql(request: pytest.FixtureRequest) -> Iterator[DebianPostgresql]:
    """Start Debian's PostgreSQL, which takes passwords over TLS only, or has none."""
    ssl, host = ("on", "hostssl") if request.param == "TLS" else ("off", "host")
    if not (PROGRAMS / "initdb").exists():
        pytest.skip("needs PostgreSQL: apt install postgresql")
    port = Ports.free().web
    as_postgres = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="mile-postgresql-") as made:
        if as_postgres:
            shutil.chown(made, "postgres")
        data = f"{made}/data"
        run = [*as_postgres, str(PROGRAMS / "pg_ctl"), "--pgdata", data]
        options = f"-c port={port} -c ssl={ssl} -c unix_socket_directories={made} -c listen_addresses=127.0.0.1"
        certificate = ["openssl", "req", "-new", "-x509", "-nodes", "-subj", "/CN=127.0.0.1"]
        role = f"create role mile login createdb password '{PASSWORD}'"
        for command in (
            [*as_postgres, str(PROGRAMS / "initdb"), "--pgdata", data, "--auth=trust", "--username=postgres"],
            [*as_postgres, *certificate, "-keyout", f"{data}/server.key", "-out", f"{data}/server.crt"],
            [
                *as_postgres,
                "sh",
                "-c",
                f"echo 'local all all trust\n{host} all all all scram-sha-256' > {data}/pg_hba.conf",
            ],
            [*run, "--log", f"{made}/log", "--options", options, "--wait", "start"],
            [*as_postgres, "psql", "--host", made, "--port", str(port), "--command", role],
        ):
            subprocess.run(command, check=True, capture_output=True)
        try:
            yield DebianPostgresql(f"postgresql://mile:{PASSWORD}@127.0.0.1:{port}/mile", Path(made), port)
        finally:
            subprocess.run([*run, "--mode", "fast", "stop"], check=True, capture_output=True)


async def test_whole_start_by_hand(postgresql: DebianPostgresql, request: pytest.FixtureRequest) -> None:
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        # Only its Temporal is used.
        async with LocalStack(StackOptions(folder=Path(made) / "stack", ports=None, parts=frozenset())) as stack:
            environment = _environment(postgresql.url, str(stack.settings.temporal_address))
            migrated = await _command(environment, made, "migrate", "--temporal")
            assert migrated == "The database's tables are up to date.\nThe search attributes are in place.\n"
            async with _running(environment, made, "worker"), _running(environment, made, "web"):
                await _wait_until_ready(environment["MILE_HEALTH_ADDRESS"])
                await _wait_until_ready(f"127.0.0.1:{environment['MILE_WEB_PORT']}")
                example = str(ROOT / "examples" / "two-weeks")
                await _command(environment, made, "cohort", "create", example, "--yes")
                listed = await _command(environment, made, "cohort", "show", "two-weeks", "--json")
                await _command(environment, made, "cohort", "report", "two-weeks", "--interim", "--html", "report.html")
                report = (Path(made) / "report.html").read_text()
                doctor = await _command(environment, made, "doctor", may_fail=True)
    assert "two-weeks" in listed
    assert "<html" in report
    assert all(f"ok      {name}" in doctor for name in ("PostgreSQL:", "Migrations:", "Task queue:", "Pages:"))
    # So every command above used TLS, or did without.
    if "no TLS" in request.node.name:
        await _require_no_tls(postgresql.url)
    else:
        await _require_tls(postgresql.url)


def _environment(database_url: str, temporal_address: str) -> dict[str, str]:
    ports = Ports.free()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MILE_", "TEMPORAL_"))}
    return kept | {
        "MILE_DATABASE_URL": database_url,
        "MILE_LINK_SECRET": secrets.token_hex(32),
        "MILE_PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
        "MILE_SENDER": "mentors@example.org",
        "MILE_SMTP_PORT": str(ports.mail),
        "MILE_WEB_PORT": str(ports.web),
        "MILE_HEALTH_ADDRESS": f"127.0.0.1:{ports.temporal}",
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": "default",
        "PYTHONPATH": str(ROOT),
    }


async def _command(environment: dict[str, str], folder: str, *arguments: str, may_fail: bool = False) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", *arguments),
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    assert may_fail or process.returncode == 0, errors.decode()
    return output.decode()


@asynccontextmanager
async def _running(environment: dict[str, str], folder: str, command: str) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli.main", command), env=environment, cwd=folder
    )
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def _wait_until_ready(address: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(120):
        while True:
            try:
                if (await client.get(f"http://{address}/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def _require_tls(database_url: str) -> None:
    """Check that this server lets nobody in without TLS."""
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError, match="no encryption"):
        await asyncpg.connect(database_url, ssl=False)


async def _require_no_tls(database_url: str) -> None:
    """Check that this server has no TLS."""
    with pytest.raises(ConnectionError, match="rejected SSL upgrade"):
        await asyncpg.connect(database_url, ssl="require")
