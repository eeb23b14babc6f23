"""Answering who types an address on a public page, with the same work whether the address is known or not."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from schemas.emails.messages import QueuedEmail
from storage import lost_links, outbox, typed_addresses
from storage.database import Connection, kept_if
from storage.typed_addresses import EmailLimit


async def answer(
    db: Connection,
    limit: EmailLimit,
    address: str,
    asked_at: datetime,
    *,
    find: Callable[[Connection], Awaitable[Sequence[QueuedEmail]]],
    nobodys: Callable[[str], Sequence[QueuedEmail]],
) -> None:
    """Send the owner of an address the emails that ``find`` has for them, unless its mailbox is at its limit.

    For each address the same statements run, because the time that they take would tell whether it is known: where
    there is nothing to send, emails like it, of some cohort, are enqueued and taken back.
    """
    await typed_addresses.lock(db, address)
    may_email = await typed_addresses.may_email(db, limit, address, asked_at)
    emails = await find(db)
    cohort_id = await lost_links.any_cohort(db)
    if cohort_id is None:
        return
    sends = may_email and bool(emails)
    async with kept_if(sends, db):
        await outbox.enqueue(db, *(emails or nobodys(cohort_id)))
    await typed_addresses.count_email(db, limit, address, asked_at, sent=sends)
