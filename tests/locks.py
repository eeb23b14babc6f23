"""Waiting until PostgreSQL holds a step up."""

from asyncio import Task

import asyncpg

WAITS = "select exists (select from pg_stat_activity where wait_event_type = 'Lock')"


async def until_held_up(pool: asyncpg.Pool, *steps: Task[object]) -> None:
    """Return once a step waits for a lock that somebody else holds; fails where it is done without."""
    while not (all(step.done() for step in steps) or await pool.fetchval(WAITS)):
        pass
    assert not all(step.done() for step in steps), "it did not wait"
