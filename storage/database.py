"""The one way to PostgreSQL: a pool, and the named queries of storage/queries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import asyncpg
from pydantic import BaseModel

from storage.named_queries import NamedQueries

# The methods are made at run time from the names in the SQL files.
# Queries that return rows are async generators, which tuple() does not take: hence ``tuple([... async for ...])`` in
# this room.
queries: Any = NamedQueries(Path(__file__).parent / "queries")

# Faults that pass by themselves: PostgreSQL is away, starts, stops, or has no connection left.
TEMPORARY_FAULTS = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
)

Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy | asyncpg.Connection"
# What a database that is away raises, or one that cannot do what it was asked for now.
DATABASE_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
Stored = TypeVar("Stored", bound=BaseModel)
Db: TypeAlias = "asyncpg.Pool | Connection"


def stored_as(schema: type[Stored], text: str) -> Stored:
    """Return what was stored as JSON; what a newer release stored beside it is kept, and stored again with it.

    So a release that is taken back reads what the one after it wrote, and loses none of it. Raises
    pydantic.ValidationError where it is nothing of this kind.
    """
    return schema.model_validate_json(text, extra="allow")


@asynccontextmanager
async def transaction(db: Db) -> AsyncIterator[Connection]:
    """Begin a transaction on a connection of the pool, or a part of the transaction that a connection is in already.

    So a use case can keep its audit event together with what it changed, or neither.
    """
    if isinstance(db, asyncpg.Pool):
        async with db.acquire() as connection, connection.transaction():
            yield connection
    else:
        async with db.transaction():
            yield db


@asynccontextmanager
async def kept_if(keep: bool, connection: Connection) -> AsyncIterator[None]:
    """Do a part of a transaction and take it back at its end unless it is kept; both take the same statements."""
    part = connection.transaction()
    await part.start()
    try:
        yield
    except BaseException:
        await part.rollback()
        raise
    await (part.commit() if keep else part.rollback())


@asynccontextmanager
async def rolled_back(pool: asyncpg.Pool) -> AsyncIterator[Connection]:
    """Begin a transaction that is undone at the end of the block: a preview carries out its step in it."""
    async with pool.acquire() as connection:
        attempt = connection.transaction()
        await attempt.start()
        try:
            yield connection
        finally:
            await attempt.rollback()


@asynccontextmanager
async def open_pool(database_url: str, *, size: int = 8) -> AsyncIterator[asyncpg.Pool]:
    """Open a pool of at most ``size`` connections for as long as the block lasts."""
    async with asyncpg.create_pool(
        database_url, min_size=1, max_size=size, command_timeout=30, reset=_keep_session
    ) as pool:
        yield pool


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Skip the round trip that resets a session: no query here leaves anything in one.

    Transactions are rolled back all the same, and locks and settings here end with their transaction; the one lock that
    does not is given back by who took it (storage/bounces.py).
    """
