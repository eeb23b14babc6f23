"""What the one way to PostgreSQL promises."""

import asyncio
from datetime import timedelta
from pathlib import Path

import asyncpg
import psutil
import pytest

from runtime.local_stack.postgres import Postgres
from storage import roles
from storage.database import open_pool, transaction

SOON = timedelta(seconds=0.3)


async def test_rows_that_a_model_refuses_cost_the_pool_no_connection(database_url: str, pool: asyncpg.Pool) -> None:
    await pool.execute("insert into cohort (id, settings, updated_at) values ('broken', '{}', now())")
    await pool.execute(
        "insert into role_holder (cohort_id, role, email, access, starts_on)"
        " values ('broken', '', 'not an address', 'chair', now())"
    )
    async with open_pool(database_url, size=1) as one:
        for _ in range(3):
            # Kept here, the error keeps what it was raised in.
            with pytest.raises(ValueError, match="validation error") as kept:
                async with asyncio.timeout(5):
                    await roles.role_holders(one, "broken")
            assert one.get_idle_size() == 1, kept


async def test_nobody_waits_long_for_a_postgresql_that_hangs(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path / "postgres", tmp_path / "postgres.log", lambda _: None, throwaway=True)
    await postgres.start()
    try:
        server = psutil.Process(postgres.running.pid if postgres.running else 0)
        async with (
            asyncio.timeout(30),
            open_pool(postgres.url.replace("/mile?", "/postgres?"), size=2, answers_within=SOON) as pool,
        ):
            await pool.fetchval("select 1")
            processes = [server, *server.children(recursive=True)]
            for process in processes:
                process.suspend()
            # Over the connection that is open, over a new one, and while both are waited for.
            raised = await asyncio.gather(*(_store(pool) for _ in range(4)), return_exceptions=True)
            assert [type(fault) for fault in raised] == [TimeoutError] * 4
            for process in processes:
                process.resume()
            await _store(pool)
    finally:
        await postgres.stop()


async def _store(pool: asyncpg.Pool) -> None:
    async with transaction(pool) as connection:
        await connection.fetchval("select 1")
