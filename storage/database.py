"""The one way to PostgreSQL: a pool, and the named queries of storage/queries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import asyncpg
from asyncpg.pool import PoolAcquireContext
from pydantic import BaseModel

from storage.named_queries import NamedQueries

# The methods are made at run time from the names in the SQL files.
# Queries that return rows are async generators, which tuple() does not take: hence ``tuple([... async for ...])`` in
# this room.
queries: Any = NamedQueries(Path(__file__).parent / "queries")

# Faults that pass: PostgreSQL is away, starts, stops, hangs, has no connection or room left, or may not write.
TEMPORARY_FAULTS = (
    OSError,
    asyncpg.InterfaceError,
    # What the client raises on a connection that PostgreSQL left in the middle of a statement, as when it is killed.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
)

# A statement of a report may take its time.
STATEMENT_SECONDS = 30

Connection: TypeAlias = "asyncpg.pool.PoolConnectionProxy | asyncpg.Connection"
# What a database that is away raises, or one that cannot do what it was asked for now.
DATABASE_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
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


class _Pool(asyncpg.Pool):
    """A pool that waits for a connection, and to get it back, no longer than for a statement."""

    def __init__(self, database_url: str, *, size: int, seconds: float | None) -> None:
        super().__init__(
            database_url,
            min_size=1,
            max_size=size,
            # As asyncpg.create_pool has them.
            max_queries=50_000,
            max_inactive_connection_lifetime=300.0,
            loop=None,
            connection_class=asyncpg.Connection,
            record_class=asyncpg.Record,
            reset=_keep_session,
            command_timeout=seconds or STATEMENT_SECONDS,
        )
        self._seconds = seconds

    def acquire(self, *, timeout: float | None = None) -> PoolAcquireContext:
        """Wait for a connection; raises TimeoutError where none can be had in time."""
        return super().acquire(timeout=self._seconds if timeout is None else timeout)


@asynccontextmanager
async def open_pool(
    database_url: str, *, size: int = 8, answers_within: timedelta | None = None
) -> AsyncIterator[asyncpg.Pool]:
    """Open a pool of at most ``size`` connections for as long as the block lasts.

    With ``answers_within`` a connection and a statement are each waited for no longer than that, also from a PostgreSQL
    that hangs, which is worse than one that is down: nothing says so. What takes too long raises TimeoutError.
    """
    seconds = answers_within.total_seconds() if answers_within else None
    async with _Pool(database_url, size=size, seconds=seconds) as pool:
        yield pool


async def _keep_session(connection: asyncpg.Connection) -> None:
    """Skip the round trip that resets a session: no query here leaves anything in one.

    Transactions are rolled back all the same, and locks and settings here end with their transaction; the one lock that
    does not is given back by who took it (storage/bounces.py).
    """
