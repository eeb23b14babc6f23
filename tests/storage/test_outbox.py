"""The outbox and the links: one row per key however many ask, and a link opens one page or none (A34)."""

import asyncio
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import asyncpg
import pytest

from runtime.clock import WallClock
from schemas.emails.messages import QueuedEmail, WrittenEmail
from schemas.enums import ChangeKind, EmailKind, EmailState, MilestoneKind, Recipient, Side, StaffReason
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, Ask
from storage import outbox, response_pages, responses

Respond = Callable[..., tuple[NewResponse, Answer]]
TOKEN = sha256(b"a token").digest()
COHORT = "mile-2019"


@pytest.fixture
def queued(mentorship: str, now: datetime) -> QueuedEmail:
    return QueuedEmail(
        key=f"{mentorship}/check_in/check_in-1/mentor/0",
        kind=EmailKind.CHECK_IN,
        scope_id=mentorship,
        to=Recipient.MENTOR,
        at=now + timedelta(days=73),
        now=now + timedelta(days=73, seconds=1),
        asks=(Ask(milestone="check_in-1"),),
    )


@pytest.fixture
def links(mentorship: str) -> list[tuple[bytes, Link]]:
    return [(TOKEN, Link(mentorship_id=mentorship, milestone="check_in-1", side=Side.MENTOR))]


@pytest.fixture
async def put(pool: asyncpg.Pool, queued: QueuedEmail, links: list[tuple[bytes, Link]]) -> QueuedEmail:
    """An email in the outbox that was rendered."""
    await outbox.enqueue(pool, queued)
    await outbox.save_written(pool, written(queued, *links))
    return queued


def written(email: QueuedEmail, *links: tuple[bytes, Link]) -> WrittenEmail:
    return WrittenEmail(key=email.key, subject="Your check-in", links=links)


def note(mentorship: str, now: datetime) -> QueuedEmail:
    key = f"{mentorship}/staff_note/call/staff/0"
    return QueuedEmail(
        key=key,
        kind=EmailKind.STAFF_NOTE,
        scope_id=mentorship,
        to=Recipient.STAFF,
        at=now,
        now=now,
        reason=StaffReason.CALL_REQUESTED,
        about=Side.MENTEE,
        automatic=False,
    )


async def test_claimed_email_is_the_one_that_was_enqueued(pool: asyncpg.Pool, mentorship: str, now: datetime) -> None:
    change = {"change": ChangeKind.PAUSE, "pause_from_on": date(2019, 8, 1), "pause_until_on": date(2019, 9, 1)}
    for email in (note(mentorship, now), note(mentorship, now).model_copy(update={"key": "k", **change})):
        await outbox.enqueue(pool, email)
        [claimed] = await outbox.claim(pool)
        assert timedelta(0) <= claimed.now - email.now < timedelta(minutes=1)
        assert claimed.model_copy(update={"now": email.now}).model_dump(include=set(QueuedEmail.model_fields)) == (
            email.model_dump()
        )
        assert (claimed.cohort_id, claimed.attempts, claimed.failing_since) == (COHORT, 1, None)


async def test_key_enqueued_ten_times_at_once_is_one_row(pool: asyncpg.Pool, queued: QueuedEmail) -> None:
    await asyncio.gather(*(outbox.enqueue(pool, queued) for _ in range(10)))
    (row,) = await outbox.emails_of_cohort(pool, COHORT)
    assert (row["key"], row["state"], row["attempts"], row["sent_at"]) == (queued.key, "queued", 0, None)
    assert await outbox.count_emails(pool, queued.scope_id, queued.kind) == 1


async def test_email_is_enqueued_with_what_brings_it_about_or_not_at_all(
    pool: asyncpg.Pool, queued: QueuedEmail
) -> None:
    async def save_and_fail() -> None:
        async with pool.acquire() as db, db.transaction():
            await outbox.enqueue(db, queued)
            raise RuntimeError("the page could not save")

    with pytest.raises(RuntimeError):
        await save_and_fail()
    assert await outbox.email_state(pool, queued.key) is None
    assert await outbox.claim(pool) == []


