"""The outbox on pages: what leaves and what does not, steps with one email and with all of a kind, how one reads."""

import re
from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from emails.writer import EmailWriter
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient, StaffReason
from schemas.ids import email_key
from schemas.mentorship.state import Ask
from storage import outbox
from tests.emails.relay import settings_for
from tests.web.staff.conftest import COORDINATOR, OTHER_CHAIR, SITE, SignIn
from tests.web.staff.conftest import Ask as AskForLink
from tests.web.staff.pages import preview, take, words
from tests.web.staff.test_many_pairs import MOST, listen
from web.staff.emails.addresses import email_part

EMAILS = "/staff/classes/mile-2019/emails"
PAIR = "mile-2019-001"
NOW = datetime(2019, 6, 10, 13, tzinfo=UTC)


def email(kind: EmailKind, to: Recipient = Recipient.MENTOR, scope: str = PAIR, **more: object) -> QueuedEmail:
    return QueuedEmail.model_validate(
        {
            "key": email_key(scope, kind, "test", to),
            "kind": kind,
            "scope_id": scope,
            "to": to,
            "at": NOW,
            "now": NOW,
            "asks": (Ask(milestone=kind),) if kind is EmailKind.AGREEMENT else (),
            **more,
        }
    )


WELCOME, TO_MENTEE = email(EmailKind.WELCOME), email(EmailKind.WELCOME, Recipient.MENTEE)
AGREEMENT = email(EmailKind.AGREEMENT)
NOTE = email(EmailKind.STAFF_NOTE, Recipient.STAFF, reason=StaffReason.CALL_REQUESTED, about="mentee")


@pytest.fixture
async def queued(client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool) -> None:
    """Four emails that wait, and a coordinator who has signed in before them."""
    await sign_in(client, COORDINATOR)
    await outbox.enqueue(pool, WELCOME, TO_MENTEE, AGREEMENT, NOTE)


@pytest.fixture
def writer(pool: asyncpg.Pool, database_url: str) -> EmailWriter:
    return EmailWriter(pool, settings_for(database_url, 1))


def page_of(one: QueuedEmail) -> str:
    return f"{EMAILS}/one/{email_part(one.key)}"


async def states(pool: asyncpg.Pool) -> dict[str, str]:
    """Return the states of the four emails by kind and recipient."""
    rows = await pool.fetch("select kind, recipient, state from outbox where kind <> 'sign_in'")
    return {f"{row['kind']} {row['recipient']}": row["state"] for row in rows}


@pytest.mark.usefixtures("queued")
async def test_emails_are_listed_by_state_and_kind_with_the_names_of_people(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    await pool.execute("update outbox set state = 'dead', failure = '554' where key = $1", AGREEMENT.key)

    async def listed(**asked: str) -> list[tuple[str, ...]]:
        page = await client.get(EMAILS, params=asked)
        found = re.finditer(r'<th scope="row">([^<]+)</th><td><a href="[^"]+">([^<]+)</a>', page.text)
        return [match.groups() for match in found]

    everything = {("Person M", "Welcome"), ("Person P", "Welcome"), ("Person M", "Agreement")}
    assert set(await listed()) >= everything
    assert await listed(state="dead") == [("Person M", "Agreement")]
    assert set(await listed(kind="welcome")) == {("Person M", "Welcome"), ("Person P", "Welcome")}
    assert await listed(kind="welcome", state="dead") == []
    await outbox.enqueue(pool, email(EmailKind.WELCOME, scope="mile-2019"))
    assert len(await listed()) == 5
    assert len(await listed(mentorship=PAIR)) == 4
    assert "Dead 1" in words(await client.get(EMAILS))


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("hold", "queued", "held"),
        ("release", "held", "queued"),
        ("retry", "dead", "queued"),
        ("drop", "dead", "dropped"),
    ],
)
async def test_step_with_one_email_is_taken_with_a_note_and_offered_only_where_it_can_be(
    client: httpx.AsyncClient, pool: asyncpg.Pool, step: str, before: str, after: str
) -> None:
    await pool.execute("update outbox set state = $1 where key = $2", before, WELCOME.key)
    assert f'href="{page_of(WELCOME)}/{step}"' in (await client.get(page_of(WELCOME))).text
    await take(client, f"{page_of(WELCOME)}/{step}", "the relay is mended")
    assert (await states(pool))["welcome mentor"] == after
    assert (await states(pool))["welcome mentee"] == "queued"
    note = await pool.fetchval("select details ->> 'note' from audit_event")
    assert note == "the relay is mended"
    assert (f'href="{page_of(WELCOME)}/{step}"' in (await client.get(page_of(WELCOME))).text) == (step == "retry")


