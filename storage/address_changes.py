"""Addresses that change: asked for by a participant and confirmed, or changed by staff; taken back for some days."""

from datetime import datetime

from schemas.mentorship.contact import ADDRESS_LINKS_WORK, AddressChange, NewAddressChange
from storage.database import Connection, Db, queries


async def lock(db: Connection, cohort_id: str, person_id: str) -> None:
    """Let two steps with one person's address come one after the other."""
    await queries.lock_address_changes(db, cohort_id=cohort_id, person_id=person_id)


async def save(db: Db, change: NewAddressChange) -> int:
    """Store a change and return its number; one by staff is in force at once, and no link does anything with it."""
    return int(await queries.save_address_change(db, **change.model_dump()))


async def count_asked(db: Db, cohort_id: str, person_id: str, since: datetime) -> int:
    """Return how often somebody asked for another address since a moment."""
    return int(await queries.count_address_changes(db, cohort_id=cohort_id, person_id=person_id, since=since))


async def find(db: Db, number: int) -> AddressChange | None:
    """Return a change by its number, or None once it is deleted."""
    row = await queries.address_change(db, id=number)
    return None if row is None else AddressChange(**row)


async def behind(db: Db, token_hash: bytes) -> tuple[AddressChange, bool] | None:
    """Return the change that a link is about, and whether the link confirms it; None for an unknown link."""
    row = await queries.address_change_behind(db, token_hash=token_hash)
    if row is None:
        return None
    found = dict(row)
    confirms = found.pop("confirms")
    return AddressChange(**found), confirms


async def waiting(db: Db, cohort_id: str, person_id: str, now: datetime) -> AddressChange | None:
    """Return the newest change that somebody asked for, while it waits for a yes from the new mailbox."""
    row = await queries.waiting_address_change(
        db, cohort_id=cohort_id, person_id=person_id, since=now - ADDRESS_LINKS_WORK
    )
    return None if row is None else AddressChange(**row)


async def set_confirmed(db: Db, change: AddressChange, now: datetime) -> None:
    """Record that the owner of the new mailbox said yes."""
    await queries.set_address_confirmed(db, id=change.id, now=now)


async def set_kept(db: Db, change: AddressChange, now: datetime) -> None:
    """Record that the old address is kept; whatever was asked for later goes with the change."""
    person = {"cohort_id": change.cohort_id, "person_id": change.person_id}
    await queries.set_address_kept(db, id=change.id, **person, now=now)


async def close(db: Db, cohort_id: str, person_id: str, now: datetime, *, confirmed_too: bool) -> None:
    """End the links about somebody's earlier changes: of those that nobody confirmed, or of all."""
    person = {"cohort_id": cohort_id, "person_id": person_id}
    await queries.close_address_changes(db, **person, now=now, confirmed_too=confirmed_too)


async def forget(db: Db, before: datetime) -> None:
    """Delete changes that were stored before a moment (real time), and the links about them."""
    await queries.forget_address_changes(db, before=before)


async def save_link(db: Db, token_hash: bytes, change_id: int, *, confirms: bool, key_id: str) -> None:
    """Store the link of an email about a change before the email carries it."""
    await queries.save_address_link(db, token_hash=token_hash, change_id=change_id, confirms=confirms, key_id=key_id)
