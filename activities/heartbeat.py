"""How a long activity lets the engine know that it still runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity

HEARTBEAT_EVERY = timedelta(seconds=5)


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Let the engine know, for as long as the block lasts, that a long activity still runs."""
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())