async def test_senders_are_woken_once_the_transaction_is_committed(
    pool: asyncpg.Pool, database_url: str, queued: QueuedEmail
) -> None:
    woken = asyncio.Event()
    listening = await asyncpg.connect(database_url)
    await listening.add_listener(outbox.CHANNEL, lambda *_: woken.set())
    async with pool.acquire() as db, db.transaction():
        await outbox.enqueue(db, queued)
        await asyncio.sleep(0.05)
        assert not woken.is_set()
    await asyncio.wait_for(woken.wait(), 5)
    await listening.close()


async def test_many_senders_never_claim_the_same_email(pool: asyncpg.Pool, mentorship: str, now: datetime) -> None:
    emails = [note(mentorship, now).model_copy(update={"key": f"note-{number:03}"}) for number in range(60)]
    await outbox.enqueue(pool, *emails)
    claims = [*await asyncio.gather(*(outbox.claim(pool, at_most=3) for _ in range(40)))]
    keys = [claimed.key for claimed in itertools.chain(*claims)]
    assert sorted(keys) == sorted(email.key for email in emails)


async def test_note_to_staff_goes_before_a_reminder_that_waited_longer(
    pool: asyncpg.Pool, queued: QueuedEmail, mentorship: str, now: datetime
) -> None:
    await outbox.enqueue(pool, queued)
    await outbox.enqueue(pool, note(mentorship, now))
    first, second = await outbox.claim(pool, at_most=2)
    assert (first.kind, second.kind) == (EmailKind.STAFF_NOTE, EmailKind.CHECK_IN)


async def test_claimed_email_is_taken_over_after_its_lease_with_the_same_date(
    pool: asyncpg.Pool, queued: QueuedEmail
) -> None:
    await outbox.enqueue(pool, queued)
    [first] = await outbox.claim(pool)
    assert await outbox.claim(pool) == []
    await pool.execute("update outbox set next_attempt_at = now()")
    [again] = await outbox.claim(pool)
    assert (again.attempts, again.first_attempt_at) == (2, first.first_attempt_at)
    assert timedelta(0) <= first.first_attempt_at - queued.now < timedelta(minutes=1)


async def test_released_email_is_as_if_nobody_had_tried(pool: asyncpg.Pool, queued: QueuedEmail) -> None:
    await outbox.enqueue(pool, queued)
    await outbox.claim(pool)
    await outbox.requeue(pool, queued.key)
    (row,) = await outbox.emails_of_scope(pool, queued.scope_id)
    assert (row["state"], row["attempts"], row["first_attempt_at"], row["failing_since"]) == ("queued", 0, None, None)


async def test_deferred_email_rests_and_gets_its_last_state_after_five_days(
    pool: asyncpg.Pool, queued: QueuedEmail
) -> None:
    await outbox.enqueue(pool, queued)
    await outbox.claim(pool)
    delay, dead = timedelta(minutes=5), EmailState.DEAD
    assert await outbox.defer(pool, queued.key, delay, "ValueError", last_state=dead) is EmailState.QUEUED
    assert await outbox.claim(pool) == []
    next_at = await outbox.next_attempt_at(pool)
    assert next_at
    assert abs(next_at - datetime.now(UTC) - delay) < timedelta(minutes=1)
    for days, state in ((4.9, EmailState.QUEUED), (5.1, dead)):
        await pool.execute(
            "update outbox set next_attempt_at = now(), failing_since = now() - $1::interval", timedelta(days=days)
        )
        await outbox.claim(pool)
        assert await outbox.defer(pool, queued.key, delay, "ValueError", last_state=dead) is state
    (stuck,) = await outbox.stuck_emails(pool)
    assert (stuck.key, stuck.state, stuck.failure) == (queued.key, dead, "ValueError")


