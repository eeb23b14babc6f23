"""Whether the servers answer, as the health addresses of pages and workers tell it."""

import asyncio
from datetime import timedelta

import asyncpg
from temporalio.client import Client
from temporalio.service import RPCError

from storage.database import DATABASE_ERRORS

ANSWERS_WITHIN = timedelta(seconds=2)


class ServerChecks:
    """Asks PostgreSQL and Temporal whether they answer."""

    def __init__(self, pool: asyncpg.Pool, client: Client) -> None:
        self._pool = pool
        self._client = client
        self._asked: asyncio.Task[bool] | None = None

    async def __call__(self) -> dict[str, bool]:
        """Return which servers answer, within some seconds even where one hangs."""
        postgresql, temporal = await asyncio.gather(self._postgresql_answers(), self._temporal_answers())
        return {"postgresql": postgresql, "temporal": temporal}

    async def _postgresql_answers(self) -> bool:
        # To cancel a question asks the server too. So one that hangs is left alone, and nobody asks a second one.
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._ask())
        answered, _ = await asyncio.wait({self._asked}, timeout=ANSWERS_WITHIN.total_seconds())
        return self._asked in answered and self._asked.result()

    async def _ask(self) -> bool:
        try:
            return bool(await self._pool.fetchval("select true"))
        except DATABASE_ERRORS:
            return False

    async def _temporal_answers(self) -> bool:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
                return await self._client.service_client.check_health(timeout=ANSWERS_WITHIN)
        except (RPCError, RuntimeError, TimeoutError):
            return False
