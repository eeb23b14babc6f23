"""The wording of emails on pages: drafted, looked at, tried on oneself, used by a yes, and taken back."""

import re

import asyncpg
import httpx
import pytest

from tests.web.staff.conftest import CHAIR, COORDINATOR, SignIn
from tests.web.staff.emails.test_messages import delivered
from tests.web.staff.pages import preview, say_yes, take, words

WORDING = "/staff/classes/mile-2019/emails/wording"
AGREED = f"{WORDING}/agreed"
TYPED = {
    "subject": "you two agree",
    "opening": "**Well done!** You and {partner} agree.",
    "more": "We’ll email you both before each meeting.",
}


async def draft(client: httpx.AsyncClient, **more: str) -> str:
    """Save a draft and return its address."""
    saved = await client.post(f"{AGREED}/edit", data=TYPED | more)
    assert saved.status_code == 303, saved.text
    return str(saved.headers["location"])


@pytest.fixture
async def signed_in(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in(client, COORDINATOR)


@pytest.mark.usefixtures("signed_in")
async def test_draft_is_used_by_a_yes_with_a_note_and_taken_back(
    client: httpx.AsyncClient, pool: asyncpg.Pool, sign_in: SignIn
) -> None:
    form = await client.get(f"{AGREED}/edit")
    assert "You and {partner} have both signed off" in form.text
    in_which, two = "Write in the first language that the class offers.", '["en", "es"]'
    assert in_which not in form.text
    await pool.execute("update cohort set settings = jsonb_set(settings, '{languages}', $1)", two)
    assert in_which in (await client.get(f"{AGREED}/edit")).text
    path = await draft(client)
    page = await client.get(path)
    assert "draft: no one gets these words yet" in words(page)
    assert "Well done! You and Ingeborg Tamarack agree." in words(page)
    assert "The standard wording." in words(await client.get(AGREED))
    looked = await preview(client, f"{path}/use")
    assert "Subject: “your agreement is final” becomes “you two agree”" in words(looked)
    done = await say_yes(client, f"{path}/use", looked, "as the committee wished")
    assert "From now on the email “agreed” has these words." in words(done)
    assert f"Your own wording, by {COORDINATOR}." in words(done)
    assert re.search(rf"Agreed your own {COORDINATOR}", words(await client.get(WORDING)))
    assert (await client.get(f"{path}/use")).status_code == 409
    await sign_in(client, CHAIR)
    assert "has the standard wording" in words(await take(client, f"{AGREED}/standard"))
    assert (await client.get(f"{AGREED}/standard")).status_code == 409
    await take(client, f"{path}/use")
    events = await pool.fetch(
        "select actor, action, details ->> 'note', details ->> 'standard' from audit_event order by id"
    )
    assert [tuple(event) for event in events] == [
        (f"staff:{COORDINATOR}", "wording_used", "as the committee wished", None),
        (f"staff:{CHAIR}", "wording_used", None, "true"),
        (f"staff:{CHAIR}", "wording_used", None, None),
    ]


@pytest.mark.usefixtures("signed_in")
async def test_test_goes_to_whoever_asks_alone_in_the_words_of_the_version(
    client: httpx.AsyncClient, pool: asyncpg.Pool, database_url: str
) -> None:
    path = await draft(client)
    await take(client, f"{path}/test", sample="agreed")
    relay = await delivered(pool, database_url)
    (message,) = relay.messages
    assert message["To"] == f"Team <{COORDINATOR}>"
    assert message["Subject"] == "MILE mentorship: you two agree"
    assert "This is a test. No one else got it." in relay.text()
    assert "Well done! You and Ingeborg Tamarack agree." in relay.text()
    assert await pool.fetchval("select used_since from email_wording") is None


@pytest.mark.usefixtures("signed_in")
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"opening": "You and {salary} agree."}, "There is no {salary} here."),
        ({"opening": ""}, "Please"),
        ({"subject": "x" * 50}, "60 fit."),
    ],
)
async def test_words_with_a_fault_are_not_saved_and_none_is_lost(
    client: httpx.AsyncClient, pool: asyncpg.Pool, typed: dict[str, str], says: str
) -> None:
    answer = await client.post(f"{AGREED}/edit", data=TYPED | {"more": "Typed with care."} | typed)
    assert answer.status_code == 422
    assert says in words(answer)
    assert "Typed with care.</textarea>" in answer.text
    assert await pool.fetchval("select count(*) from email_wording") == 0


@pytest.mark.usefixtures("signed_in")
async def test_what_there_is_none_of_is_said(client: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    number = (await draft(client)).rpartition("/")[2]
    for path in ("staff_digest", "nothing", "agreed/versions/999", f"check_in/versions/{number}"):
        assert (await client.get(f"{WORDING}/{path}")).status_code == 409, path
    standard = re.findall(r'value="([^"]*)"|<textarea[^>]*>([^<]*)', (await client.get(f"{AGREED}/edit")).text)
    subject, opening, more = (one or other for one, other in standard if one or other)
    # Anew, as the edit form stands: nothing is changed by it.
    unchanged = await client.post(f"{AGREED}/edit", data={"subject": subject, "opening": opening, "more": more})
    assert unchanged.status_code == 409
    await pool.execute("update email_wording set cohort_id = 'mile-2021'")
    assert (await client.get(f"{AGREED}/versions/{number}/use")).status_code == 409
