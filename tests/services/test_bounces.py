"""What a bounce changes: the email it is about, once, and whoever has to know."""

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from emails.imap import DONE_FOLDER, UNRECOGNIZED_FOLDER, ImapMailbox
from emails.return_path import return_path
from emails.samples import SAMPLE_COHORT
from runtime.settings import Settings
from schemas.cohort.roles import NewRoleHolder
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import EmailKind, EmailState, Recipient, StaffAccess, StaffReason
from schemas.mentorship.state import Ask
from services.bounce_mailbox import BounceMailboxReader
from services.email_health import check_emails
from storage import bounces, outbox, roles
from tests.emails.bounce_messages import message, recipient, reply, report
from tests.emails.relay import settings_for
from tests.emails.stored import NOW, PAIR, store_pair

EMAIL = QueuedEmail(
    key=f"{PAIR}/check_in/check_in-1/mentee/0",
    kind=EmailKind.CHECK_IN,
    scope_id=PAIR,
    to=Recipient.MENTEE,
    at=NOW,
    now=NOW,
    asks=(Ask(milestone="check_in-1"),),
)
NOTE = EMAIL.model_copy(
    update={"key": f"{PAIR}/staff_note/x/staff/0", "to": Recipient.STAFF, "reason": StaffReason.CALL_REQUESTED}
)
LATER = EMAIL.model_copy(update={"key": f"{PAIR}/check_in/check_in-1/mentee/1"})
ROLE = SAMPLE_COHORT.contact.email
UNKNOWN_USER = recipient("failed", "5.1.1", "smtp; 550 5.1.1 user unknown")


class Mailbox:
    """A mailbox in memory; it remembers where each message was filed."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = {str(number): raw for number, raw in enumerate(messages)}
        self.filed: list[str] = []
        self.calls: list[str] = []
        self.fetching, self.may_fetch = threading.Event(), threading.Event()
        self.may_fetch.set()

    def open(self, _: Settings) -> Self:
        return self

    def new_messages(self) -> list[str]:
        return list(self.messages)

    def fetch(self, uid: str) -> bytes:
        self.fetching.set()
        self.may_fetch.wait()
        self.calls.append("fetch")
        return self.messages[uid]

    def file(self, uid: str, folder: str) -> None:
        del self.messages[uid]
        self.filed.append(folder)

    def remove_old(self) -> None:
        self.calls.append("remove old")

    def close(self) -> None:
        self.calls.append("close")


class Bounces:
    """A sent email to each of a pair's mentee and staff, and what comes back to them."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings, patch: pytest.MonkeyPatch) -> None:
        self.pool, self.settings, self._patch = pool, settings, patch
        self.undeliverable: list[str] = []

    async def sent(self, email: QueuedEmail, address: str = "p@example.org") -> str:
        """Enqueue an email as if the relay had taken it, and return its envelope sender."""
        path = return_path(self.settings, email.key, address)
        await outbox.enqueue(self.pool, email)
        known = {"bounce_hash": path.token_hash, "message_id": path.message_id}
        await outbox.save_written(self.pool, WrittenEmail(key=email.key, subject="Hello", **known))
        await self.pool.execute("update outbox set state = 'sending' where key = $1", email.key)
        await outbox.set_sent(self.pool, email.key)
        return path.address

    async def read(self, *messages: bytes) -> list[str]:
        """Read messages and return where they were filed."""
        mailbox = Mailbox(*messages)
        self._patch.setattr(ImapMailbox, "open", mailbox.open)
        reader = BounceMailboxReader(self.pool, self.settings, self._note)
        assert await reader.read() == len(messages)
        return mailbox.filed

    async def row(self, email: QueuedEmail = EMAIL) -> Any:
        return await self.pool.fetchrow("select * from outbox where key = $1", email.key)

    async def _note(self, email: QueuedEmail) -> None:
        self.undeliverable.append(email.key)


