"""The outbox and the links: one row per key however many ask, and a link opens one page or none (A34)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg
import pytest

from schemas.emails.messages import SendEmail
from schemas.enums import EmailKind, MilestoneKind, Recipient, Side
from schemas.mentorship.responses import Link, NewResponse
from schemas.mentorship.state import Answer, Ask
from storage import outbox, response_pages, responses

Respond = Callable[..., tuple[NewResponse, Answer]]
TOKEN = sha256(b"a token").digest()
COHORT = "mile-2019"


@pytest.fixture
def order(mentorship: str, now: datetime) -> SendEmail:
    return SendEmail(
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
async def put(pool: asyncpg.Pool, order: SendEmail, links: list[tuple[bytes, Link]]) -> SendEmail:
    """The order of an email that is in the outbox."""
    await outbox.claim(pool, COHORT, order, "Your check-in", links)
    return order


async def test_key_asked_for_ten_times_at_once_is_one_row_with_one_link(
    pool: asyncpg.Pool, order: SendEmail, links: list[tuple[bytes, Link]]
) -> None:
    put = [outbox.claim(pool, COHORT, order, "Your check-in", links) for _ in range(10)]
    await asyncio.gather(*put)
    (row,) = await outbox.emails_of_cohort(pool, COHORT)
    assert (row["key"], row["state"], row["attempts"], row["sent_at"]) == (order.key, "waiting", 0, None)
    assert await pool.fetchval("select count(*) from link") == 1


async def test_email_nobody_asked_for_has_no_state(pool: asyncpg.Pool, order: SendEmail) -> None:
    assert await outbox.email_state(pool, order.key) is None


async def test_email_goes_from_waiting_to_sending_to_sent(pool: asyncpg.Pool, put: SendEmail) -> None:
    assert await outbox.email_state(pool, put.key) == "waiting"
    await outbox.set_sending(pool, put.key)
    assert await outbox.email_state(pool, put.key) == "sending"
    await outbox.set_sent(pool, put.key, put.now)
    (row,) = await outbox.emails_of_scope(pool, put.scope_id)
    assert (row["state"], row["sent_at"], row["due_at"], row["attempts"]) == ("sent", put.now, put.at, 1)


async def test_email_that_never_began_to_leave_cannot_be_marked_as_sent(pool: asyncpg.Pool, put: SendEmail) -> None:
    await outbox.set_sent(pool, put.key, put.now)
    await outbox.set_undeliverable(pool, put.key)
    assert await outbox.email_state(pool, put.key) == "waiting"


async def test_attempts_are_counted(pool: asyncpg.Pool, put: SendEmail) -> None:
    for _ in range(3):
        await outbox.set_sending(pool, put.key)
    (row,) = await outbox.emails_of_scope(pool, put.scope_id)
    assert row["attempts"] == 3


@pytest.mark.parametrize("fate", ["sent", "undeliverable"])
async def test_fate_of_an_email_is_final(
    pool: asyncpg.Pool, put: SendEmail, links: list[tuple[bytes, Link]], fate: str
) -> None:
    await outbox.set_sending(pool, put.key)
    if fate == "sent":
        await outbox.set_sent(pool, put.key, put.now)
    else:
        await outbox.set_undeliverable(pool, put.key)
    (before,) = await outbox.emails_of_scope(pool, put.scope_id)
    await outbox.claim(pool, COHORT, put, "Another subject", links)
    await outbox.set_sending(pool, put.key)
    await outbox.set_sent(pool, put.key, put.now + timedelta(days=1))
    await outbox.set_undeliverable(pool, put.key)
    assert await outbox.emails_of_scope(pool, put.scope_id) == [before]
    assert before["state"] == fate


async def test_email_with_a_link_to_nowhere_is_not_stored(
    pool: asyncpg.Pool, order: SendEmail, links: list[tuple[bytes, Link]]
) -> None:
    nowhere = links[0][1].model_copy(update={"milestone": "check_in-99"})
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await outbox.claim(pool, COHORT, order, "Your check-in", [*links, (b"n" * 32, nowhere)])
    assert await outbox.emails_of_cohort(pool, COHORT) == []


@pytest.mark.usefixtures("put")
async def test_link_opens_the_page_of_its_person_and_milestone(
    pool: asyncpg.Pool, links: list[tuple[bytes, Link]]
) -> None:
    page = await response_pages.response_page(pool, TOKEN)
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
    page = await response_pages.response_page(pool, TOKEN)
    assert page is not None
    assert page.answers == {"status": "planned"}


@pytest.mark.usefixtures("put")
async def test_unknown_link_opens_nothing(pool: asyncpg.Pool) -> None:
    assert await response_pages.response_page(pool, sha256(b"another token").digest()) is None


async def test_revoked_link_opens_nothing_even_after_the_email_is_put_again(
    pool: asyncpg.Pool, put: SendEmail, links: list[tuple[bytes, Link]]
) -> None:
    await pool.execute("update link set revoked_at = now()")
    await outbox.claim(pool, COHORT, put, "Your check-in", links)
    assert await response_pages.response_page(pool, TOKEN) is None


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
    newest, again = await responses.stuck_goals(pool, mentorship)
    assert (set(newest), set(again)) == (stuck, twice)
