"""The statements that a step sends to PostgreSQL: who measures how long a page takes measures these."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg


def shape(statement: str) -> str:
    """Return a statement without its savepoint's number, and without how a part of a transaction ends."""
    return re.sub("(RELEASE SAVEPOINT|ROLLBACK TO) ", "END ", re.sub(r"savepoint_\w+", "savepoint", statement))


@asynccontextmanager
async def logged_pool(database_url: str) -> AsyncIterator[tuple[asyncpg.Pool, list[str]]]:
    """Open a pool of one connection, and a list to which each statement is added that runs on it."""
    statements: list[str] = []

    async def log(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(lambda record: statements.append(record.query))

    async with asyncpg.create_pool(database_url, min_size=1, max_size=1, init=log) as pool:
        yield pool, statements
