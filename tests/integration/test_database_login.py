"""Another password for the database: both work for a while, and nothing else changes."""

import os
import secrets
import subprocess
import sys

import asyncpg
import pytest

from tests.integration.test_deployment import ROOT, DebianPostgresql, postgresql  # noqa: F401 - a fixture

SCRIPT = ROOT / "deploy" / "database-login.sh"
OWNERS = "select distinct tableowner from pg_tables where schemaname = 'public'"


class Superuser:
    """Who may let roles in: over the server's Unix socket, as in the container of PostgreSQL."""

    def __init__(self, server: DebianPostgresql) -> None:
        place = {"PGHOST": str(server.socket), "PGPORT": str(server.port)}
        self._environment = place | {"PGUSER": "postgres", "PATH": os.environ["PATH"]}

    def run(self, *arguments: str, password: str | None = None, status: int = 0) -> str:
        ran = subprocess.run(
            ["sh", "-s", *arguments],
            input=SCRIPT.read_text(),
            env=self._environment | ({"NEW_PASSWORD": password} if password else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == status, ran.stderr
        return ran.stdout + ran.stderr


def _migrate(url: str) -> str:
    environment = os.environ | {"MILE_DATABASE_URL": url, "MILE_LINK_SECRET": secrets.token_hex(32)}
    environment |= {"MILE_PUBLIC_URL": "http://127.0.0.1:8400", "MILE_SENDER": "mentors@example.org"}
    command = [sys.executable, "-m", "cli.main", "migrate"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout


async def test_new_password_works_beside_the_old_one_until_that_is_retired(
    postgresql: DebianPostgresql,  # noqa: F811
) -> None:
    superuser, second, third = Superuser(postgresql), secrets.token_hex(24), secrets.token_hex(24)
    before, place = postgresql.url, postgresql.url.rpartition("@")[2]
    after = f"postgresql://mile_2:{second}@{place}"
    _migrate(before)
    old = await asyncpg.connect(before)

    assert "mile can log in already" in superuser.run("add", "mile", "mile", password=third, status=2)
    assert superuser.run("add", "mile", "mile_2", password=second) == "mile_2 can log in, and acts as mile.\n"
    await (await asyncpg.connect(before)).close()
    assert "up to date" in _migrate(after)
    new = await asyncpg.connect(after)
    await new.execute("create table made_later (id int)")
    assert [row["tableowner"] for row in await new.fetch(OWNERS)] == ["mile"]
    await old.execute("insert into made_later values (1)")

    assert "mile has 1 open connections" in superuser.run("retire", "mile", status=2)
    await old.close()
    assert superuser.run("retire", "mile") == "mile can log in no more.\n"
    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
        await asyncpg.connect(before)
    assert await new.fetchval("select count(*) from made_later") == 1

    # The next time the first role takes its turn again.
    superuser.run("add", "mile", "mile", password=third)
    await new.close()
    superuser.run("retire", "mile_2")
    await (await asyncpg.connect(f"postgresql://mile:{third}@{place}")).close()
    with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
        await asyncpg.connect(after)
