"""Whatever is posted to the pages for applicants: no page fails, and what was typed is kept or shown."""

import html
from urllib.parse import quote_plus

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.applications.applying import application_questions
from schemas.enums import Side
from schemas.forms.applying import PAGES
from storage import applicants
from tests.web.applicants.people import ABOUT, COHORT_ID, MENTOR, save

NAMES = [question.name for question in application_questions(Side.MENTOR)]
FORM = {"content-type": "application/x-www-form-urlencoded"}
# The database and the pages are the same for every example; each example empties what it needs.
SHARED = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
TYPED = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@SHARED
@given(number=st.integers(1, len(MENTOR)), body=st.binary(max_size=300))
async def test_any_bytes_are_answered_with_a_page(
    client: httpx.AsyncClient, draft_page: str, number: int, body: bytes
) -> None:
    for path in (f"{draft_page}/form/{number}", f"{draft_page}/review", f"/apply/{COHORT_ID}", f"/ask/{COHORT_ID}"):
        for headers in (FORM, {"content-type": "multipart/form-data; boundary=x"}, {}):
            answer = await client.post(path, content=body, headers=headers)
            assert answer.status_code in {303, 422}, answer.status_code


@SHARED
@given(number=st.integers(1, len(MENTOR)), data=st.data())
async def test_any_text_typed_on_a_page_is_kept_word_by_word(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, number: int, data: st.DataObject
) -> None:
    questions = [each for each in PAGES[Side.MENTOR][number - 1].questions if each.kind in {"text", "line", "count"}]
    typed = {each.name: data.draw(TYPED) for each in questions}
    await save(client, draft_page, number, typed)
    kept = (await applicants.applicant(pool, COHORT_ID, "A001")).answers
    shown = (await client.get(f"{draft_page}/form/{number}")).text
    for name, words in typed.items():
        clean = words.replace("\r\n", "\n").replace("\x00", "")
        assert kept.get(name, "") == (clean if clean.strip() else "")
        assert not clean.strip() or html.escape(clean).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in shown
    assert (await client.get(f"{draft_page}/review")).status_code == 200
    assert (await client.post(f"{draft_page}/review")).status_code in {303, 422}


@SHARED
@given(typed=st.dictionaries(st.sampled_from([*NAMES, "go", "email", "text"]), TYPED, max_size=8))
async def test_any_answer_to_any_page_never_touches_the_others(
    client: httpx.AsyncClient, draft_page: str, pool: asyncpg.Pool, typed: dict[str, str]
) -> None:
    await save(client, draft_page, 1, ABOUT)
    for number in range(2, len(MENTOR) + 1):
        body = "&".join(f"{quote_plus(name)}={quote_plus(words)}" for name, words in typed.items())
        answer = await client.post(f"{draft_page}/form/{number}", content=body.encode(), headers=FORM)
        assert answer.status_code in {303, 422}
    kept = (await applicants.applicant(pool, COHORT_ID, "A001")).answers
    assert {name: kept.get(name) for name in ABOUT} == ABOUT


@SHARED
@given(name=TYPED, email=TYPED, words=TYPED)
async def test_any_question_is_taken_or_comes_back_as_it_was_typed(
    client: httpx.AsyncClient, pool: asyncpg.Pool, name: str, email: str, words: str
) -> None:
    before = await pool.fetchval("select count(*) from inquiry")
    answer = await client.post(f"/ask/{COHORT_ID}", data={"name": name, "email": email, "text": words})
    taken = await pool.fetchval("select count(*) from inquiry") - before
    assert (answer.status_code, taken) in {(303, 1), (422, 0)}


async def test_too_much_text_is_said_to_be_so_and_a_long_one_is_kept(
    client: httpx.AsyncClient, draft_page: str
) -> None:
    assert (await client.post(f"{draft_page}/form/3", data={"about": "x" * 600_000, "go": "on"})).status_code == 413
    long = "word " * 2_000
    await save(client, draft_page, 3, {"about": long})
    assert long in (await client.get(f"{draft_page}/form/3")).text
    assert (
        "This has 9,999 characters. Please shorten it to 2,000 or fewer."
        in (await client.get(f"{draft_page}/review")).text
    )


@pytest.mark.parametrize("words", ["a\x07b", "line\x0bbreak", "\x9bcontrol"])
async def test_what_nobody_can_see_is_named_and_never_becomes_an_application(
    client: httpx.AsyncClient, draft_page: str, words: str
) -> None:
    for number, typed in enumerate(MENTOR, start=1):
        await save(client, draft_page, number, typed)
    await save(client, draft_page, 3, {"about": words})
    refused = await client.post(f"{draft_page}/review")
    assert refused.status_code == 422
    assert "We can’t show some of these characters." in refused.text
    await save(client, draft_page, 3, {"about": "Plain"})
    await save(client, draft_page, 1, ABOUT | {"name": words})
    assert (await client.post(f"{draft_page}/review")).status_code == 422
