"""Waiting until PostgreSQL holds a step up."""

import asyncio

import asyncpg

WAITS = "select exists (select from pg_stat_activity where wait_event_type = 'Lock')"


async def until_held_up(pool: asyncpg.Pool, *steps: asyncio.Task[object]) -> None:
    """Return once a step waits for a lock that somebody else holds; fails where all are done without."""
    async with asyncio.timeout(30):
        while not await pool.fetchval(WAITS):
            assert not all(step.done() for step in steps), "it did not wait"
