"""What the sweeper does for many pairs: one that fails keeps no other from its turn, and no failure is hidden."""

import re
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.sweeper import Sweeper
from rehearsal.environment import RehearsalContext
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, EndingReason, Recipient, Side
from schemas.ids import email_key, mentorship_workflow_id
from schemas.mentorship.meetings import ProposedTimes
from schemas.mentorship.my_mentorship import Leaving
from services.context import ServiceContext
from services.leavings import leaves_at
from storage import leavings, mentorships, outbox
from storage import meetings as stored_meetings
from tests.services.conftest import FakeTemporal
from tests.services.stored_class import class_at, matches
from tests.services.test_leavings import EFFECT

# A Monday morning.
NOW = datetime(2027, 6, 7, 15, tzinfo=UTC)


@pytest.fixture
async def swept(context: ServiceContext) -> RehearsalContext:
    """A class of three pairs whose time is NOW."""
    stored = await class_at(context.pool, context.settings, "swept", NOW)
    days = {"starts_on": NOW.date(), "ends_on": NOW.date() + timedelta(days=550)}
    await mentorships.save_pairs(context.pool, stored.id, matches("M01", "M02", "M03"), **days, now=NOW)
    timed = cast(RehearsalContext, stored.context)
    for pair in await pairs(timed):
        timed.clock.set(pair, NOW)
    return timed


@pytest.fixture
def engine(swept: RehearsalContext) -> FakeTemporal:
    return cast(FakeTemporal, swept.client)


async def pairs(context: RehearsalContext) -> list[str]:
    return [row["id"] for row in await context.pool.fetch("select id from mentorship order by id")]


async def sweep(context: RehearsalContext) -> list[tuple[str, ...]]:
    """Sweep, and return the part and the kind of each error that the failure names."""
    with pytest.raises(ApplicationError) as failed:
        await ActivityEnvironment().run(Sweeper(context).signal_pending_responses)
    return [tuple(found) for found in re.findall(r"(\w[\w ]*) \((\w+) in", str(failed.value))]


async def test_two_that_cannot_be_ended_are_both_named_and_the_third_ends(
    swept: RehearsalContext, engine: FakeTemporal
) -> None:
    asked = NOW - timedelta(days=8)
    for number, pair in enumerate(await pairs(swept)):
        given = {"side": Side.MENTEE, "asked_at": asked, "reason": EndingReason.TIME}
        ends_at = leaves_at(asked) + timedelta(minutes=number)
        await leavings.save_leaving(swept.pool, Leaving(mentorship_id=pair, ends_at=ends_at, **given))
    first, second, third = map(mentorship_workflow_id, await pairs(swept))
    engine.answers["what_if"] = EFFECT
    engine.answers |= {f"{first} what_if": ZeroDivisionError("words"), f"{second} what_if": LookupError("words")}
    assert await sweep(swept) == [("leavings", "ZeroDivisionError"), ("leavings", "LookupError")]
    assert engine.messages == [(third, "end")]
    assert [mentorship_workflow_id(each.mentorship_id) for each in await leavings.open_leavings(swept.pool)] == [
        first,
        second,
    ]


async def test_undeliverable_emails_that_cannot_be_reported_are_named_and_the_others_are_reported(
    swept: RehearsalContext, engine: FakeTemporal
) -> None:
    for pair in await pairs(swept):
        key = email_key(pair, EmailKind.CHECK_IN, "check_in-1", Recipient.MENTEE)
        email = {"kind": EmailKind.CHECK_IN, "scope_id": pair, "to": Recipient.MENTEE, "at": NOW, "now": NOW}
        await outbox.enqueue(swept.pool, QueuedEmail(key=key, **email))
    await swept.pool.execute("update outbox set state = 'undeliverable'")
    first, second, third = map(mentorship_workflow_id, await pairs(swept))
    signal = "address_undeliverable"
    engine.answers |= {f"{first} {signal}": ZeroDivisionError("words"), f"{second} {signal}": LookupError("words")}
    assert await sweep(swept) == [
        ("undeliverable emails", "ZeroDivisionError"),
        ("undeliverable emails", "LookupError"),
    ]
    assert engine.messages == [(third, signal)]
    assert len(await outbox.unsignaled_undeliverable(swept.pool)) == 2


async def test_a_reminder_that_cannot_be_sent_is_named_and_the_others_are_sent(swept: RehearsalContext) -> None:
    proposed_at = NOW - timedelta(days=4)
    for number, pair in enumerate(await pairs(swept)):
        times = {"side": Side.MENTOR, "times": (NOW + timedelta(days=4),), "minutes": 30}
        proposed = ProposedTimes(proposed_at=proposed_at + timedelta(minutes=number), **times)
        await stored_meetings.save_proposal(swept.pool, pair, proposed)
    # Nobody can read who the first mentor is.
    await swept.pool.execute("update application set answers = '{}' where person_id = 'M01'")
    assert await sweep(swept) == [("proposed times", "ValidationError")]
    reminded = await swept.pool.fetch("select scope_id from outbox where kind = 'meeting_proposed' order by scope_id")
    assert [row["scope_id"] for row in reminded] == (await pairs(swept))[1:]