@pytest.fixture
async def mailbox(pool: asyncpg.Pool, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Bounces:
    await store_pair(pool)
    more = {"bounces_address": "bounces@example.org", "bounces_imap_host": "::1", "bounces_imap_username": "b"}
    return Bounces(pool, settings_for(database_url, 25, **more), monkeypatch)


async def test_refused_address_makes_its_email_undeliverable(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    assert await mailbox.read(report(UNKNOWN_USER, To=path)) == [DONE_FOLDER]
    row = await mailbox.row()
    assert (row["state"], row["failure"], row["signaled_at"]) == ("undeliverable", "bounced 550 5.1.1", None)
    assert mailbox.undeliverable == [EMAIL.key]
    assert [email.key for email in await outbox.unsignaled_undeliverable(mailbox.pool)] == [EMAIL.key]


async def test_bounce_that_is_read_again_changes_nothing_after_staff_retried(mailbox: Bounces) -> None:
    bounce = report(UNKNOWN_USER, To=await mailbox.sent(EMAIL))
    await mailbox.read(bounce, bounce)
    await outbox.change_state(mailbox.pool, EMAIL.key, EmailState.QUEUED, before=[EmailState.UNDELIVERABLE])
    await mailbox.read(bounce)
    assert (await mailbox.row())["state"] == "queued"
    assert await mailbox.pool.fetchval("select count(*) from bounce") == 1
    assert mailbox.undeliverable == [EMAIL.key]


@pytest.mark.parametrize("of_kind", [False, True])
async def test_email_that_is_refused_again_after_staff_retried_is_reported_again(
    mailbox: Bounces, of_kind: bool
) -> None:
    await mailbox.read(report(UNKNOWN_USER, To=await mailbox.sent(EMAIL)))
    await outbox.set_undeliverable_signaled(mailbox.pool, EMAIL.key)
    again, refused = EmailState.QUEUED, [EmailState.UNDELIVERABLE]
    if of_kind:
        await outbox.change_states(mailbox.pool, SAMPLE_COHORT.id, EMAIL.kind, again, before=refused)
    else:
        await outbox.change_state(mailbox.pool, EMAIL.key, again, before=refused)
    assert (await mailbox.row())["failure"] is None
    await outbox.claim(mailbox.pool)
    await outbox.set_undeliverable(mailbox.pool, EMAIL.key, "550 5.1.1")
    assert [email.key for email in await outbox.unsignaled_undeliverable(mailbox.pool)] == [EMAIL.key]


async def test_email_that_was_lost_by_no_fault_of_its_address_is_stuck(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    await mailbox.read(report(recipient("failed", "5.7.1", "smtp; 550 5.7.1 spam"), To=path))
    assert ((await mailbox.row())["state"], mailbox.undeliverable) == ("dead", [])
    assert [stuck.key for stuck in await outbox.stuck_emails(mailbox.pool)] == [EMAIL.key]


async def test_address_that_is_delayed_twice_in_a_week_is_soft_bounced(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    delays = [report(recipient("delayed", "4.2.2"), words=words, To=path) for words in ("once", "twice")]
    await mailbox.read(delays[0], delays[0])
    assert await bounces.soft_bounced(mailbox.pool) == ()
    await mailbox.read(delays[1])
    [soft] = await bounces.soft_bounced(mailbox.pool)
    assert (soft.person, soft.bounces, soft.failure) == ("P01", 2, "450 4.2.2")
    assert await bounces.soft_bounced(mailbox.pool, "mile-2019") == (soft,)
    assert await bounces.soft_bounced(mailbox.pool, "mile-2020") == ()
    assert (await mailbox.row())["state"] == "sent"
    await mailbox.pool.execute("update bounce set bounced_at = bounced_at - interval '8 days'")
    assert await bounces.soft_bounced(mailbox.pool) == ()


FORGED = recipient("failed", "5.1.1", to="x@example.net")
FORWARDED = recipient("failed", "5.1.1", to="p@mail.example.net", original="P@Example.org")
ELSEWHERE = recipient("failed", "5.1.1", to="p@mail.example.net", original="q@example.org")


@pytest.mark.parametrize(
    ("recipients", "filed", "state"),
    [
        ((FORGED,), UNRECOGNIZED_FOLDER, "sent"),
        ((FORGED, UNKNOWN_USER), DONE_FOLDER, "undeliverable"),
        ((recipient("delayed", "4.2.2"), FORGED), DONE_FOLDER, "sent"),
        ((recipient("delivered", "2.0.0", to="x@example.net"), UNKNOWN_USER), DONE_FOLDER, "undeliverable"),
        ((FORWARDED,), DONE_FOLDER, "undeliverable"),
        ((ELSEWHERE,), UNRECOGNIZED_FOLDER, "sent"),
        (("Action: failed\nStatus: 5.1.1",), UNRECOGNIZED_FOLDER, "sent"),
    ],
    ids=["another", "two, one ours", "ours waits", "the other arrived", "forwarded", "forwarded elsewhere", "nobody"],
)
async def test_report_counts_only_for_the_address_that_its_email_went_to(
    mailbox: Bounces, recipients: tuple[str, ...], filed: str, state: str
) -> None:
    path = await mailbox.sent(EMAIL)
    assert await mailbox.read(report(*recipients, To=path)) == [filed]
    assert (await mailbox.row())["state"] == state
    assert mailbox.undeliverable == ([EMAIL.key] if state == "undeliverable" else [])


async def test_plain_bounce_makes_no_address_undeliverable_however_often_it_comes(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    forged = [message(f"{number} <p@example.org>: 550 5.1.1 user unknown", To=path) for number in range(3)]
    assert await mailbox.read(*forged) == [DONE_FOLDER] * 3
    assert ((await mailbox.row())["state"], mailbox.undeliverable) == ("sent", [])
    [soft] = await bounces.soft_bounced(mailbox.pool)
    assert (soft.person, soft.bounces, soft.failure) == ("P01", 3, "550 5.1.1")


async def test_flood_of_plain_bounces_is_kept_in_part_and_hides_no_report(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    await mailbox.read(*(message(f"{number}: 550 5.1.1 user unknown", To=path) for number in range(30)))
    assert await mailbox.pool.fetchval("select count(*) from bounce") == 10
    assert await mailbox.read(report(UNKNOWN_USER, To=path)) == [DONE_FOLDER]
    assert ((await mailbox.row())["state"], mailbox.undeliverable) == ("undeliverable", [EMAIL.key])


async def test_second_email_that_comes_back_by_plain_words_makes_the_address_undeliverable(mailbox: Bounces) -> None:
    paths = [await mailbox.sent(EMAIL), await mailbox.sent(LATER)]
    await mailbox.read(*(message("550 5.1.1 user unknown", To=path) for path in paths))
    assert ((await mailbox.row())["state"], (await mailbox.row(LATER))["state"]) == ("sent", "undeliverable")
    assert mailbox.undeliverable == [LATER.key]


@pytest.mark.parametrize(
    ("words", "address", "days"),
    [
        ("554 5.7.1 spam", "p@example.org", 0),
        ("550 5.1.1 user unknown", "former@example.org", 0),
        ("550 5.1.1 user unknown", "p@example.org", 31),
    ],
    ids=["another cause", "another address", "long ago"],
)
async def test_plain_bounce_counts_as_a_second_one_only_after_the_same_of_the_same_address(
    mailbox: Bounces, words: str, address: str, days: int
) -> None:
    before = await mailbox.sent(EMAIL, address)
    if address != "p@example.org":
        await mailbox.pool.execute("update application set email = $1 where person_id = 'P01'", address)
    await mailbox.read(message(words, To=before))
    assert await mailbox.pool.fetchval("select count(*) from bounce") == 1
    await mailbox.pool.execute("update application set email = 'p@example.org' where person_id = 'P01'")
    await mailbox.pool.execute("update bounce set bounced_at = bounced_at - make_interval(days => $1)", days)
    await mailbox.read(message("550 5.1.1 user unknown", To=await mailbox.sent(LATER)))
    assert ((await mailbox.row(LATER))["state"], mailbox.undeliverable) == ("sent", [])


async def test_automatic_reply_is_never_counted(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    away = reply("I am away. 550 5.1.1", Auto_Submitted="auto-replied", Return_Path="<>", To=path)
    assert await mailbox.read(away) == [DONE_FOLDER]
    assert (await mailbox.row())["state"] == "sent"
    assert await mailbox.pool.fetchval("select count(*) from bounce") == 0


async def test_bounce_of_an_address_somebody_has_left_says_nothing_of_the_new_one(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL, "former@example.org")
    former = recipient("failed", "5.1.1", to="former@example.org")
    assert await mailbox.read(report(former, To=path)) == [DONE_FOLDER]
    assert ((await mailbox.row())["state"], mailbox.undeliverable) == ("sent", [])


async def test_bounce_of_a_note_to_staff_is_stuck(mailbox: Bounces) -> None:
    path = await mailbox.sent(NOTE, ROLE)
    await mailbox.read(report(recipient("failed", "5.1.1", to=ROLE), To=path))
    assert [stuck.key for stuck in await outbox.stuck_emails(mailbox.pool)] == [NOTE.key]


@pytest.mark.parametrize(
    ("starts", "ends", "state"), [(0, None, "undeliverable"), (1, None, "undeliverable"), (-2, -1, "sent")]
)
async def test_bounce_of_an_email_to_a_role_holder_is_stuck_until_their_role_has_ended(
    mailbox: Bounces, starts: int, ends: int | None, state: str
) -> None:
    today = datetime.now(ZoneInfo(SAMPLE_COHORT.time_zone)).date()
    days = {"starts_on": today + timedelta(starts), "ends_on": None if ends is None else today + timedelta(ends)}
    reader = NewRoleHolder(role="Reader", email="mistyped@example.org", access=StaffAccess.READER, **days)
    await roles.add_holder(mailbox.pool, SAMPLE_COHORT.id, reader)
    path = await mailbox.sent(NOTE, reader.email)
    assert await mailbox.read(report(recipient("failed", "5.1.1", to=reader.email), To=path)) == [DONE_FOLDER]
    assert ((await mailbox.row(NOTE))["state"], len(mailbox.undeliverable)) == (state, state == "undeliverable")
    assert len(await outbox.stuck_emails(mailbox.pool)) == len(mailbox.undeliverable)


async def test_bounce_may_come_before_the_sender_notes_that_the_relay_took_the_email(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    await mailbox.pool.execute("update outbox set state = 'sending'")
    await mailbox.read(report(UNKNOWN_USER, To=path))
    await outbox.set_sent(mailbox.pool, EMAIL.key)
    assert (await mailbox.row())["state"] == "undeliverable"


async def test_what_nobody_understands_is_kept_apart_and_stops_nothing(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    unknown = report(UNKNOWN_USER, To="bounces+" + "z" * 26 + "@example.org")
    filed = await mailbox.read(unknown, b"", bytes(range(256)), report(UNKNOWN_USER, To=path))
    assert filed == [UNRECOGNIZED_FOLDER, UNRECOGNIZED_FOLDER, UNRECOGNIZED_FOLDER, DONE_FOLDER]


async def test_reader_goes_on_after_its_mailbox_was_away(mailbox: Bounces, monkeypatch: pytest.MonkeyPatch) -> None:
    bounce = report(UNKNOWN_USER, To=await mailbox.sent(EMAIL))
    there, opened = Mailbox(bounce), asyncio.Event()

    def first_away(settings: Settings) -> Mailbox:
        if not opened.is_set():
            opened.set()
            raise OSError("away")
        return there

    monkeypatch.setattr(ImapMailbox, "open", first_away)
    monkeypatch.setattr("services.bounce_mailbox.READ_EVERY_SECONDS", 0.01)
    reading = asyncio.create_task(BounceMailboxReader(mailbox.pool, mailbox.settings, mailbox._note).run())
    async with asyncio.timeout(10):
        while not there.filed:  # noqa: ASYNC110 - the mailbox is asked by a thread
            await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait([reading])
    assert mailbox.undeliverable == [EMAIL.key]


async def test_reader_that_is_stopped_ends_its_session_only_after_the_call_that_runs(
    mailbox: Bounces, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Mailbox(report(UNKNOWN_USER, To=await mailbox.sent(EMAIL)))
    slow.may_fetch.clear()
    monkeypatch.setattr(ImapMailbox, "open", slow.open)
    reading = asyncio.create_task(BounceMailboxReader(mailbox.pool, mailbox.settings, mailbox._note).run())
    await asyncio.to_thread(slow.fetching.wait, 10)
    reading.cancel()
    asyncio.get_running_loop().call_later(0.05, slow.may_fetch.set)
    await asyncio.wait([reading])
    assert slow.calls == ["fetch", "close"]
    assert (slow.filed, (await mailbox.row())["state"]) == ([], "sent")


async def test_what_was_read_long_ago_is_deleted_once_a_day_though_nothing_new_comes(
    mailbox: Bounces, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Mailbox()
    monkeypatch.setattr(ImapMailbox, "open", empty.open)
    reader = BounceMailboxReader(mailbox.pool, mailbox.settings, mailbox._note)
    assert [await reader.read(), await reader.read()] == [0, 0]
    assert reader._removed_old_on is not None
    reader._removed_old_on -= timedelta(days=1)
    await reader.read()
    assert empty.calls == ["remove old", "close", "close", "remove old", "close"]


async def test_reader_without_a_mailbox_in_the_settings_has_nothing_to_do(mailbox: Bounces) -> None:
    without = mailbox.settings.model_copy(update={"bounces_imap_host": None})
    async with asyncio.timeout(1):
        await BounceMailboxReader(mailbox.pool, without, mailbox._note).run()


async def test_only_one_worker_reads_at_a_time(mailbox: Bounces) -> None:
    bounce = report(UNKNOWN_USER, To=await mailbox.sent(EMAIL))
    async with bounces.reading_alone(mailbox.pool) as alone:
        assert alone
        unread = Mailbox(bounce)
        mailbox._patch.setattr(ImapMailbox, "open", unread.open)
        assert await BounceMailboxReader(mailbox.pool, mailbox.settings, mailbox._note).read() == 0
    assert unread.messages
    await mailbox.read(bounce)


async def _findings(mailbox: Bounces, **settings: object) -> dict[str, tuple[bool, bool]]:
    found = await check_emails(mailbox.settings.model_copy(update=settings))
    return {finding.name: (finding.ok, finding.warning) for finding in found}


async def test_doctor_warns_without_a_mailbox_and_fails_where_it_cannot_be_read(mailbox: Bounces) -> None:
    assert (await _findings(mailbox, bounces_address=None))["Bounces"] == (True, True)
    nowhere = {"bounces_imap_host": "127.0.0.1", "bounces_imap_port": 1, "bounces_imap_tls": "none"}
    assert (await _findings(mailbox, **nowhere))["Bounces"] == (False, False)


async def test_doctor_warns_of_soft_bounced_addresses(mailbox: Bounces) -> None:
    path = await mailbox.sent(EMAIL)
    assert (await _findings(mailbox, bounces_address=None))["Soft bounces"] == (True, False)
    await mailbox.read(*(report(recipient("delayed", "4.2.2"), words=words, To=path) for words in ("once", "twice")))
    assert (await _findings(mailbox, bounces_address=None))["Soft bounces"] == (True, True)
