"""Waiting until the sender has delivered what is in the outbox: it works in real time, whatever the simulated time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg
from temporalio.client import WorkflowHandle

from rehearsal.environment import Environment
from schemas.errors import MileError
from storage import outbox, rehearsals

DELIVERED_WITHIN_SECONDS = 120.0
POLL_INTERVAL_SECONDS = 0.05
# What a mentorship does when something is due, or an answer comes, takes longer than this.
NEVER_IDLE_WITHIN_SECONDS = 0.05


async def wait_for_delivery(pool: asyncpg.Pool, scope_id: str) -> bool:
    """Wait until every email of a mentorship, person or cohort has left or was refused; return whether any had to.

    A mentorship whose email was refused has been signaled by then. Raises MileError where it takes too long.
    """
    return await _wait_for_none(pool, outbox.count_unsettled, scope_id)


async def wait_until_mentorship_idle(
    environment: Environment, handle: WorkflowHandle[object, object], mentorship_id: str, reached: datetime
) -> datetime | None:
    """Wait until a mentorship has done all that was due up to a moment and its emails have left.

    Returns the moment it waits for then.
    Raises MileError where that takes too long.
    """
    clocks = environment.workflow_clocks
    await asyncio.sleep(NEVER_IDLE_WITHIN_SECONDS)
    due = await clocks.wait_until_idle(handle, reached)
    # A refused address signals the mentorship, which then has more to do.
    while await wait_for_delivery(environment.pool, mentorship_id):
        due = await clocks.wait_until_idle(handle, reached)
    return due


async def wait_for_delivery_to_cohort(pool: asyncpg.Pool, cohort_id: str) -> bool:
    """Wait until every email of a cohort, its people and its mentorships has left or was refused."""
    return await _wait_for_none(pool, outbox.count_unsettled_of_cohort, cohort_id)


async def _wait_for_none(
    pool: asyncpg.Pool, count: Callable[[asyncpg.Pool, str], Awaitable[int]], scope_id: str
) -> bool:
    waited = False
    try:
        async with asyncio.timeout(DELIVERED_WITHIN_SECONDS):
            while await count(pool, scope_id):
                waited = True
                # Nobody waits for real office hours here.
                if await rehearsals.end_postponement(pool, scope_id):
                    await outbox.wake_senders(pool)
                await asyncio.sleep(POLL_INTERVAL_SECONDS)
    except TimeoutError:
        raise MileError(
            f"Emails of {scope_id} did not leave; mile emails stuck and the worker's log say why."
        ) from None
    return waited
