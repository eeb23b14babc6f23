"""Waiting until PostgreSQL holds a step up."""

import asyncio

import asyncpg

WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


async def until_held_up(pool: asyncpg.Pool, *steps: asyncio.Task[object], waiting: int = 1) -> None:
    """Return once so many steps wait for a lock that somebody else holds; fails where all are done without."""
    async with asyncio.timeout(30):
        while await pool.fetchval(WAITING) < waiting:
            assert not all(step.done() for step in steps), "it did not wait"
