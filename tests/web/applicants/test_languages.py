"""The language of an applicant: asked for by the browser, chosen on the first page, and kept with the application."""

import re

import asyncpg
import httpx
import pytest

from schemas.cohort.settings import CohortSettings
from schemas.enums import Language
from storage import applicants, cohorts
from tests.web.applicants.people import ABOUT, COHORT_ID, MENTOR, OPEN, SETTINGS, link, save

APPLY = f"/apply/{COHORT_ID}"
BOTH = CohortSettings.model_validate(SETTINGS | {"languages": ["en", "es"]})
SPANISH = {"accept-language": "fr-CH, es-MX;q=0.9, en;q=0.5"}
ENGLISH = {"accept-language": "en-US,en;q=0.9"}


@pytest.fixture
async def offered(pool: asyncpg.Pool, cohort: str) -> None:
    """The class offers both languages."""
    assert cohort == BOTH.id
    await cohorts.save_settings(pool, BOTH, OPEN)


def language_of(page: httpx.Response) -> str:
    found = re.search(r'<html lang="(\w+)"', page.text)
    assert found
    return found[1]


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        (APPLY, "", "en"),
        (APPLY, "fr-CH, es-MX;q=0.9, en;q=0.5", "es"),
        (APPLY, "en-GB;q=0.8, es;q=0.2", "en"),
        (APPLY, "es;q=0, en;q=0.1", "en"),
        (APPLY, "de, *;q=0.5", "en"),
        (APPLY, "é;q=x,;;,es", "es"),
        (f"{APPLY}?language=en", "es", "en"),
        (f"{APPLY}?language=xx", "es", "es"),
        (f"/ask/{COHORT_ID}", "es", "es"),
        (f"/handbook/{COHORT_ID}/mentor", "es", "es"),
        ("/", "es", "es"),
    ],
)
async def test_public_page_is_in_the_language_that_is_asked_for(
    client: httpx.AsyncClient, address: str, accepted: str, language: str
) -> None:
    page = await client.get(address, headers={b"accept-language": accepted.encode("latin-1")})
    assert language_of(page) == language
    offered = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang="(\w+)"', page.text)
    path = address.partition("?")[0]
    assert offered == [(f"{path}?language=en", "en"), (f"{path}?language=es", "es")]


async def test_class_with_one_language_asks_for_none_and_has_no_links(client: httpx.AsyncClient) -> None:
    page = await client.get(APPLY, headers=SPANISH)
    assert language_of(page) == "en"
    assert "hreflang" not in page.text
    assert 'name="language"' not in page.text


@pytest.mark.usefixtures("offered")
async def test_language_chosen_on_the_first_page_is_kept_with_the_application(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    page = await client.get(APPLY, headers=SPANISH)
    assert re.search(r'value="es"[^>]* checked', page.text)
    sent = await client.post(APPLY, data={"email": "solveig@example.org", "language": "es"}, headers=ENGLISH)
    assert sent.headers["location"] == f"{APPLY}/sent?language=es"
    assert language_of(await client.get(sent.headers["location"], headers=ENGLISH)) == "es"
    begun = await applicants.applicant(pool, COHORT_ID, "A001")
    assert (begun.language, begun.continued) == (Language.SPANISH, False)

    mine = await link(pool, "A001")
    # The language is no answer, so that the way to the first page is still shown.
    assert f'href="{mine}/form/1"' in (await client.get(mine)).text
    first = await client.get(f"{mine}/form/1", headers=ENGLISH)
    assert language_of(first) == "es"
    assert re.search(r'value="es"[^>]* checked', first.text)
    await save(client, mine, 1, ABOUT | {"language": "es"})
    for number, answers in enumerate(MENTOR[1:], start=2):
        await save(client, mine, number, answers)
    await client.post(f"{mine}/review")
    assert await _kept(pool) == ("es", False)

    # A change of the language alone is nothing to submit.
    await save(client, mine, 1, ABOUT | {"language": "en"})
    assert await _kept(pool) == ("en", False)
    changed = await applicants.applicant(pool, COHORT_ID, "A001")
    assert (changed.language, changed.changed) == (Language.ENGLISH, False)
    assert language_of(await client.get(mine, headers=SPANISH)) == "en"


@pytest.mark.usefixtures("offered")
async def test_address_that_is_typed_again_keeps_the_language_of_its_owner(
    client: httpx.AsyncClient, pool: asyncpg.Pool
) -> None:
    for language in ("es", "en"):
        await client.post(APPLY, data={"email": "solveig@example.org", "language": language})
    assert (await applicants.applicant(pool, COHORT_ID, "A001")).language is Language.SPANISH


@pytest.mark.usefixtures("offered")
async def test_page_that_belongs_to_no_class_is_english_whatever_was_read_before(client: httpx.AsyncClient) -> None:
    assert language_of(await client.get(APPLY, headers=SPANISH)) == "es"
    assert language_of(await client.get("/nowhere", headers=SPANISH)) == "en"


async def _kept(pool: asyncpg.Pool) -> tuple[str, bool]:
    row = await pool.fetchrow(
        "select language, answers ? 'language' as answered from application where person_id = 'A001'"
    )
    assert row is not None
    return row["language"], row["answered"]
