"""Questions in a flood: the contact gets a few emails and a digest, and not one question is lost."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from emails.kinds.inquiry_digest.context import inquiry_digest
from emails.rendering import render
from schemas.applications.applicant import Inquiry
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from services.applicants import ApplicantService
from storage import inquiries, outbox
from storage.inquiries import MOST_EMAILS_A_DAY_FROM_MAILBOX, MOST_EMAILS_AN_HOUR
from tests.clocks import HandSetClock
from tests.emails.relay import Delivery, Relay, listening, settings_for
from tests.web.applicants.people import COHORT_ID, OPEN, settings
from tests.web.browser import served
from tests.web.conftest import RecordingService
from web.app import create_app
from web.middleware.rate_limit import RateLimits

ASK = f"/ask/{COHORT_ID}"
QUESTIONS, ADDRESSES = 260, 200
IN_THE_RACE = 120
WORD = re.compile(r"\bquestion-\d+-of-the-flood\b")
DIGEST_KEYS = "select key from outbox where kind = 'inquiry_digest' order by enqueued_at"


def words(number: int) -> str:
    return f"question-{number}-of-the-flood"


def asked_by(relay: Relay) -> Counter[str]:
    """How often each question reached the mailbox, over all plain texts."""
    bodies = [message.get_body(("plain",)) for message in relay.messages]
    return Counter(word for body in bodies if body for word in WORD.findall(str(body.get_content())))


@pytest.fixture
def relay() -> Relay:
    return Relay()


@pytest.fixture
async def delivery(pool: asyncpg.Pool, database_url: str, relay: Relay) -> AsyncIterator[Delivery]:
    async with listening(relay) as port:
        yield Delivery(pool, settings_for(database_url, port))


@pytest.fixture
def limited_app(pool: asyncpg.Pool, cohort: str, clock: HandSetClock) -> Starlette:
    assert cohort == COHORT_ID
    return create_app(RecordingService(), applicants=ApplicantService(pool, clock), limits=RateLimits())


async def ask(client: httpx.AsyncClient, number: int) -> httpx.Response:
    person = number % ADDRESSES
    return await client.post(
        ASK,
        data={"email": f"person{person}@example.org", "text": words(number)},
        headers={"X-Forwarded-For": f"192.0.2.{person}"},
    )


async def test_260_questions_at_once_come_in_20_emails_and_one_digest(
    limited_app: Starlette, pool: asyncpg.Pool, delivery: Delivery, relay: Relay
) -> None:
    async with served(limited_app) as site, httpx.AsyncClient(base_url=site, timeout=30) as client:
        # The program's clock stands still: for the limits, all of them come at the same moment.
        answers = await asyncio.gather(*(ask(client, number) for number in range(QUESTIONS)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, f"{ASK}/sent")}

    await delivery.deliver()
    assert len(relay.messages) == MOST_EMAILS_AN_HOUR
    (digest,) = [row["key"] for row in await pool.fetch(DIGEST_KEYS)]
    await delivery.forward(digest)
    await delivery.deliver()
    assert set(relay.recipients) == {"chair@example.org"}
    assert len(relay.messages) == MOST_EMAILS_AN_HOUR + 1
    assert relay.messages[-1]["Subject"] == "MILE staff: 240 more questions before applying, mile-2019"
    assert asked_by(relay) == Counter(words(number) for number in range(QUESTIONS))


async def test_question_that_comes_while_a_digest_leaves_is_in_the_next_one(
    cohort: str, pool: asyncpg.Pool, delivery: Delivery, relay: Relay
) -> None:
    async def ask_all(person: int) -> None:
        for number in range(person, IN_THE_RACE, 4):
            inquiry = Inquiry(cohort_id=cohort, email=f"p{number}@example.org", text=words(number))
            await inquiries.save_inquiry(pool, inquiry, OPEN)

    async def let_digests_leave() -> None:
        while True:
            await pool.execute("update outbox set next_attempt_at = now() where state = 'queued'")
            await pool.execute("notify outbox")
            await asyncio.sleep(0.01)

    async with delivery.sending(senders=2):
        impatience = asyncio.create_task(let_digests_leave())
        await asyncio.gather(*(ask_all(person) for person in range(4)))
        await asyncio.sleep(0.05)
        await delivery.settled()
        impatience.cancel()
    assert len(await pool.fetch(DIGEST_KEYS)) > 1
    assert asked_by(relay) == Counter(words(number) for number in range(IN_THE_RACE))


async def test_digest_cannot_be_claimed_while_a_question_enters_it(cohort: str, pool: asyncpg.Pool) -> None:
    for number in range(MOST_EMAILS_AN_HOUR + 1):
        await inquiries.save_inquiry(pool, Inquiry(cohort_id=cohort, email=f"p{number}@example.org", text="?"), OPEN)
    await pool.execute("update outbox set next_attempt_at = now() - interval '1 second'")
    await pool.execute("update outbox set state = 'sent' where kind <> 'inquiry_digest'")
    async with pool.acquire() as asking, asking.transaction():
        await inquiries.save_inquiry(asking, Inquiry(cohort_id=cohort, email="late@example.org", text="?"), OPEN)
        assert await outbox.claim(pool) == []
    [claimed] = await outbox.claim(pool)
    assert claimed
    assert [asked.email for asked in await inquiries.in_digest(pool, claimed.key)] == [
        f"p{MOST_EMAILS_AN_HOUR}@example.org",
        "late@example.org",
    ]


async def test_mailbox_that_asks_again_and_again_leaves_the_emails_to_others(
    cohort: str, pool: asyncpg.Pool, clock: HandSetClock
) -> None:
    service = ApplicantService(pool, clock)
    for number in range(MOST_EMAILS_A_DAY_FROM_MAILBOX + 4):
        asked = Inquiry(cohort_id=cohort, email=f"a.da+{number}@gmail.com", text=words(number))
        await service.send_inquiry(asked)
    await service.send_inquiry(Inquiry(cohort_id=cohort, email="ben@gmail.com", text="May I?"))
    rows = await pool.fetch("select email, digest_key is null as own from inquiry order by id")
    assert [row["own"] for row in rows] == [True] * MOST_EMAILS_A_DAY_FROM_MAILBOX + [False] * 4 + [True]


async def test_digest_that_is_full_is_followed_by_another(
    cohort: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "MOST_CHARACTERS_IN_DIGEST", 3_000)
    for number in range(MOST_EMAILS_AN_HOUR + 12):
        asked = Inquiry(cohort_id=cohort, email=f"p{number}@example.org", text=words(number))
        await inquiries.save_inquiry(pool, asked, OPEN)
    sizes = await pool.fetch("select count(*) from inquiry where digest_key is not null group by digest_key")
    assert sorted(row["count"] for row in sizes) == [2, 5, 5]


@pytest.mark.parametrize("text", ["\n".join(["a"] * 2_000), "\U0001f600" * 4_000], ids=["lines", "four bytes each"])
def test_fullest_digest_stays_below_what_relays_take(text: str) -> None:
    inquiry = Inquiry(cohort_id=COHORT_ID, name="&" * 200, email=f"{'a' * 240}@example.org", text=text)
    order = QueuedEmail(
        key="k", kind=EmailKind.INQUIRY_DIGEST, scope_id=COHORT_ID, to=Recipient.STAFF, at=OPEN, now=OPEN
    )
    rendered = render(inquiry_digest(order, settings(), [inquiry] * 5))
    fullest = inquiries.MOST_CHARACTERS_IN_DIGEST // (len(text) + 600) + 1
    characters = sum(len(part.encode()) for part in (rendered.text, rendered.html)) / 5 * fullest
    # Base64 makes four bytes of three, and a line break after 76.
    assert characters * 4 / 3 * 78 / 76 < 10_240_000
