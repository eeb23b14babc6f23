"""Links that sign staff in once, and their sessions; both are known by their SHA-256 only."""

from datetime import datetime

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from schemas.enums import StaffAccess
from storage.database import Db, queries


class HeldRole(FrozenModel):
    """A role that an address holds today."""

    id: int
    cohort_id: str
    access: StaffAccess


class Session(FrozenModel):
    """A session that goes on: whose it is, when they were last seen, and when they last showed who they are."""

    email: str
    seen_at: AwareDatetime
    authenticated_at: AwareDatetime | None


class OpenSession(FrozenModel):
    """One of somebody's sessions that go on; ``here`` is true of the one that asks."""

    id: int
    began_at: AwareDatetime
    seen_at: AwareDatetime
    here: bool


async def roles_of(db: Db, email: str, now: datetime) -> tuple[HeldRole, ...]:
    """Return the roles that an address holds at a moment (aware), by cohort."""
    return tuple([HeldRole(**row) async for row in queries.roles_of_address(db, email=email, now=now)])


async def save_link(db: Db, token_hash: bytes, email: str, made_at: datetime) -> None:
    """Store a link that signs somebody in; a second time changes nothing."""
    await queries.save_sign_in_link(db, token_hash=token_hash, email=email, made_at=made_at)


async def forget_links(db: Db, before: datetime) -> None:
    """Delete the links that were made before a moment."""
    await queries.forget_sign_in_links(db, before=before)


async def is_link_open(db: Db, token_hash: bytes, since: datetime) -> bool:
    """Tell whether a link was made after a moment and not used yet."""
    return bool(await queries.is_sign_in_link_open(db, token_hash=token_hash, since=since))


async def use_link(db: Db, token_hash: bytes, now: datetime, since: datetime) -> str | None:
    """Use a link up and return whose it is, or None where it is used, made before ``since``, or unknown."""
    email: str | None = await queries.use_sign_in_link(db, token_hash=token_hash, now=now, since=since)
    return email


async def save_session(db: Db, token_hash: bytes, email: str, now: datetime, authenticated_at: datetime | None) -> None:
    """Store a session that begins, and when its owner showed who they are, where that is known."""
    await queries.save_session(db, token_hash=token_hash, email=email, now=now, authenticated_at=authenticated_at)


async def session(db: Db, token_hash: bytes, idle_since: datetime, began_since: datetime) -> Session | None:
    """Return a session, or None where it has ended, was idle since then, began before that, or is unknown."""
    row = await queries.session(db, token_hash=token_hash, idle_since=idle_since, began_since=began_since)
    return Session(**row) if row else None


async def touch_session(db: Db, token_hash: bytes, now: datetime, before: datetime) -> None:
    """Note that a session is in use, unless that was noted after ``before``."""
    await queries.touch_session(db, token_hash=token_hash, now=now, before=before)


async def end_session(db: Db, token_hash: bytes, now: datetime) -> None:
    """End a session."""
    await queries.end_session(db, token_hash=token_hash, now=now)


async def end_sessions(db: Db, email: str, now: datetime) -> None:
    """End all sessions of an address."""
    await queries.end_sessions(db, email=email, now=now)


async def open_sessions(
    db: Db, email: str, token_hash: bytes, idle_since: datetime, began_since: datetime
) -> tuple[OpenSession, ...]:
    """Return the sessions of an address that go on, the one in use last first."""
    rows = queries.open_sessions(db, email=email, token_hash=token_hash, idle_since=idle_since, began_since=began_since)
    return tuple([OpenSession(**row) async for row in rows])


async def end_session_by_number(db: Db, email: str, number: int, now: datetime) -> None:
    """End one session of an address; one of somebody else stays."""
    await queries.end_session_by_number(db, id=number, email=email, now=now)


async def forget_sessions(db: Db, before: datetime) -> None:
    """Delete the sessions that were last in use before a moment; they have ended since."""
    await queries.forget_sessions(db, before=before)