@pytest.mark.parametrize(
    ("since", "column", "stuck"),
    [
        (timedelta(minutes=59), "failing_since", False),
        (timedelta(minutes=61), "failing_since", True),
        (timedelta(hours=23), "next_attempt_at", False),
        (timedelta(hours=25), "next_attempt_at", True),
    ],
)
async def test_email_is_stuck_after_an_hour_of_failing_or_a_day_of_waiting(
    *, pool: asyncpg.Pool, queued: QueuedEmail, since: timedelta, column: str, stuck: bool
) -> None:
    await outbox.enqueue(pool, queued)
    await pool.execute(f"update outbox set {column} = now() - $1::interval", since)  # noqa: S608 - a name of ours
    assert bool(await outbox.stuck_emails(pool)) is stuck


@pytest.mark.parametrize("state", ["sent", "undeliverable"])
async def test_last_state_of_an_email_stays(
    pool: asyncpg.Pool, put: QueuedEmail, links: list[tuple[bytes, Link]], state: str
) -> None:
    await outbox.claim(pool)
    if state == "sent":
        await outbox.set_sent(pool, put.key)
    else:
        await outbox.set_undeliverable(pool, put.key, "550 5.1.1")
    (before,) = await outbox.emails_of_scope(pool, put.scope_id)
    await outbox.enqueue(pool, put)
    assert await outbox.claim(pool) == []
    await outbox.set_sent(pool, put.key)
    await outbox.set_undeliverable(pool, put.key, "550 5.1.2")
    await outbox.requeue(pool, put.key)
    await outbox.discard(pool, put.key)
    assert await outbox.emails_of_scope(pool, put.scope_id) == [before]
    assert before["state"] == state


async def test_turns_of_all_senders_are_an_interval_apart(pool: asyncpg.Pool) -> None:
    taken = await asyncio.gather(*(outbox.take_turns(pool, 0.5, count) for count in (1, 3, 1)))
    waits = sorted(itertools.chain(*taken))
    # The first may have waited for nothing; after it each comes two seconds later than the one before.
    gaps = [later - earlier for earlier, later in itertools.pairwise(waits)]
    assert all(abs(gap - 2) < 0.5 for gap in gaps), waits


async def test_pause_of_the_sender_keeps_its_first_moment_and_ends(pool: asyncpg.Pool) -> None:
    assert await outbox.sender_status(pool) is None
    await outbox.set_sender_paused(pool, "421")
    first = await outbox.sender_status(pool)
    await outbox.set_sender_paused(pool, "554 5.7.1")
    second = await outbox.sender_status(pool)
    assert first
    assert second
    assert (first.pause_cause, second.pause_cause) == ("421", "554 5.7.1")
    assert first.paused_since == second.paused_since is not None
    await outbox.set_sender_resumed(pool)
    after = await outbox.sender_status(pool)
    assert after
    assert (after.paused_since, after.pause_cause) == (None, None)


async def test_undeliverable_email_is_reported_once(pool: asyncpg.Pool, queued: QueuedEmail) -> None:
    await outbox.enqueue(pool, queued)
    await outbox.claim(pool)
    await outbox.set_undeliverable(pool, queued.key, "550 5.1.1")
    assert [email.key for email in await outbox.unsignaled_undeliverable(pool)] == [queued.key]
    await outbox.set_undeliverable_signaled(pool, queued.key)
    assert await outbox.unsignaled_undeliverable(pool) == ()


async def test_email_that_staff_retry_while_it_is_reported_is_reported_again(
    pool: asyncpg.Pool, queued: QueuedEmail
) -> None:
    await outbox.enqueue(pool, queued)
    await outbox.claim(pool)
    await outbox.set_undeliverable(pool, queued.key, "550 5.1.1")
    assert await outbox.change_state(pool, queued.key, EmailState.QUEUED, before=[EmailState.UNDELIVERABLE])
    await outbox.set_undeliverable_signaled(pool, queued.key)
    await outbox.claim(pool)
    await outbox.set_undeliverable(pool, queued.key, "550 5.1.1")
    assert [email.key for email in await outbox.unsignaled_undeliverable(pool)] == [queued.key]


