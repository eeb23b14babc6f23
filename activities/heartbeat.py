"""Heartbeats of long activities: without them the loss of a worker shows only after half an hour."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio import activity

# A sixth of the timeout in workflows/support/options.py.
HEARTBEAT_EVERY = timedelta(seconds=5)


@asynccontextmanager
async def heartbeating() -> AsyncIterator[None]:
    """Send heartbeats for as long as the block lasts."""
    task = asyncio.create_task(_beat())
    try:
        yield
    finally:
        task.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(HEARTBEAT_EVERY.total_seconds())
