"""Every named query: known to PostgreSQL, and needed by somebody."""

import re
from pathlib import Path

import asyncpg
import pytest

from storage.database import queries

STORAGE = Path(__file__).parents[2] / "storage"
WRITTEN = sorted(
    name
    for file in sorted((STORAGE / "queries").glob("*.sql"))
    for name in re.findall(r"^-- name: (\w+)", file.read_text(), re.MULTILINE)
)


def test_no_two_queries_share_a_name() -> None:
    assert len(WRITTEN) == len(set(WRITTEN))
    assert set(WRITTEN) <= set(queries.available_queries)


@pytest.mark.parametrize("name", WRITTEN)
async def test_query_is_planned_by_postgresql(pool: asyncpg.Pool, name: str) -> None:
    async with pool.acquire() as connection:
        statement = await connection.prepare(getattr(queries, name).sql)
        assert await statement.explain(*[None] * len(statement.get_parameters()))


@pytest.mark.parametrize("name", WRITTEN)
def test_query_is_asked_somewhere_in_storage(name: str) -> None:
    python = "".join(file.read_text() for file in STORAGE.glob("*.py"))
    assert re.search(rf"\bqueries\.{name}\(", python)