@pytest.mark.usefixtures("queued")
async def test_step_without_a_note_changes_nothing(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    await client.post(f"{page_of(WELCOME)}/hold", data={"step-action": "confirm"})
    assert set((await states(pool)).values()) == {"queued"}


@pytest.mark.usefixtures("queued")
async def test_all_emails_of_a_kind_are_held_and_released_together(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    page = await preview(client, f"{EMAILS}/hold-all", kind="welcome")
    assert "2 emails “welcome” wait until you release them." in words(page)
    await take(client, f"{EMAILS}/hold-all", "wrong date", kind="welcome")
    held = {
        "welcome mentor": "held",
        "welcome mentee": "held",
        "agreement mentor": "queued",
        "staff_note staff": "queued",
    }
    assert await states(pool) == held
    await take(client, f"{EMAILS}/release-all", "it is right now", kind="welcome")
    assert set((await states(pool)).values()) == {"queued"}
    actions = await pool.fetch("select action, details ->> 'emails' from audit_event order by id")
    assert [tuple(event) for event in actions] == [("emails_held", "2"), ("emails_released", "2")]


@pytest.mark.parametrize(
    ("note", "heading"),
    [
        (NOTE, "Person M and Person P"),
        (NOTE.model_copy(update={"scope_id": "mile-2019", "reason": StaffReason.REPORT_READY}), "2019 Mentorship"),
    ],
)
async def test_note_to_staff_leads_to_the_page_of_what_it_is_about(
    client: httpx.AsyncClient, sign_in: SignIn, writer: EmailWriter, note: QueuedEmail, heading: str
) -> None:
    written = await writer.write(note)
    assert written
    (path,) = re.findall(rf"{SITE}(/\S+)", written.rendered.text)
    await sign_in(client, COORDINATOR)
    page = await client.get(path)
    assert page.status_code == 200
    assert heading in "".join(re.findall("<h1>.*?</h1>", page.text))


@pytest.mark.usefixtures("queued")
async def test_email_reads_as_it_was_sent_without_words_or_links_and_leaves_nothing_behind(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    page = await client.get(page_of(WELCOME))
    read = words(page)
    assert "Please contact your mentee, Person P" in read
    assert "This is written anew" in read
    # What the mentee wrote, and the links by which somebody could act in the mentor's name.
    assert "A secret goal" not in page.text
    assert "[Words that only the two of them may read]" in read
    assert re.findall(r"/[ruap]/[a-z2-7]{26}", page.text) == []
    assert "href=&#34;" not in page.text
    tables = ("link", "reminder_link", "personal_link")
    assert [await pool.fetchval(f"select count(*) from {table}") for table in tables] == [0, 0, 0]  # noqa: S608
    assert "sandbox srcdoc" in page.text


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize(
    ("change", "needs_you"),
    [
        ("state = 'dead', failure = '554'", True),
        ("failing_since = now() - interval '2 hours', failure = '450'", True),
        ("failing_since = now() - interval '10 minutes'", False),
        ("state = 'dead', cohort_id = 'mile-2021'", False),
    ],
    ids=["given up", "failing for hours", "failing for minutes", "of another class"],
)
async def test_stuck_email_of_this_class_is_on_top(
    client: httpx.AsyncClient, pool: asyncpg.Pool, change: str, needs_you: bool
) -> None:
    await pool.execute(f"update outbox set {change} where key = $1", AGREEMENT.key)  # noqa: S608 - ours
    page = words(await client.get(EMAILS))
    assert ("Emails that need you" in page) == needs_you
    assert ("Agreement to mentor : " in page) == needs_you


@pytest.mark.usefixtures("queued")
async def test_page_of_a_mentorship_leads_to_its_emails(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/staff/mentorships/{PAIR}")).text
    assert f'href="{page_of(WELCOME)}"' in page


@pytest.mark.usefixtures("queued")
@pytest.mark.parametrize("one", [WELCOME, AGREEMENT, NOTE], ids=lambda one: one.kind)
async def test_page_of_an_email_asks_little(client: httpx.AsyncClient, pool: asyncpg.Pool, one: QueuedEmail) -> None:
    asked = await listen(pool)
    assert "We can’t show it." not in words(await client.get(page_of(one)))
    assert len(asked) <= MOST, asked


async def test_email_of_another_class_is_not_there(
    client: httpx.AsyncClient, sign_in: SignIn, pool: asyncpg.Pool
) -> None:
    await sign_in(client, OTHER_CHAIR)
    await outbox.enqueue(pool, WELCOME)
    elsewhere = page_of(WELCOME).replace("mile-2019", "mile-2021")
    for path in (elsewhere, f"{elsewhere}/hold"):
        answer = await client.get(path)
        assert answer.status_code == 409
        assert "This class has no such email." in words(answer)
        assert "Person" not in answer.text
    assert (await client.get(page_of(WELCOME))).status_code == 404


async def test_link_that_signs_somebody_in_is_never_shown(
    client: httpx.AsyncClient, ask_for_link: AskForLink, pool: asyncpg.Pool
) -> None:
    await client.post(str(await ask_for_link(client, COORDINATOR)))
    key = await pool.fetchval("select key from outbox where kind = 'sign_in'")
    page = await client.get(f"{EMAILS}/one/{email_part(key)}")
    assert "We can’t show it." in words(page)
    assert "/staff/sign-in/" not in page.text
