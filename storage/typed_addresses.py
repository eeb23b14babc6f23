"""Addresses that anybody types on a public page: how many emails they get, and who wants none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes

from domain.applications.mailboxes import mailbox, mailbox_for_limits, mailbox_hash
from schemas.ids import applicant_scope
from storage.database import Connection, Db, queries

# Nobody can fill a mailbox by typing its address again and again, however they write it.
MOST_LINKS_A_DAY = 4
DAY = timedelta(days=1)


@dataclass(frozen=True)
class EmailLimit:
    """How many emails a public page sends to one mailbox: so many ``a_day`` (None: any number), so far ``apart``.

    The ``scope`` says what is counted together: a cohort's id, or the path of a page that belongs to no cohort.
    """

    scope: str
    a_day: int | None = MOST_LINKS_A_DAY
    apart: timedelta = timedelta(0)


async def lock(db: Connection, address: str) -> None:
    """Let simultaneous requests for a mailbox see each other's emails."""
    await queries.lock_typed_address(db, mailbox_hash=mailbox_hash(mailbox_for_limits(address)))


async def may_email(db: Connection, limit: EmailLimit, address: str, now: datetime) -> bool:
    """Tell whether a public page may send an email to an address: its owner did not stop them, nor is it at its limit.

    Counted under a lock of the caller, so that simultaneous requests see each other's emails.
    """
    stopped = await is_stopped(db, limit.scope, address)
    key = mailbox_hash(mailbox_for_limits(address))
    # Asked in any case: whoever typed the address must not see by the time whether its owner stopped them.
    sent = await queries.count_link_requests(db, cohort_id=limit.scope, mailbox_hash=key, since=now - DAY)
    just_sent = await queries.count_link_requests(db, cohort_id=limit.scope, mailbox_hash=key, since=now - limit.apart)
    return not stopped and not just_sent and (limit.a_day is None or int(sent) < limit.a_day)


async def count_email(db: Connection, limit: EmailLimit, address: str, now: datetime, *, sent: bool) -> None:
    """Count an email that a public page sends, and forget those of more than a day ago.

    One that is not sent counts for nobody, and writes as much.
    """
    key = mailbox_hash(mailbox_for_limits(address)) if sent else token_bytes(32)
    await queries.forget_link_requests(db, cohort_id=limit.scope, before=now - DAY)
    await queries.save_link_request(db, cohort_id=limit.scope, mailbox_hash=key, now=now)


async def is_stopped(db: Db, cohort_id: str, address: str) -> bool:
    """Tell whether the owner of an address wants no more emails from the public pages of a cohort."""
    return bool(await queries.is_mailbox_stopped(db, cohort_id=cohort_id, mailbox_hash=mailbox_hash(mailbox(address))))


async def stop(db: Connection, cohort_id: str, person_id: str, address: str, now: datetime) -> bool:
    """Stop emails to an address from the public pages, and delete an application that nobody went on with.

    Return whether that changed anything. The deleted one keeps its id, so that nobody else gets it.
    """
    # As a page is saved: what is saved at this moment is either seen here or refused.
    await queries.lock_applicant(db, scope_id=applicant_scope(cohort_id, person_id))
    stopped = await queries.stop_mailbox(db, cohort_id=cohort_id, mailbox_hash=mailbox_hash(mailbox(address)), now=now)
    if await queries.is_draft_untouched(db, cohort_id=cohort_id, person_id=person_id):
        await queries.close_drafts(db, cohort_id=cohort_id, person_ids=[person_id], now=now)
    return bool(stopped)


async def resume(db: Db, cohort_id: str, address: str) -> bool:
    """Send emails again to an address that is typed on the public pages; return whether that changed anything."""
    key = mailbox_hash(mailbox(address))
    return bool(await queries.resume_mailbox(db, cohort_id=cohort_id, mailbox_hash=key))
