"""A reply to an email: passed on to the role, noted at the mentorship, and never acted on."""

import hashlib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from emails.imap import DONE_FOLDER, NOT_PASSED_ON_FOLDER, UNRECOGNIZED_FOLDER
from emails.message import message_id, thread_id
from emails.samples import SAMPLE_COHORT
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, ReplyKind, Side
from services.replies import suggested_command
from storage import cohorts, replies
from storage.replies import MOST_AN_HOUR, MOST_AN_HOUR_OF_PERSON, MOST_TO_EMAIL
from tests.emails.bounce_messages import reply
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.emails.stored import NOW, PAIR, store_pair
from tests.services.test_bounces import EMAIL, Bounces

ROLE = SAMPLE_COHORT.contact.email
OTHER = EMAIL.model_copy(update={"key": f"{EMAIL.key[:-1]}1"})


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
async def mailbox(
    pool: asyncpg.Pool, database_url: str, monkeypatch: pytest.MonkeyPatch, relay: Relay
) -> AsyncIterator[Bounces]:
    await store_pair(pool)
    async with listening(relay) as port:
        settings = settings_for(database_url, port, bounces_address="bounces@example.org")
        yield Bounces(pool, settings, monkeypatch)


async def noted(mailbox: Bounces) -> list[tuple[Side | None, ReplyKind]]:
    return [(each.side, each.kind) for each in await replies.replies(mailbox.pool, PAIR)]


async def test_reply_goes_on_to_the_role_once_and_is_noted(mailbox: Bounces, relay: Relay) -> None:
    answer = reply("We met!", To=await mailbox.sent(EMAIL))
    assert await mailbox.read(answer, answer) == [DONE_FOLDER, DONE_FOLDER]
    assert relay.recipients == [ROLE]
    assert "> We met!" in relay.text()
    assert relay.messages[0]["Reply-To"] == "p@example.org"
    assert await noted(mailbox) == [(Side.MENTEE, ReplyKind.MESSAGE)]


async def test_reply_that_the_role_has_already_is_only_noted(mailbox: Bounces, relay: Relay) -> None:
    await mailbox.sent(EMAIL)
    ours = (await mailbox.row())["message_id"]
    answer = reply("We met!", To=f"The Chair <{ROLE.upper()}>", In_Reply_To=ours)
    assert await mailbox.read(answer) == [DONE_FOLDER]
    assert (relay.recipients, await noted(mailbox)) == ([], [(Side.MENTEE, ReplyKind.MESSAGE)])


async def test_no_words_and_no_address_of_a_reply_are_stored(mailbox: Bounces) -> None:
    await mailbox.read(reply("A secret: elsewhere@example.net", To=await mailbox.sent(EMAIL)))
    [row] = [dict(row) for row in await mailbox.pool.fetch("select * from reply")]
    columns = {"fingerprint", "email_key", "cohort_id", "scope_id", "side", "kind", "received_at", "passed_on"}
    assert set(row) == {*columns, "digest_key"}
    assert not any("secret" in str(value) or "@example" in str(value) for value in row.values())


async def test_stop_changes_nothing_and_offers_staff_a_command(mailbox: Bounces, relay: Relay) -> None:
    await mailbox.read(reply("Stop", To=await mailbox.sent(EMAIL)))
    assert await noted(mailbox) == [(Side.MENTEE, ReplyKind.NO_MORE_EMAILS)]
    command = suggested_command(PAIR, Side.MENTEE, ReplyKind.NO_MORE_EMAILS)
    assert command is not None
    assert command in " ".join(relay.text().split())
    assert await mailbox.pool.fetchval("select count(*) from reminder_link where paused_at is not null") == 0


@pytest.mark.parametrize(("person", "address"), [("M01", "m@example.org"), ("P01", "p@example.org")])
async def test_stop_of_someone_who_is_asked_to_mentor_again_offers_staff_a_command(
    mailbox: Bounces, relay: Relay, person: str, address: str
) -> None:
    await cohorts.save_settings(mailbox.pool, SAMPLE_COHORT.model_copy(update={"id": "mile-2021"}), NOW)
    scope = f"mile-2021/mile-2019.{person}"
    key = f"{scope}/mentors_needed/again/mentor/0"
    asked = QueuedEmail(key=key, kind=EmailKind.MENTORS_NEEDED, scope_id=scope, to=Recipient.MENTOR, at=NOW, now=NOW)
    await mailbox.read(reply("Stop", From=f"<{address}>", To=await mailbox.sent(asked, address)))
    assert f'mile cohort uninvite mile-2019 {person} --note "asked by email"' in " ".join(relay.text().split())
    [stored] = await replies.replies(mailbox.pool, scope)
    assert (stored.side, stored.kind) == (Side.MENTOR, ReplyKind.NO_MORE_EMAILS)


