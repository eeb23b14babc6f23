"""A step that staff take on a page is taken once, however often the page is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from emails.links import is_token, token_hash
from schemas.errors import MileError
from schemas.staff import StaffMember
from services.context import ServiceContext
from storage import staff_steps

# Nobody sends a page again, or goes on with a file that they uploaded, after that; the sweeper deletes both.
KEPT_FOR = timedelta(days=1)
_log = structlog.get_logger(__name__)
# Longer than this, and people press the button again.
ANSWERED_WITHIN = timedelta(seconds=3)
# Whoever drops a task may see it vanish in the middle.
_in_background: set[asyncio.Task[None]] = set()


async def take_once(
    services: ServiceContext, member: StaffMember, token: str, step: Callable[[], Awaitable[str]]
) -> None:
    """Take a step unless the page with this token was sent before; ``step`` returns what it came to as a sentence.

    Raises what the step raises; a step that failed with a sentence may be taken again. Where the process ends in the
    middle nobody knows whether it was done, so it is not taken again from the same page.
    """
    now, key = datetime.now(UTC), token_hash(token)
    if not await staff_steps.begin(services.pool, key, member.email, now):
        return
    try:
        outcome = await step()
    except MileError:
        await staff_steps.abandon(services.pool, key)
        raise
    await staff_steps.finish(services.pool, key, outcome)


async def take_in_background(
    services: ServiceContext, member: StaffMember, token: str, step: Callable[[], Awaitable[str]]
) -> None:
    """Take a step as ``take_once`` does, and wait for it for a few seconds only; it goes on without being waited for.

    What it raises by then is raised; a refusal that comes later is its outcome.
    """
    waited_for = True

    async def told() -> str:
        try:
            return await step()
        except MileError as error:
            if waited_for:
                raise
            return f"This did not work. {error}"

    task = asyncio.create_task(take_once(services, member, token, told))
    _in_background.add(task)
    task.add_done_callback(_ended)
    done, _ = await asyncio.wait({task}, timeout=ANSWERED_WITHIN.total_seconds())
    waited_for = False
    for ended in done:
        ended.result()


def _ended(task: asyncio.Task[None]) -> None:
    _in_background.discard(task)
    error = None if task.cancelled() else task.exception()
    if error and not isinstance(error, MileError):
        _log.error("staff_step_failed", kind=type(error).__name__)


async def outcome_of(services: ServiceContext, member: StaffMember, token: str) -> str | None:
    """Return what a step came to, empty where that is not known (yet), or None where this person did not take it."""
    return await staff_steps.outcome(services.pool, token_hash(token), member.email) if is_token(token) else None
