"""A step that staff take on a page is taken once, however often the page is sent."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from emails.links import is_token, token_hash
from schemas.errors import MileError
from schemas.staff import StaffMember
from services.context import ServiceContext
from storage import staff_steps

KEPT_FOR = timedelta(days=1)


async def take_once(
    services: ServiceContext, member: StaffMember, token: str, step: Callable[[], Awaitable[str]]
) -> None:
    """Take a step unless the page with this token was sent before; ``step`` returns what it came to as a sentence.

    Raises what the step raises; a step that failed with a sentence may be taken again. Where the process ends in the
    middle nobody knows whether it was done, so it is not taken again from the same page.
    """
    now, key = datetime.now(UTC), token_hash(token)
    await staff_steps.forget(services.pool, now - KEPT_FOR)
    if not await staff_steps.begin(services.pool, key, member.email, now):
        return
    try:
        outcome = await step()
    except MileError:
        await staff_steps.abandon(services.pool, key)
        raise
    await staff_steps.finish(services.pool, key, outcome)


async def outcome_of(services: ServiceContext, member: StaffMember, token: str) -> str | None:
    """Return what a step came to, empty where that is not known (yet), or None where this person did not take it."""
    return await staff_steps.outcome(services.pool, token_hash(token), member.email) if is_token(token) else None
