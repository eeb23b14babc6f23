"""The outbox and the links in its emails: an email is a row before it is a byte."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

import asyncpg

from schemas.emails.messages import (
    GIVE_UP_AFTER,
    ClaimedEmail,
    OutboxEmail,
    QueuedEmail,
    SenderStatus,
    StuckEmail,
    WrittenEmail,
)
from schemas.enums import EmailKind, EmailState
from storage.database import Db, queries

# Longer than an email may take to be written and delivered: whoever has not said how it ended by then is dead. A long
# wait for a turn renews it.
LEASE = timedelta(seconds=60)
# The channel on which PostgreSQL wakes the senders.
CHANNEL = "outbox"
# What somebody waits for at this moment goes before reminders: notes to staff, and answers to what a person did.
URGENT = frozenset(
    {
        EmailKind.STAFF_NOTE,
        EmailKind.APPLICATION_LINK,
        EmailKind.APPLICATION_RECEIVED,
        EmailKind.AGREED,
        EmailKind.OPEN_LINKS,
        EmailKind.ADDRESS_CONFIRMATION,
        EmailKind.ADDRESS_CHANGE,
    }
)


async def enqueue(db: Db, *emails: QueuedEmail, delay: timedelta = timedelta(0)) -> None:
    """Enqueue emails in the transaction of what brings them about; a key that was enqueued before stays as it is.

    The senders wake once the transaction is committed. They try none of these emails before ``delay`` (real time).
    """
    if not emails:
        return
    await queries.enqueue_emails(db, emails=json.dumps([_row(email) for email in emails]), delay=delay)


def _row(email: QueuedEmail) -> dict[str, Any]:
    """Return the columns of an email by their names."""
    given = email.model_dump(mode="json")
    renamed = {"recipient": given["to"], "due_at": given["at"], "requested_at": given["now"]}
    return given | renamed | {"priority": 0 if email.kind in URGENT else 1}


async def wake_senders(db: Db) -> None:
    """Let the senders look for what may leave."""
    await queries.notify_sender(db)


async def claim(db: Db, *, at_most: int = 1) -> list[ClaimedEmail]:
    """Claim the next emails that may leave, first things first; no other sender gets them within the lease.

    Those of an archived cohort are dropped instead.
    """
    rows = [row async for row in queries.claim_emails(db, lease=LEASE, at_most=at_most)]
    return [_claimed(row) for row in sorted(rows, key=itemgetter("priority", "due_at", "key"))]


def _claimed(row: asyncpg.Record) -> ClaimedEmail:
    # Whoever holds a role now is written to, not who held it when the email was enqueued.
    return ClaimedEmail(**(_request(row) | {"now": row["program_now"]} | {name: row[name] for name in _CLAIMED}))


async def emails_of(db: Db, scope_id: str) -> tuple[OutboxEmail, ...]:
    """Return every email about a mentorship or somebody's place in a cohort, in order."""
    return tuple([_looked_back_at(row) async for row in queries.emails_of_scope(db, scope_id=scope_id)])


def _looked_back_at(row: asyncpg.Record) -> OutboxEmail:
    return OutboxEmail(
        milestones=tuple(ask["milestone"] for ask in json.loads(row["asks"])),
        **{name: row[name] for name in OutboxEmail.model_fields if name != "milestones"},
    )


async def next_attempt_at(db: Db) -> datetime | None:
    """Return when the next email may leave (real time), or None where none is queued."""
    moment: datetime | None = await queries.next_attempt_at(db)
    return moment


async def save_written(db: Db, *emails: WrittenEmail) -> None:
    """Save emails' subjects and what their links, bounces and replies are known by, before they arrive."""
    links = [(email, token_hash, link) for email in emails for token_hash, link in email.links]
    await queries.save_written(
        db,
        keys=[email.key for email in emails],
        subjects=[email.subject for email in emails],
        bounce_hashes=[email.bounce_hash for email in emails],
        message_ids=[email.message_id for email in emails],
        link_key_ids=[email.link_key_id for email in emails],
        token_hashes=[token_hash for _, token_hash, _ in links],
        email_keys=[email.key for email, _, _ in links],
        key_ids=[email.link_key_id for email, _, _ in links],
        mentorship_ids=[link.mentorship_id for _, _, link in links],
        milestones=[link.milestone for _, _, link in links],
        sides=[link.side for _, _, link in links],
    )


async def save_lost(db: Db, emails: Sequence[tuple[QueuedEmail, WrittenEmail]]) -> None:
    """Write emails again that were lost with a newer database; they count as sent when they were due."""
    links = [(written, token_hash, link) for _, written in emails for token_hash, link in written.links]
    rows = [
        _row(email)
        | {"bounce_hash": (written.bounce_hash or b"").hex() or None}
        | {"message_id": written.message_id, "link_key_id": written.link_key_id}
        for email, written in emails
    ]
    await queries.save_lost_emails(
        db,
        emails=json.dumps(rows),
        token_hashes=[token_hash for _, token_hash, _ in links],
        email_keys=[written.key for written, _, _ in links],
        key_ids=[written.link_key_id for written, _, _ in links],
        mentorship_ids=[link.mentorship_id for _, _, link in links],
        milestones=[link.milestone for _, _, link in links],
        sides=[link.side for _, _, link in links],
    )


