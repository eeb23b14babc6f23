"""Passkeys of role holders, and the challenges that were answered with them."""

from datetime import datetime

from pydantic import AwareDatetime

from schemas.base import FrozenModel
from storage.database import Db, queries


class Passkey(FrozenModel):
    """A passkey: whose it is, what they call it, and what its device's signatures are checked with."""

    id: int
    email: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    added_at: AwareDatetime
    used_at: AwareDatetime | None


async def save(  # noqa: PLR0917 - the columns of a passkey
    db: Db, email: str, credential_id: bytes, public_key: bytes, sign_count: int, name: str, now: datetime
) -> int | None:
    """Store a passkey and return its number, or None where it is stored already."""
    number: int | None = await queries.save_passkey(
        db,
        email=email,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=sign_count,
        name=name,
        now=now,
    )
    return number


async def passkeys_of(db: Db, email: str) -> tuple[Passkey, ...]:
    """Return the passkeys of an address, the oldest first."""
    return tuple([Passkey(**row) async for row in queries.passkeys_of(db, email=email)])


async def passkey(db: Db, credential_id: bytes) -> Passkey | None:
    """Return a passkey by the id that its device gave it, or None where there is none."""
    row = await queries.passkey(db, credential_id=credential_id)
    return Passkey(**row) if row else None


async def set_used(db: Db, number: int, sign_count: int, now: datetime) -> None:
    """Record that a passkey signed somebody in."""
    await queries.set_passkey_used(db, id=number, sign_count=sign_count, now=now)


async def remove(db: Db, email: str, number: int) -> bool:
    """Remove a passkey of an address; return False where it has none of this number."""
    return await queries.remove_passkey(db, id=number, email=email) is not None


async def answer_challenge(db: Db, challenge_hash: bytes, now: datetime) -> bool:
    """Record that a challenge is answered; return False where it was before."""
    return await queries.answer_challenge(db, challenge_hash=challenge_hash, now=now) is not None


async def forget_challenges(db: Db, before: datetime) -> None:
    """Delete the challenges that were answered before a moment."""
    await queries.forget_challenges(db, before=before)


async def forget_passkeys(db: Db, before: datetime) -> None:
    """Delete the passkeys of addresses that have held no role since a moment, in no class that goes on."""
    await queries.forget_passkeys(db, before=before)