async def test_email_with_a_link_to_nowhere_keeps_no_link(
    pool: asyncpg.Pool, queued: QueuedEmail, links: list[tuple[bytes, Link]]
) -> None:
    nowhere = links[0][1].model_copy(update={"milestone": "check_in-99"})
    await outbox.enqueue(pool, queued)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await outbox.save_written(pool, written(queued, *links, (b"n" * 32, nowhere)))
    assert await pool.fetchval("select count(*) from link") == 0
    (row,) = await outbox.emails_of_cohort(pool, COHORT)
    assert row["subject"] == ""


@pytest.mark.usefixtures("put")
async def test_link_opens_the_page_of_its_person_and_milestone(
    pool: asyncpg.Pool, links: list[tuple[bytes, Link]]
) -> None:
    page = await response_pages.response_page(pool, TOKEN, WallClock())
    assert page is not None
    assert page.link == links[0][1]
    assert (page.person.id, page.partner.id) == ("M02", "P01")
    assert (page.kind, page.number, page.answers) == (MilestoneKind.CHECK_IN, 1, {})


@pytest.mark.usefixtures("put")
async def test_page_shows_what_this_person_sent_last_and_never_what_the_partner_sent(
    pool: asyncpg.Pool, respond: Respond
) -> None:
    for side, status in ((Side.MENTOR, "not_yet"), (Side.MENTOR, "planned"), (Side.MENTEE, "met")):
        await responses.save_response(pool, *respond(side, status=status))
    page = await response_pages.response_page(pool, TOKEN, WallClock())
    assert page is not None
    assert page.answers == {"status": "planned"}


@pytest.mark.usefixtures("put")
async def test_unknown_link_opens_nothing(pool: asyncpg.Pool) -> None:
    assert await response_pages.response_page(pool, sha256(b"another token").digest(), WallClock()) is None


async def test_revoked_link_opens_nothing_even_after_the_email_is_rendered_again(
    pool: asyncpg.Pool, put: QueuedEmail, links: list[tuple[bytes, Link]]
) -> None:
    await pool.execute("update link set revoked_at = now()")
    await outbox.save_written(pool, written(put, *links))
    assert await response_pages.response_page(pool, TOKEN, WallClock()) is None


@pytest.mark.usefixtures("put")
async def test_token_itself_is_nowhere_in_the_database(pool: asyncpg.Pool) -> None:
    rows = [*await pool.fetch("select * from link"), *await pool.fetch("select * from outbox")]
    assert len(rows) == 2
    assert b"a token" not in b"".join(bytes(str(value), "utf-8") for row in rows for value in row.values())


@pytest.mark.parametrize(
    ("said", "stuck", "twice"),
    [
        ([], set(), set()),
        ([{"goal_1": "stuck"}], {1}, set()),
        ([{"goal_1": "stuck", "goal_2": "stuck"}, {"goal_1": "done", "goal_2": "stuck"}], {2}, {2}),
        ([{"goal_1": "stuck"}, {"goal_1": "on_track"}, {"goal_1": "stuck"}], {1}, set()),
    ],
)
async def test_goal_is_stuck_twice_only_in_the_newest_two_check_ins(
    *,
    pool: asyncpg.Pool,
    mentorship: str,
    respond: Respond,
    said: list[dict[str, str]],
    stuck: set[int],
    twice: set[int],
) -> None:
    for number, answers in enumerate(said, start=1):
        first = respond(Side.MENTEE, f"goal_check_in-{number}", goal_1="changed", goal_2="changed")
        await responses.save_response(pool, *first)
        await responses.save_response(pool, *respond(Side.MENTEE, f"goal_check_in-{number}", **answers))
    found = await responses.stuck_goals(pool, [mentorship])
    assert tuple(map(set, found[mentorship])) == (stuck, twice)
