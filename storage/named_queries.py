"""The named queries of a folder of SQL files, each file read when one of its queries is needed first."""

import re
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from typing import Any

import aiosql
import asyncpg
from aiosql.adapters.asyncpg import AsyncPGAdapter

NAME = re.compile(r"^-- name: (\w+)", re.MULTILINE)


class _DirectAdapter(AsyncPGAdapter):
    """Asks a pool as it asks a connection: asyncpg's pool has the same methods, and gives the connection back itself.

    aiosql keeps a connection until the last row is read, so that a row which a model refuses would cost the pool one.
    Before each query it also lists all attributes of what it asks, which is dear beside a short query.
    """

    async def select(
        self, conn: Any, query_name: str, sql: str, parameters: dict[str, object], record_class: None = None
    ) -> AsyncIterator[asyncpg.Record]:
        """Yield the rows of a query."""
        ordered = self.maybe_order_params(query_name, parameters)  # type: ignore[no-untyped-call]
        for row in await conn.fetch(sql, *ordered):
            yield row

    async def select_one(
        self, conn: Any, query_name: str, sql: str, parameters: dict[str, object], record_class: None = None
    ) -> Any:
        """Return the first row of a query, or None."""
        return await conn.fetchrow(sql, *self.maybe_order_params(query_name, parameters))  # type: ignore[no-untyped-call]

    async def select_value(self, conn: Any, query_name: str, sql: str, parameters: dict[str, object]) -> Any:
        """Return the first value of a query, or None."""
        return await conn.fetchval(sql, *self.maybe_order_params(query_name, parameters))  # type: ignore[no-untyped-call]

    async def insert_update_delete(self, conn: Any, query_name: str, sql: str, parameters: dict[str, object]) -> Any:
        """Carry out a statement and return what PostgreSQL says it did."""
        return await conn.execute(sql, *self.maybe_order_params(query_name, parameters))  # type: ignore[no-untyped-call]


# aiosql types its adapters as what they are not: coroutines, where rows come from async generators.
_ADAPTER: Any = _DirectAdapter


class NamedQueries:
    """The queries as methods, named as in the files: a command uses a few of the files and need not wait for all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def available_queries(self) -> list[str]:
        """Return the names of all queries."""
        return sorted(self._files)

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {name: file for file in sorted(self._folder.glob("*.sql")) for name in NAME.findall(file.read_text())}

    def __getattr__(self, name: str) -> Any:
        """Read the file of a query and keep all of its queries; Python asks only for what is not kept yet."""
        if name not in self._files:
            raise AttributeError(f"There is no query {name} in {self._folder}.")
        read = aiosql.from_path(self._files[name], _ADAPTER, mandatory_parameters=False)
        self.__dict__.update({each: getattr(read, each) for each in read.available_queries})
        return self.__dict__[name]