async def test_new_address_is_offered_to_staff_and_not_used(mailbox: Bounces, relay: Relay) -> None:
    away = reply("I no longer work here. Write to new@example.net", Auto_Submitted="auto-replied")
    away = away.replace(b"bounces+abcdefghijklmnopqrstuvwxyz@example.org", (await mailbox.sent(EMAIL)).encode())
    await mailbox.read(away)
    assert f"mile mentorship contact {PAIR} --side mentee --email ADDRESS" in " ".join(relay.text().split())
    assert await noted(mailbox) == [(Side.MENTEE, ReplyKind.NEW_ADDRESS)]
    assert await mailbox.pool.fetchval("select email from application where person_id = 'P01'") == "p@example.org"


async def test_out_of_office_note_is_noted_and_not_passed_on(mailbox: Bounces, relay: Relay) -> None:
    await mailbox.read(reply("Back on Monday", Auto_Submitted="auto-replied", To=await mailbox.sent(EMAIL)))
    assert (relay.recipients, await noted(mailbox)) == ([], [(Side.MENTEE, ReplyKind.AUTOMATIC)])


async def test_reply_of_a_stranger_is_passed_on_without_a_command(mailbox: Bounces, relay: Relay) -> None:
    await mailbox.read(reply("Stop", From="x@example.net", To=await mailbox.sent(EMAIL)))
    assert await noted(mailbox) == [(None, ReplyKind.NO_MORE_EMAILS)]
    assert "mile mentorship" not in relay.text()


async def test_partner_cannot_reply_in_the_others_name(mailbox: Bounces, relay: Relay) -> None:
    forged = reply("Stop", From="The mentor <m@example.org>", To=await mailbox.sent(EMAIL))
    await mailbox.read(forged)
    assert await noted(mailbox) == [(None, ReplyKind.NO_MORE_EMAILS)]
    assert f"someone else, about {PAIR}," in " ".join(relay.text().split())
    assert "mile mentorship reminders" not in relay.text()


async def test_reply_stays_unread_while_the_relay_takes_nothing(mailbox: Bounces, relay: Relay) -> None:
    answer = reply("We met!", To=await mailbox.sent(EMAIL))
    relay.to_recipient = "450 4.3.0 not now"
    assert await mailbox.read(answer) == []
    assert await noted(mailbox) == []
    relay.to_recipient = "250 fine"
    assert await mailbox.read(answer) == [DONE_FOLDER]
    assert (relay.recipients, len(await noted(mailbox))) == ([ROLE], 1)


async def test_reply_that_the_role_refuses_for_good_is_kept_for_people_to_see(mailbox: Bounces, relay: Relay) -> None:
    relay.to_recipient = "550 5.1.1 no such user"
    assert await mailbox.read(reply("We met!", To=await mailbox.sent(EMAIL))) == [UNRECOGNIZED_FOLDER]


@pytest.mark.parametrize("writer", ["=?utf-8?q?a?=@evil", "(" * 1500])
async def test_reply_that_cannot_be_understood_stands_before_no_other(
    mailbox: Bounces, relay: Relay, writer: str
) -> None:
    answered = await mailbox.sent(EMAIL)
    filed = await mailbox.read(reply("Hello", To=answered, From=writer), reply("We met!", To=answered))
    assert filed == [UNRECOGNIZED_FOLDER, DONE_FOLDER]
    assert relay.recipients == [ROLE]


async def test_reply_to_none_of_our_emails_is_kept_for_people_to_see(mailbox: Bounces, relay: Relay) -> None:
    stranger = reply("Hello", To="mile@example.org", In_Reply_To=message_id(b"", "another key", "example.org"))
    assert await mailbox.read(stranger) == [UNRECOGNIZED_FOLDER]
    assert relay.recipients == []


async def test_reply_that_quotes_what_anybody_can_compute_counts_for_nobody(mailbox: Bounces, relay: Relay) -> None:
    await mailbox.sent(EMAIL)
    digest = hashlib.sha256(EMAIL.key.encode()).hexdigest()[:32]
    guesses = [f"<{digest}@example.org>", message_id(b"", EMAIL.key, "example.org"), thread_id(PAIR, "example.org")]
    forged = [reply("Stop", To="bounces@example.org", In_Reply_To=guess, References=guess) for guess in guesses]
    assert await mailbox.read(*forged) == [UNRECOGNIZED_FOLDER] * 3
    assert (relay.recipients, await noted(mailbox)) == ([], [])