async def set_sent(db: Db, *keys: str) -> None:
    """Record that the relay took emails."""
    await queries.set_emails_sent(db, keys=list(keys))


async def set_undeliverable(db: Db, key: str, failure: str) -> None:
    """Record that an address refused an email for good."""
    await queries.set_email_undeliverable(db, key=key, failure=failure)


async def requeue_undeliverable(db: Db, keys: Collection[str], delay: timedelta) -> None:
    """Queue emails again, after a delay, whose addresses may have been refused by a fault of the relay."""
    await queries.requeue_undeliverable(db, keys=list(keys), delay=delay)


async def defer(db: Db, key: str, delay: timedelta, failure: str, *, last_state: EmailState) -> EmailState | None:
    """Queue an email again that failed, and return its state: one that failed for five days gets its last state."""
    state = await queries.defer_email(
        db, key=key, delay=delay, failure=failure, give_up_after=GIVE_UP_AFTER, last_state=last_state
    )
    return None if state is None else EmailState(state)


async def requeue(db: Db, key: str, *, delay: timedelta = timedelta(0)) -> None:
    """Queue an email again as if nobody had tried to send it, with its next attempt after a delay (real time)."""
    await queries.requeue_email(db, key=key, delay=delay)


async def repeat_recent(db: Db, emails: Sequence[tuple[QueuedEmail, datetime]]) -> list[bool]:
    """Tell of each email whether one before it said the same, and left since a moment (program time) or is about to."""
    given = json.dumps([_said_since(email, since) for email, since in emails])
    repeating = {row["key"] async for row in queries.repeating_emails(db, emails=given)}
    return [email.key in repeating for email, _ in emails]


def _said_since(email: QueuedEmail, since: datetime) -> dict[str, Any]:
    prefix, _, occurrence = email.key.rpartition("/")
    earlier = [f"{prefix}/{earlier}" for earlier in range(int(occurrence))]
    return email.model_dump(mode="json", include={"key", "scope_id", "asks"}) | {
        "recipient": email.to,
        "earlier_keys": earlier,
        "since": since.isoformat(),
    }


async def discard(db: Db, key: str) -> None:
    """Delete an email that has nothing to say any more."""
    await queries.discard_email(db, key=key)


async def take_turns(db: Db, per_second: float, count: int = 1) -> list[float]:
    """Take the next turns to send of all senders together; return the seconds until each of them comes."""
    apart = 1 / per_second
    first: float = await queries.take_turns(db, taken=timedelta(seconds=apart * count))
    return [first + apart * turn for turn in range(count)]


async def renew_lease(db: Db, key: str, seconds: float) -> None:
    """Keep an email from other senders for as long as it waits for its turn, and the lease from then on."""
    await queries.renew_lease(db, key=key, lease=timedelta(seconds=seconds) + LEASE)


async def set_sender_seen(db: Db) -> None:
    """Record that a sender is at work."""
    await queries.set_sender_seen(db)


async def set_sender_paused(db: Db, cause: str) -> None:
    """Record that the relay accepts nothing; ``cause`` is a code of the relay or the name of an error."""
    await queries.set_sender_paused(db, cause=cause)


async def set_sender_resumed(db: Db) -> None:
    """Record that the relay accepts emails again."""
    await queries.set_sender_resumed(db)


async def sender_status(db: Db) -> SenderStatus | None:
    """Return what all senders share, or None where none ever ran."""
    row = await queries.sender_status(db)
    return None if row is None else SenderStatus(**{name: row[name] for name in SenderStatus.model_fields})


async def stuck_emails(db: Db, cohort_id: str | None = None) -> tuple[StuckEmail, ...]:
    """Return the emails that failed for an hour, waited for a day or were given up, most urgent first.

    Of one cohort, or of all.
    """
    rows = [row async for row in queries.stuck_emails(db, cohort_id=cohort_id)]
    return tuple(map(_stuck, rows))


async def held_emails(db: Db) -> tuple[StuckEmail, ...]:
    """Return the held emails of all cohorts, in the order in which they would leave."""
    return tuple([_stuck(row) async for row in queries.held_emails(db)])


async def email(db: Db, key: str) -> StuckEmail | None:
    """Return how an email stands, stuck or not, or None where there is none of this key."""
    row = await queries.email(db, key=key)
    return None if row is None else _stuck(row)


def _stuck(row: asyncpg.Record) -> StuckEmail:
    return StuckEmail(**{name: row[name] for name in StuckEmail.model_fields})


async def cohort_of(db: Db, key: str) -> str:
    """Return the cohort an email belongs to; there must be one of this key."""
    row = await queries.email(db, key=key)
    cohort: str = row["cohort_id"]
    return cohort


async def scope_of(db: Db, key: str) -> str:
    """Return what an email is about: a mentorship, a person or a cohort; there must be one of this key."""
    row = await queries.email(db, key=key)
    scope: str = row["scope_id"]
    return scope


