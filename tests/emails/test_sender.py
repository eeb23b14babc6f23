"""What a relay can answer, and what becomes of emails then: sent once, tried again, or reported; none stops another."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from emails.links import token_hash
from emails.refusals import ATTEMPTS_IN_STREAK
from emails.relay_health import REFUSALS_OF_A_RELAY
from emails.return_path import returned_token
from emails.samples import SAMPLE_COHORT
from emails.sender import CONNECTIONS, MOST_IN_FLIGHT
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, EmailState, Recipient, StaffReason
from schemas.mentorship.state import Ask
from storage import bounces
from storage import outbox as rows
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import PAIR

AT = datetime(2019, 7, 22, 14, tzinfo=UTC)
MENTOR, MENTEE = "m@example.org", "p@example.org"


def check_in(number: int = 0, to: Recipient = Recipient.MENTOR) -> QueuedEmail:
    return QueuedEmail(
        key=f"{PAIR}/check_in/by-hand-{number}/{to}/0",
        kind=EmailKind.CHECK_IN,
        scope_id=PAIR,
        to=to,
        at=AT,
        now=AT,
        asks=(Ask(milestone="check_in-1"),),
    )


def call_note() -> QueuedEmail:
    return QueuedEmail(
        key=f"{PAIR}/staff_note/call/staff/0",
        kind=EmailKind.STAFF_NOTE,
        scope_id=PAIR,
        to=Recipient.STAFF,
        at=AT,
        now=AT,
        reason=StaffReason.CALL_REQUESTED,
    )


def poisoned(number: int) -> QueuedEmail:
    """An email about a milestone that is in no plan: it can never be rendered."""
    return check_in(number).model_copy(
        update={"key": f"a-poisoned-{number}/check_in/by-hand/mentor/0", "asks": (Ask(milestone="check_in-99"),)}
    )


async def row(pool: asyncpg.Pool, email: QueuedEmail) -> Any:
    return await pool.fetchrow("select * from outbox where key = $1", email.key)


async def test_email_leaves_once_and_is_dated_when_it_left(outbox: Delivery, relay: Relay) -> None:
    assert [await outbox.deliver(check_in()) for _ in range(2)] == [["sent"], ["sent"]]
    ((to, _),) = relay.accepted
    assert to == MENTOR
    (message,) = relay.messages
    sent = await row(outbox.pool, check_in())
    assert message["Message-ID"] == sent["message_id"]
    # Its program's time went on from the moment it was enqueued.
    assert message["Date"].datetime == sent["first_attempt_at"].replace(microsecond=0)
    assert timedelta(0) <= sent["first_attempt_at"] - AT < timedelta(minutes=1)
    assert (sent["attempts"], sent["failure"], sent["failing_since"]) == (1, None, None)


async def test_bounces_come_back_to_an_address_that_names_the_email(outbox: Delivery, relay: Relay) -> None:
    await outbox.deliver(check_in(0))
    outbox.settings = outbox.settings.model_copy(update={"bounces_address": "bounces@example.net"})
    await outbox.deliver(check_in(1))
    without, with_mailbox = relay.envelope_senders
    assert without == outbox.settings.sender
    token = returned_token("bounces@example.net", str(with_mailbox))
    assert token is not None
    email = await bounces.bounced_email(outbox.pool, token_hash(token))
    assert email is not None
    assert email.key == check_in(1).key


async def test_address_that_defers_twice_is_soft_bounced_until_it_accepts(outbox: Delivery, relay: Relay) -> None:
    relay.answers[MENTOR] = "450 4.2.1 try later"
    await outbox.deliver(check_in())
    assert await bounces.soft_bounced(outbox.pool) == ()
    await outbox.forward(check_in().key)
    await outbox.deliver()
    [soft] = await bounces.soft_bounced(outbox.pool)
    assert (soft.person, soft.bounces, soft.failure) == ("M01", 2, "450 4.2.1")
    del relay.answers[MENTOR]
    await outbox.forward(check_in().key)
    await outbox.deliver()
    assert await bounces.soft_bounced(outbox.pool) == ()


async def test_late_email_has_the_date_of_its_departure(outbox: Delivery, relay: Relay) -> None:
    await rows.enqueue(outbox.pool, check_in())
    await outbox.pool.execute("update outbox set enqueued_at = enqueued_at - interval '3 days'")
    await outbox.deliver()
    (message,) = relay.messages
    assert timedelta(days=3) <= message["Date"].datetime - AT < timedelta(days=3, minutes=1)


@pytest.mark.parametrize(
    "answer",
    ["550 5.1.1 no such user", "551 5.1.6 moved", "550 5.2.1 disabled", "550 no such user", "550 Mailbox unavailable"],
)
async def test_address_that_refuses_for_good_is_reported_once_and_not_tried_again(
    outbox: Delivery, relay: Relay, answer: str
) -> None:
    relay.answers[MENTOR] = answer
    assert await outbox.deliver(check_in(), check_in(1, Recipient.MENTEE)) == ["undeliverable", "sent"]
    relay.answers.clear()
    assert await outbox.deliver(check_in()) == ["undeliverable"]
    assert outbox.undeliverable == [check_in().key]
    assert relay.recipients == [MENTEE]


@pytest.mark.parametrize("when", ["to_recipient", "to_message"])
@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "452 4.3.1 out of disk", "530 5.7.0 authenticate first"])
async def test_relay_that_closes_or_refuses_us_pauses_the_sender_and_costs_no_email(
    outbox: Delivery, relay: Relay, when: str, answer: str
) -> None:
    setattr(relay, when, answer)
    await rows.enqueue(outbox.pool, check_in(), check_in(1, Recipient.MENTEE))
    async with outbox.sending():
        await _until_paused(outbox)
        await assert_paused_because(outbox, answer)
        setattr(relay, when, "250 fine")
        await outbox.settled()
    assert sorted(relay.recipients) == [MENTOR, MENTEE]
    await assert_resumed(outbox)


@pytest.mark.parametrize("when", ["to_recipient", "to_message"])
@pytest.mark.parametrize(
    "answer",
    [
        "550 5.7.1 policy",
        "554 5.7.1 blocked",
        "550 5.4.1 no route",
        "554 5.3.0 system",
    ],
)
async def test_policy_that_refuses_two_emails_in_a_row_pauses_the_sender_and_marks_no_address(
    outbox: Delivery, relay: Relay, when: str, answer: str
) -> None:
    setattr(relay, when, answer)
    emails = check_in(), check_in(1, Recipient.MENTEE)
    async with outbox.sending():
        await rows.enqueue(outbox.pool, *emails)
        await _until_paused(outbox)
        await assert_paused_because(outbox, answer)
        # The other of the two may still be on its way when the first one pauses the sender.
        await _until_failed(outbox, *emails)
        setattr(relay, when, "250 fine")
        for email in emails:
            await outbox.forward(email.key)
        await outbox.settled()
    assert sorted(relay.recipients) == [MENTOR, MENTEE]
    await assert_resumed(outbox)


async def test_addresses_that_the_policy_refuses_stop_no_other_email(outbox: Delivery, relay: Relay) -> None:
    relay.answers[MENTOR] = "550 5.7.1 access denied"
    refused = [check_in(number) for number in range(4)]
    others = [check_in(number, Recipient.MENTEE) for number in range(4)]
    await rows.enqueue(outbox.pool, *refused)
    started = asyncio.get_running_loop().time()
    async with outbox.sending():
        await rows.enqueue(outbox.pool, *others, call_note())
        while len(relay.accepted) < len(others) + 1:
            await asyncio.sleep(0.01)
            assert asyncio.get_running_loop().time() - started < 20
        # Those that were on their way when the sender paused are tried once it has resumed.
        await _until_failed(outbox, *refused)
    assert {(await row(outbox.pool, email))["failure"] for email in refused} == {"550 5.7.1"}
    assert {(await row(outbox.pool, email))["state"] for email in refused} == {"queued"}


async def _until_failed(outbox: Delivery, *emails: QueuedEmail) -> None:
    async with asyncio.timeout(20):
        for email in emails:
            while (await row(outbox.pool, email))["failure"] is None:  # noqa: ASYNC110 - the sender does not tell
                await asyncio.sleep(0.01)


async def assert_paused_because(outbox: Delivery, answer: str) -> None:
    status = await rows.sender_status(outbox.pool)
    assert status
    assert status.pause_cause == " ".join(answer.split()[:2])


async def assert_resumed(outbox: Delivery) -> None:
    status = await rows.sender_status(outbox.pool)
    assert status
    assert status.paused_since is None
    assert outbox.undeliverable == []


async def test_relay_that_is_away_holds_emails_back_and_all_leave_when_it_is_back(
    cohort: asyncpg.Pool, database_url: str
) -> None:
    relay = Relay()
    async with listening(relay) as port:
        pass
    delivery = Delivery(cohort, settings_for(database_url, port))
    await rows.enqueue(cohort, check_in(), check_in(1, Recipient.MENTEE))
    async with delivery.sending():
        await _until_paused(delivery)
    # Whatever was on its way is as if nobody had tried.
    assert {(await row(cohort, email))["attempts"] for email in (check_in(), check_in(1, Recipient.MENTEE))} == {0}
    async with listening(relay) as port:
        back = Delivery(cohort, settings_for(database_url, port))
        await back.deliver()
    assert sorted(relay.recipients) == [MENTOR, MENTEE]


async def test_emails_on_their_way_are_not_tried_while_the_sender_pauses(outbox: Delivery, relay: Relay) -> None:
    relay.to_recipient = "421 4.3.2 closing"
    emails = [check_in(number) for number in range(MOST_IN_FLIGHT)]
    await rows.enqueue(outbox.pool, *emails)
    async with outbox.sending():
        await _until_paused(outbox)
        await asyncio.sleep(0.5)
        relay.to_recipient = "250 fine"
        await outbox.settled()
    assert len(relay.accepted) == len(emails)
    assert relay.offered - len(emails) <= CONNECTIONS
    assert {(await row(outbox.pool, email))["attempts"] for email in emails} == {1}


async def test_full_mailbox_is_tried_again_and_stops_nobody(outbox: Delivery, relay: Relay) -> None:
    relay.answers[MENTOR] = "452 4.2.2 mailbox full"
    assert await outbox.deliver(check_in(), check_in(1, Recipient.MENTEE)) == ["queued", "sent"]
    rests = await row(outbox.pool, check_in())
    assert rests["failure"] == "452 4.2.2"
    assert timedelta(seconds=50) < rests["next_attempt_at"] - datetime.now(UTC) < timedelta(seconds=60)
    relay.answers.clear()
    await outbox.forward(check_in().key)
    assert await outbox.deliver() == []
    assert relay.recipients == [MENTEE, MENTOR]
    assert len({message["Message-ID"] for message in relay.messages}) == 2


async def test_mailbox_that_is_full_for_five_days_is_undeliverable(outbox: Delivery, relay: Relay) -> None:
    relay.answers[MENTOR] = "452 4.2.2 mailbox full"
    await outbox.deliver(check_in())
    await outbox.pool.execute("update outbox set failing_since = now() - interval '5 days', next_attempt_at = now()")
    assert await outbox.deliver(check_in()) == ["undeliverable"]
    assert outbox.undeliverable == [check_in().key]


async def test_refusals_in_a_row_at_different_domains_are_the_relays_and_mark_no_address(
    outbox: Delivery, relay: Relay
) -> None:
    emails = [check_in(number) for number in range(REFUSALS_OF_A_RELAY)]
    relay.to_recipient = "550 user unknown"
    async with outbox.sending():
        for number, email in enumerate(emails):
            await outbox.pool.execute(
                "update application set answers = jsonb_set(answers, '{email}', to_jsonb($1::text))"
                " where person_id = 'M01'",
                f"m@domain-{number}.example.org",
            )
            await rows.enqueue(outbox.pool, email)
            if number < REFUSALS_OF_A_RELAY - 1:
                await outbox.settled()
                assert (await row(outbox.pool, email))["state"] == "undeliverable"
        await _until_paused(outbox)
        relay.to_recipient = "250 fine"
        for email in emails:
            await outbox.forward(email.key)
        await outbox.settled()
    assert {(await row(outbox.pool, email))["state"] for email in emails} == {"sent"}
    assert len(relay.accepted) == len(emails)


async def test_address_that_refuses_each_time_is_dead_whoever_else_is(outbox: Delivery, relay: Relay) -> None:
    relay.to_recipient = "550 user unknown"
    await rows.enqueue(outbox.pool, check_in())
    await outbox.pool.execute("update outbox set attempts = $1", ATTEMPTS_IN_STREAK)
    assert await outbox.deliver() == []
    assert await rows.email_state(outbox.pool, check_in().key) is EmailState.UNDELIVERABLE
    assert outbox.undeliverable == [check_in().key]


async def test_refusals_at_one_domain_are_the_addresses(outbox: Delivery, relay: Relay) -> None:
    relay.to_recipient = "550 user unknown"
    emails = [check_in(number) for number in range(REFUSALS_OF_A_RELAY + 1)]
    assert set(await outbox.deliver(*emails)) == {"undeliverable"}
    assert len(outbox.undeliverable) == len(emails)


async def test_poisoned_emails_are_stuck_and_stop_nobody(outbox: Delivery, relay: Relay) -> None:
    bad = [poisoned(number) for number in range(2 * CONNECTIONS)]
    good = [check_in(number, to) for number in range(3) for to in (Recipient.MENTOR, Recipient.MENTEE)]
    await rows.enqueue(outbox.pool, *bad)
    started = asyncio.get_running_loop().time()
    states = await outbox.deliver(*good, call_note())
    assert asyncio.get_running_loop().time() - started < 10
    assert states == ["sent"] * 7
    # The call goes first, though several emails are rendered at the same time.
    assert SAMPLE_COHORT.contact.email in relay.recipients[:CONNECTIONS]
    assert {(await row(outbox.pool, email))["failure"] for email in bad} == {"KeyError"}
    await outbox.pool.execute("update outbox set failing_since = now() - interval '61 minutes' where state = 'queued'")
    stuck = await rows.stuck_emails(outbox.pool)
    assert {email.key for email in stuck} == {email.key for email in bad}
    assert {(email.failure, email.state) for email in stuck} == {("KeyError", EmailState.QUEUED)}


async def test_attempt_that_died_after_the_relays_yes_is_repeated_byte_for_byte(outbox: Delivery, relay: Relay) -> None:
    await outbox.deliver(check_in())
    await outbox.pool.execute("update outbox set state = 'sending', next_attempt_at = now()")
    assert await outbox.deliver(check_in()) == ["sent"]
    first, again = relay.accepted
    assert first == again


async def test_several_senders_share_the_work(outbox: Delivery, relay: Relay) -> None:
    emails = [check_in(number, to) for number in range(20) for to in (Recipient.MENTOR, Recipient.MENTEE)]
    async with outbox.sending(senders=3):
        await rows.enqueue(outbox.pool, *emails)
        await outbox.settled()
    assert len(relay.accepted) == len({message["Message-ID"] for message in relay.messages}) == len(emails)


async def test_rate_limit_counts_emails_of_all_senders(cohort: asyncpg.Pool, database_url: str, relay: Relay) -> None:
    async with listening(relay) as port:
        slow = Delivery(cohort, settings_for(database_url, port, emails_per_second=10))
        started = asyncio.get_running_loop().time()
        async with slow.sending(senders=2):
            await rows.enqueue(cohort, *(check_in(number) for number in range(11)))
            await slow.settled()
    # Eleven emails have ten intervals between them; a loaded machine only makes them longer. The clock counts whole
    # milliseconds.
    assert asyncio.get_running_loop().time() - started > 0.99


async def test_email_that_waits_long_for_its_turn_is_left_alone_by_other_senders(
    cohort: asyncpg.Pool, database_url: str, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.outbox.LEASE", timedelta(seconds=2))
    monkeypatch.setattr("emails.sender.TURN_SECONDS", 1)
    async with listening(relay) as port:
        delivery = Delivery(cohort, settings_for(database_url, port))
        # Others have taken the turns of the next seconds.
        await rows.take_turns(cohort, per_second=1 / 4)
        async with delivery.sending(senders=2):
            await rows.enqueue(cohort, check_in())
            await delivery.settled()
    assert (await row(cohort, check_in()))["attempts"] == 1
    assert relay.recipients == [MENTOR]


async def _until_paused(delivery: Delivery) -> None:
    async with asyncio.timeout(20):
        while True:
            status = await rows.sender_status(delivery.pool)
            if status and status.paused_since:
                return
            await asyncio.sleep(0.01)
