"""Steps that staff took on a page, each known by the SHA-256 of the token that its page carried."""

from datetime import datetime

from storage.database import Db, queries


async def begin(db: Db, token_hash: bytes, email: str, now: datetime) -> bool:
    """Claim a step; return False where it was claimed before."""
    return bool(await queries.begin_staff_step(db, token_hash=token_hash, email=email, now=now))


async def finish(db: Db, token_hash: bytes, outcome: str) -> None:
    """Store what a step came to, as a sentence."""
    await queries.finish_staff_step(db, token_hash=token_hash, outcome=outcome)


async def abandon(db: Db, token_hash: bytes) -> None:
    """Forget a step that changed nothing."""
    await queries.abandon_staff_step(db, token_hash=token_hash)


async def outcome(db: Db, token_hash: bytes, email: str) -> str | None:
    """Return what a step came to, empty while it is being taken, or None for one that this person did not take."""
    found: str | None = await queries.staff_step_outcome(db, token_hash=token_hash, email=email)
    return found


async def forget(db: Db, before: datetime) -> None:
    """Delete the steps begun before a moment."""
    await queries.forget_staff_steps(db, before=before)
