"""The tables come and go as the migrations say."""

import os
import subprocess
from pathlib import Path

import asyncpg
import pytest

from runtime.local_stack.postgres import Postgres
from runtime.migrations import MIGRATIONS, migrate, pending, program
from schemas.errors import MileError

EVERYTHING = """
select c.relkind::text as kind, c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
union all select 'type', t.typname from pg_type t where t.typnamespace = 'public'::regnamespace
union all select 'function', p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace
"""


@pytest.fixture
async def empty_url(postgres: Postgres) -> str:
    """The address of a database of its own, which dbmate has yet to make."""
    return postgres.url.replace("/mile?", "/up_and_down?")


async def _columns(url: str) -> set[tuple[str, str]]:
    connection = await asyncpg.connect(url)
    try:
        return {(row["kind"], row["name"]) for row in await connection.fetch(EVERYTHING)}
    finally:
        await connection.close()


def _roll_back(url: str) -> None:
    command = [program("dbmate"), "--no-dump-schema", "--migrations-dir", str(MIGRATIONS), "rollback"]
    subprocess.run(
        command, env={**os.environ, "DATABASE_URL": url + "&sslmode=disable"}, capture_output=True, check=True
    )


async def test_migrations_up_twice_then_down_leave_nothing_but_dbmates_own_list(empty_url: str) -> None:
    migrate(empty_url)
    assert await pending(empty_url) == ()
    migrated = await _columns(empty_url)
    assert ("r", "mentorship") in migrated
    migrate(empty_url)
    assert await _columns(empty_url) == migrated
    files = sorted(file.name for file in MIGRATIONS.glob("*.sql"))
    for _ in files:
        _roll_back(empty_url)
    assert {
        name for _, name in await _columns(empty_url) if not name.lstrip("_").startswith("schema_migrations")
    } == set()
    assert await pending(empty_url) == tuple(files)


async def test_migrations_up_again_make_the_same_tables(empty_url: str, database_url: str) -> None:
    migrate(empty_url)
    assert await _columns(empty_url) == await _columns(database_url)


async def test_migrations_run_over_tcp_without_tls(tmp_path: Path) -> None:
    # An address of this process's own, so that no other server has its port.
    address = f"127.77.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"
    server = Postgres(
        tmp_path / "pg", tmp_path / "log", print, throwaway=True, options=("-c", f"listen_addresses={address}")
    )
    url = f"postgresql://mile@{address}/mile"
    try:
        await server.start()
        for mode in ("", "?sslmode=prefer", "?sslmode=disable"):
            migrate(url + mode)
        assert await pending(url) == ()
        # Who asks for TLS gets no connection without it.
        with pytest.raises(MileError, match="SSL is not enabled on the server"):
            migrate(f"{url}?sslmode=require")
    finally:
        await server.stop()
