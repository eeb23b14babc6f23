"""Emails that an outage held back: they leave in office hours, and none repeats what another one just said."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, EmailState, Recipient
from schemas.ids import email_key
from schemas.mentorship.state import Ask
from storage import outbox as rows
from storage import rehearsals
from tests.emails.relay import Delivery, Relay
from tests.emails.test_sender import MENTOR, call_note, check_in

FRIDAY_AT_NINE = datetime(2019, 7, 19, 14, tzinfo=UTC)
SATURDAY_AT_TEN = datetime(2019, 7, 20, 15, tzinfo=UTC)
UNTIL_MONDAY_AT_NINE = timedelta(days=1, hours=23)
DAY = timedelta(days=1)


def due(email: QueuedEmail, at: datetime, now: datetime) -> QueuedEmail:
    return email.model_copy(update={"at": at, "now": now})


def reminder(occurrence: int) -> QueuedEmail:
    """Return the opening of a check-in, or a reminder of it."""
    asks = (Ask(milestone="check_in-1", occurrence=occurrence),)
    return check_in(occurrence).model_copy(update={"asks": asks})


def digest(week: int) -> QueuedEmail:
    key = email_key("mile-2019", EmailKind.STAFF_DIGEST, f"week-{week}", Recipient.STAFF)
    return call_note().model_copy(
        update={"key": key, "kind": EmailKind.STAFF_DIGEST, "scope_id": "mile-2019", "reason": None}
    )


async def left_after(pool: asyncpg.Pool, email: QueuedEmail) -> timedelta:
    """Return how long after its enqueuing an email may leave at the soonest."""
    delay: timedelta = await pool.fetchval("select next_attempt_at - enqueued_at from outbox where key = $1", email.key)
    return delay


async def test_late_email_waits_for_office_hours(outbox: Delivery, relay: Relay) -> None:
    late = due(check_in(), FRIDAY_AT_NINE, SATURDAY_AT_TEN)
    assert await outbox.deliver(late) == [EmailState.QUEUED]
    assert relay.accepted == []
    delay = await left_after(outbox.pool, late)
    assert timedelta(0) <= delay - UNTIL_MONDAY_AT_NINE < timedelta(minutes=1)
    # It waits for a day and more, and by nobody's fault.
    await outbox.pool.execute("update outbox set enqueued_at = enqueued_at - interval '25 hours'")
    assert await rows.stuck_emails(outbox.pool) == ()


async def test_rehearsal_does_not_wait_for_real_office_hours(outbox: Delivery, relay: Relay) -> None:
    late = due(check_in(), FRIDAY_AT_NINE, SATURDAY_AT_TEN)
    await outbox.deliver(late)
    assert await rehearsals.end_postponement(outbox.pool, "mile-2020") == 0
    assert await rehearsals.end_postponement(outbox.pool, late.scope_id) == 1
    assert await outbox.deliver(late) == ["sent"]
    assert len(relay.accepted) == 1
    (row,) = await rows.emails_of_scope(outbox.pool, late.scope_id)
    # To its reader it left on Monday at nine.
    assert timedelta(0) <= row["sent_at"] - (SATURDAY_AT_TEN + UNTIL_MONDAY_AT_NINE) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "prompt",
    [
        due(check_in(), SATURDAY_AT_TEN, SATURDAY_AT_TEN),
        due(check_in(), FRIDAY_AT_NINE, FRIDAY_AT_NINE + timedelta(hours=7)),
        due(check_in().model_copy(update={"automatic": False}), FRIDAY_AT_NINE, SATURDAY_AT_TEN),
        due(call_note().model_copy(update={"automatic": False}), FRIDAY_AT_NINE, SATURDAY_AT_TEN),
    ],
    ids=["punctual", "in-office-hours", "answer", "note-to-staff"],
)
async def test_other_emails_leave_at_once(outbox: Delivery, prompt: QueuedEmail) -> None:
    assert await outbox.deliver(prompt) == ["sent"]


async def test_email_that_waits_for_a_day_without_a_sender_is_stuck(outbox: Delivery) -> None:
    await rows.enqueue(outbox.pool, check_in())
    await outbox.pool.execute("update outbox set next_attempt_at = next_attempt_at - interval '25 hours'")
    assert [email.key for email in await rows.stuck_emails(outbox.pool)] == [check_in().key]


async def test_opening_and_its_reminders_never_leave_together(outbox: Delivery, relay: Relay) -> None:
    assert await outbox.deliver(reminder(2), reminder(1), reminder(0)) == [None, None, "sent"]
    assert relay.recipients == [MENTOR]


@pytest.mark.parametrize(("days", "state"), [(1, None), (3, "sent")])
async def test_reminder_keeps_its_distance_from_a_late_opening(outbox: Delivery, days: int, state: str | None) -> None:
    await outbox.deliver(reminder(0))
    (opened_at,) = [row["sent_at"] for row in await rows.emails_of_scope(outbox.pool, reminder(0).scope_id)]
    now = opened_at + days * DAY
    assert await outbox.deliver(due(reminder(1), now, now)) == [state]


async def test_opening_that_fails_does_not_silence_its_reminder(outbox: Delivery) -> None:
    opening = reminder(0).model_copy(update={"asks": (Ask(milestone="check_in-99"), *reminder(0).asks)})
    assert await outbox.deliver(opening) == ["queued"]
    assert await outbox.deliver(reminder(1)) == ["sent"]


async def test_email_that_asks_for_more_than_the_one_before_leaves(outbox: Delivery) -> None:
    more = reminder(1).model_copy(update={"asks": (*reminder(1).asks, Ask(milestone="check_in-2", occurrence=1))})
    assert await outbox.deliver(reminder(0), more) == ["sent", "sent"]


async def test_reminder_to_somebody_else_leaves(outbox: Delivery) -> None:
    other = reminder(1).model_copy(update={"to": Recipient.MENTEE})
    assert await outbox.deliver(reminder(0), other) == ["sent", "sent"]


async def test_digests_that_an_outage_held_back_leave_as_one(outbox: Delivery) -> None:
    weeks = [due(digest(week), FRIDAY_AT_NINE + week * 7 * DAY, FRIDAY_AT_NINE + 15 * DAY) for week in range(3)]
    assert await outbox.deliver(*weeks) == [None, None, EmailState.QUEUED]