async def flood(mailbox: Bounces, count: int, sender: str = "P <p@example.org>", begin: int = 0) -> list[str]:
    """Let so many replies come, each with other words, and return where they were filed."""
    path = await mailbox.sent(EMAIL)
    numbers = range(begin, begin + count)
    return await mailbox.read(*(reply(f"Words number {number}", To=path, From=sender) for number in numbers))


async def digest(mailbox: Bounces, relay: Relay) -> str:
    """Let the hour pass after which a digest leaves, and return its words."""
    before = len(relay.messages)
    await mailbox.pool.execute("update outbox set next_attempt_at = now() where kind = 'reply_digest'")
    await Delivery(mailbox.pool, mailbox.settings).deliver()
    assert len(relay.messages) == before + 1
    return " ".join(relay.text().split())


async def test_replies_of_one_person_above_the_limit_are_noted_and_told_in_one_digest(
    mailbox: Bounces, relay: Relay
) -> None:
    filed = await flood(mailbox, MOST_AN_HOUR_OF_PERSON + 3)
    assert filed == [DONE_FOLDER] * MOST_AN_HOUR_OF_PERSON + [NOT_PASSED_ON_FOLDER] * 3
    assert relay.recipients == [ROLE] * MOST_AN_HOUR_OF_PERSON
    assert await mailbox.pool.fetchval("select count(*) from reply") == MOST_AN_HOUR_OF_PERSON + 3
    # Who writes late, from elsewhere, has a limit of their own.
    assert await flood(mailbox, 1, "X <x@example.net>", 50) == [DONE_FOLDER]
    words = await digest(mailbox, relay)
    assert "Please read these 3 replies" in words
    assert f"- 3 from the mentee of {PAIR}" in words
    assert NOT_PASSED_ON_FOLDER in words
    assert "Words number" not in words


async def test_cohort_has_a_limit_and_nothing_above_it_is_lost(mailbox: Bounces, relay: Relay) -> None:
    senders = [f"x{number}@example.net" for number in range(3)]
    path, count = await mailbox.sent(EMAIL), 90
    await mailbox.pool.execute("update outbox set scope_id = 'mile-2019/P01'")
    sent = [reply(f"Words {n}", To=path, From=senders[n % 3]) for n in range(count)]
    await mailbox.pool.execute(
        "insert into reply select 'r' || n, $1, 'mile-2019', 's' || n, null, 'message', now(), true"
        " from generate_series(3, $2::integer) n",
        EMAIL.key,
        MOST_AN_HOUR,
    )
    filed = [folder for start in range(0, count, 45) for folder in await mailbox.read(*sent[start : start + 45])]
    assert (filed.count(DONE_FOLDER), filed.count(NOT_PASSED_ON_FOLDER)) == (2, count - 2)
    assert len(relay.recipients) == 2
    assert f"Please read these {count - 2} replies" in await digest(mailbox, relay)
    assert await mailbox.pool.fetchval("select count(*) from outbox where kind = 'reply_digest'") == 1


async def test_replies_to_one_email_have_an_end(mailbox: Bounces, relay: Relay) -> None:
    path, other = await mailbox.sent(EMAIL), await mailbox.sent(OTHER)
    await mailbox.pool.execute(
        "insert into reply select 'r' || n, $1, 'mile-2019', 's', null, 'automatic', now(), false"
        " from generate_series(2, $2::integer) n",
        EMAIL.key,
        MOST_TO_EMAIL,
    )
    filed = await mailbox.read(*(reply(f"Words {n}", To=path) for n in range(3)), reply(To=other))
    assert filed == [DONE_FOLDER, NOT_PASSED_ON_FOLDER, NOT_PASSED_ON_FOLDER, DONE_FOLDER]
    count = "select count(*) from reply where email_key = $1"
    assert await mailbox.pool.fetchval(count, EMAIL.key) == MOST_TO_EMAIL


async def test_limit_is_of_an_hour_and_a_digest_that_left_takes_no_more(mailbox: Bounces, relay: Relay) -> None:
    await flood(mailbox, MOST_AN_HOUR_OF_PERSON + 1)
    await digest(mailbox, relay)
    assert await flood(mailbox, 1, begin=50) == [NOT_PASSED_ON_FOLDER]
    await mailbox.pool.execute("update reply set received_at = received_at - interval '61 minutes'")
    assert await flood(mailbox, 1, begin=60) == [DONE_FOLDER]
    assert "Please read this reply" in await digest(mailbox, relay)


async def test_reply_above_the_limit_that_is_read_again_is_counted_once(mailbox: Bounces) -> None:
    again = MOST_AN_HOUR_OF_PERSON
    await flood(mailbox, again + 1)
    assert await flood(mailbox, 1, begin=again) == [NOT_PASSED_ON_FOLDER]
    assert await mailbox.pool.fetchval("select count(*) from reply where digest_key is not null") == 1