async def change_state(db: Db, key: str, state: EmailState, *, before: Sequence[EmailState]) -> bool:
    """Take a step of staff with an email; return False where it is in none of the states ``before`` it."""
    return await queries.change_email_state(db, key=key, state=state, from_states=list(before)) is not None


async def page(
    db: Db,
    cohort_id: str,
    *,
    state: EmailState | None = None,
    kind: EmailKind | None = None,
    scope_id: str | None = None,
    at_most: int,
) -> tuple[OutboxEmail, ...]:
    """Return the newest emails of a cohort, the newest first; only those of a state, a kind or a scope if given."""
    rows = queries.outbox_page(db, cohort_id=cohort_id, state=state, kind=kind, scope_id=scope_id, at_most=at_most)
    return tuple([_looked_back_at(row) async for row in rows])


async def counts(db: Db, cohort_id: str) -> dict[EmailKind, dict[EmailState, int]]:
    """Return how many emails of a cohort there are, by kind and state."""
    found: dict[EmailKind, dict[EmailState, int]] = {}
    async for row in queries.count_outbox(db, cohort_id=cohort_id):
        found.setdefault(EmailKind(row["kind"]), {})[EmailState(row["state"])] = row["emails"]
    return found


async def change_states(
    db: Db, cohort_id: str, kind: EmailKind, state: EmailState, *, before: Sequence[EmailState]
) -> int:
    """Take a step of staff with all emails of a kind that are in one of the states ``before`` it; return how many."""
    return int(
        await queries.change_emails_of_kind(db, cohort_id=cohort_id, kind=kind, state=state, from_states=list(before))
    )


async def sent_email(db: Db, key: str) -> tuple[OutboxEmail, StuckEmail, ClaimedEmail] | None:
    """Return an email as staff look back at it, how its sending stands, and as its sender had it, without claiming it.

    None where there is none of this key. One that nobody tried yet is as if it left when it is due.
    """
    row = await queries.email(db, key=key)
    if row is None:
        return None
    known = {name: row[name] for name in _CLAIMED} | {
        "first_attempt_at": row["first_attempt_at"] or row["due_at"],
        "wording": row["own_words"],
    }
    return _looked_back_at(row), _stuck(row), ClaimedEmail(**(_request(row) | known))


async def unsignaled_undeliverable(db: Db) -> tuple[QueuedEmail, ...]:
    """Return the undeliverable emails whose mentorship was not signaled yet."""
    return tuple([queued_email(row) async for row in queries.not_signaled_undeliverable(db)])


async def set_undeliverable_signaled(db: Db, key: str) -> None:
    """Record that whoever has to know of an undeliverable email does."""
    await queries.set_undeliverable_signaled(db, key=key)


async def email_state(db: Db, key: str) -> EmailState | None:
    """Return the state of an email, or None where nobody enqueued it."""
    state = await queries.email_state(db, key=key)
    return None if state is None else EmailState(state)


async def emails_of_scope(db: Db, scope_id: str) -> list[asyncpg.Record]:
    """Return the outbox rows of one mentorship, one person, or a cohort as a whole, in order of their moments."""
    return [row async for row in queries.emails_of_scope(db, scope_id=scope_id)]


async def emails_of_cohort(db: Db, cohort_id: str) -> list[asyncpg.Record]:
    """Return all outbox rows of a cohort, in order of their moments."""
    return [row async for row in queries.emails_of_cohort(db, cohort_id=cohort_id)]


async def count_emails(db: Db, scope_id: str, kind: str) -> int:
    """Return how many emails of a kind a scope was sent or will be: the occurrence of the next one."""
    return int(await queries.count_emails(db, scope_id=scope_id, kind=kind))


async def count_unsettled(db: Db, scope_id: str) -> int:
    """Return how many emails of a scope have yet to be tried, or were refused without anybody knowing."""
    return int(await queries.count_unsettled(db, scope_id=scope_id))


async def count_unsettled_of_cohort(db: Db, cohort_id: str) -> int:
    """Return how many emails of a cohort have yet to be tried, or were refused without anybody knowing."""
    return int(await queries.count_unsettled_of_cohort(db, cohort_id=cohort_id))


_CLAIMED = ("cohort_id", "first_attempt_at", "attempts", "failing_since", "link_key_id", "wording")
_SAME_NAME = ("key", "kind", "scope_id", "reason", "about", "change", "pause_from_on", "pause_until_on", "automatic")


def queued_email(row: asyncpg.Record) -> QueuedEmail:
    """Return an email as it was enqueued."""
    return QueuedEmail(**_request(row))


async def later_one_is_queued(db: Db, email: QueuedEmail) -> bool:
    """Tell whether a later email of the same kind and scope waits."""
    waits: bool = await queries.later_one_is_queued(db, scope_id=email.scope_id, kind=email.kind, due_at=email.at)
    return waits


def _request(row: asyncpg.Record) -> dict[str, Any]:
    named = {name: row[name] for name in _SAME_NAME}
    return named | {
        "to": row["recipient"],
        "at": row["due_at"],
        "now": row["requested_at"],
        "asks": json.loads(row["asks"]),
    }
