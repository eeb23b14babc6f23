"""Anybody can type an address: it holds nobody up until its owner goes on with the link that was sent there."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import write_people
from domain.applications.import_comparison import EXTRA_COLUMNS
from schemas.applications.imports import ImportResult, StoredApplication
from schemas.applications.people import MentorApplication
from schemas.cohort.settings import ApplicationWindow, CohortSettings
from schemas.enums import Side
from schemas.errors import Refusal
from storage import applicants, application_review, applying, campaigns, cohorts, imports, personal_links
from storage.database import queries
from tests.locks import until_held_up
from tests.storage.conftest import mentor

BEGUN = datetime(2019, 3, 1, 15, tzinfo=UTC)
NOW = BEGUN + timedelta(hours=1)
TYPED = "m9@example.org"
COMING = mentor(9)
WENT_ON = "is the address of A001, who has begun to apply here; import them under that id"
WINDOW = ApplicationWindow(opens_on=date(2019, 2, 1), closes_on=date(2019, 3, 31))


@pytest.fixture
async def typed(pool: asyncpg.Pool, cohort: str, settings: CohortSettings) -> str:
    """The id of a cohort to which somebody began to apply with an address, as A001; the link has left."""
    await cohorts.save_settings(pool, settings.model_copy(update={"applications": WINDOW}), BEGUN)
    await applying.begin(pool, cohort, TYPED, BEGUN)
    await personal_links.ensure(pool, cohort, "A001", b"A001")
    return cohort


async def bring(pool: asyncpg.Pool, *people: MentorApplication, dry_run: bool = False) -> ImportResult:
    file = write_people(Side.MENTOR, [StoredApplication(side=Side.MENTOR, person=person) for person in people])
    sheets = {Side.MENTOR: parse_file(MentorApplication, "mentors.csv", file, beside=EXTRA_COLUMNS)}
    return (await imports.import_people(pool, "mile-2019", sheets, now=NOW, dry_run=dry_run))[0]


async def go_on(pool: asyncpg.Pool, page: dict[str, str], now: datetime = NOW) -> None:
    await applying.save_page(pool, "mile-2019", "A001", page, now)


async def links_asked_for(pool: asyncpg.Pool) -> list[str]:
    rows = await pool.fetch("select scope_id from outbox where kind = 'application_link' order by requested_at, key")
    return [row["scope_id"].partition("/")[2] for row in rows]


async def test_who_is_imported_with_it_gets_it_and_a_new_link(pool: asyncpg.Pool, typed: str) -> None:
    tried = await bring(pool, COMING, dry_run=True)
    assert (tried.added, tried.closed, tried.refused) == (("M09",), ("A001",), ())
    assert await personal_links.owner(pool, b"A001") == (typed, "A001")
    assert await bring(pool, COMING) == tried.model_copy(update={"saved": True})
    assert await personal_links.owner(pool, b"A001") is None
    assert await links_asked_for(pool) == ["A001", "M09"]
    assert [line.id for line in await application_review.application_rows(pool, typed)][:4] == [
        "M01",
        "M02",
        "M03",
        "M09",
    ]
    assert "A001" not in {line.id for line in await application_review.application_rows(pool, typed)}
    assert await campaigns.unfinished_drafts(pool, typed) == ()


async def test_whoever_types_it_afterwards_is_sent_the_link_of_who_was_imported(pool: asyncpg.Pool, typed: str) -> None:
    await bring(pool, COMING)
    await pool.execute("update outbox set state = 'sent'")
    await applying.begin(pool, typed, TYPED, NOW + timedelta(hours=1))
    await applying.begin(pool, typed, "another@example.org", NOW)
    assert sorted(await links_asked_for(pool)) == ["A001", "A002", "M09", "M09"]


@pytest.mark.parametrize("pages", [[{"name": "Ása"}], [{"name": "Ása"}, {"name": ""}]], ids=["written", "emptied"])
async def test_who_continued_keeps_it_and_the_import_is_refused_with_what_to_do(
    pool: asyncpg.Pool, typed: str, pages: list[dict[str, str]]
) -> None:
    for page in pages:
        await go_on(pool, page)
    for dry_run in (True, False):
        (row,) = (await bring(pool, COMING, dry_run=dry_run)).refused
        assert (row.column, row.why) == ("email", WENT_ON)
    assert await personal_links.owner(pool, b"A001") == (typed, "A001")
    assert (await bring(pool, COMING.model_copy(update={"id": "A001"}))).added == ("A001",)


async def test_imported_under_the_id_it_was_begun_with_the_link_stays(pool: asyncpg.Pool, typed: str) -> None:
    imported = await bring(pool, COMING.model_copy(update={"id": "A001"}))
    assert (imported.added, imported.closed) == (("A001",), ())
    assert await personal_links.owner(pool, b"A001") == (typed, "A001")


async def test_who_is_in_the_cohort_already_may_move_to_it(pool: asyncpg.Pool, typed: str) -> None:
    await pool.execute("insert into draft select $1, 'M01', 'mentor', 'm1@example.org', '{}', $2, $2", typed, BEGUN)
    imported = await bring(pool, mentor(1, email=TYPED))
    assert ([change.id for change in imported.changed], imported.closed) == (["M01"], ("A001",))
    assert await pool.fetchval("select email from draft where person_id = 'M01'") == TYPED


async def test_id_of_what_was_closed_is_nobodys_any_more(pool: asyncpg.Pool, typed: str) -> None:
    await bring(pool, COMING)
    for email in ("new@example.org", TYPED):
        (row, *_) = (await bring(pool, mentor(9, id="A001", email=email))).refused
        assert (row.column, row.why) == ("id", "belongs to someone who has started to apply; choose another id")
    assert (await bring(pool, mentor(9, email="new@example.org"), mentor(8, email=TYPED))).closed == ()


async def test_page_saved_after_the_import_is_refused(pool: asyncpg.Pool, typed: str) -> None:
    async with pool.acquire() as staff:
        async with staff.transaction():
            await staff.execute("select from cohort for no key update")
            page = asyncio.create_task(go_on(pool, {"name": "Ása"}))
            await until_held_up(pool, page)
            await queries.close_drafts(staff, cohort_id=typed, person_ids=["A001"], now=NOW)
        with pytest.raises(Refusal, match=applying.CLOSED_FOR_CHANGES):
            await page
    with pytest.raises(Refusal, match=applying.CLOSED_FOR_CHANGES):
        await applying.submit(pool, typed, "A001", lambda: NOW)
    assert (await applicants.applicant(pool, typed, "A001")).answers == {}


async def test_page_saved_before_the_import_counts(pool: asyncpg.Pool, typed: str) -> None:
    async with pool.acquire() as owner:
        async with owner.transaction():
            await queries.lock_settings(owner, cohort_id=typed)
            imported = asyncio.create_task(bring(pool, COMING))
            await until_held_up(pool, imported)
            await owner.execute('update draft set answers = \'{"name": "Ása"}\'')
        assert [row.why for row in (await imported).refused] == [WENT_ON]
