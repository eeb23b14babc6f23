"""An import saves all of it or nothing, once; links of a mailbox somebody left lead nowhere."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from domain.applications.applying import typed_answers
from domain.applications.csv.parsing import parse_file
from domain.applications.csv.writing import person_cells, write_people, write_rows
from domain.applications.import_comparison import EXTRA_COLUMNS
from domain.applications.review import waive_rules
from schemas.applications.imports import Applied, ImportResult, StoredApplication, side_of
from schemas.applications.people import MenteeApplication, MentorApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.errors import BadInput, UnknownCohort
from schemas.matching.results import MatchResult
from schemas.mentorship.contact import ParticipantContact
from schemas.mentorship.my_mentorship import ParticipantDetails
from storage import (
    application_review,
    applying,
    calendar_feeds,
    calendar_subscriptions,
    cohorts,
    contacts,
    imports,
    mentorships,
    personal_links,
)
from tests.locks import until_held_up

NOW = datetime(2019, 3, 1, 15, tzinfo=UTC)
Mentors = tuple[MentorApplication, ...]
Mentees = tuple[MenteeApplication, ...]


def _file(*people: Applied) -> bytes:
    return write_people(
        side_of(people[0]), [StoredApplication(side=side_of(person), person=person) for person in people]
    )


def _sheets(*files: bytes) -> dict[Side, Any]:
    read: dict[Side, Any] = {}
    schemas: tuple[Any, ...] = (MentorApplication, MenteeApplication)
    for side, schema, file in zip(Side, schemas, files, strict=False):
        if file or len(files) == 1:
            read[side] = parse_file(schema, f"{side}s.csv", file, beside=EXTRA_COLUMNS)
    return read


async def _import(pool: asyncpg.Pool, *files: bytes, cohort: str = "mile-2019", **options: bool) -> ImportResult:
    return (await imports.import_people(pool, cohort, _sheets(*files), now=NOW, **options))[0]


async def _rows(pool: asyncpg.Pool) -> list[asyncpg.Record]:
    return await pool.fetch("select *, xmin from application order by cohort_id, person_id")


async def _address(pool: asyncpg.Pool, person: str, table: str = "application") -> str:
    return str(await pool.fetchval(f"select email from {table} where person_id = $1", person))  # noqa: S608


@pytest.mark.usefixtures("cohort")
async def test_an_export_imported_again_touches_no_row(pool: asyncpg.Pool) -> None:
    before = await _rows(pool)
    stored = await imports.stored_applications(pool, "mile-2019")
    files = [write_people(side, [person for person in stored if person.side is side]) for side in Side]
    imported = await _import(pool, *files)
    assert len(imported.unchanged) == 6
    assert (imported.added, imported.changed, imported.absent) == ((), (), ())
    assert await _rows(pool) == before


@pytest.mark.usefixtures("cohort")
async def test_a_changed_file_changes_only_what_changed(pool: asyncpg.Pool, mentors: Mentors) -> None:
    before = {row["person_id"]: row["xmin"] for row in await _rows(pool)}
    new = mentors[0].model_copy(update={"id": "M09", "email": "m9@example.org"})
    changed = mentors[1].model_copy(update={"town": "Cook"})
    imported = await _import(pool, _file(mentors[0], changed, new))
    assert (imported.added, imported.absent) == (("M09",), ("M03",))
    assert [(person.id, person.columns) for person in imported.changed] == [("M02", ("town",))]
    after = {row["person_id"]: row["xmin"] for row in await _rows(pool)}
    assert {id_ for id_ in after if after[id_] != before.get(id_)} == {"M02", "M09"}
    assert {person.id: person.town for person in await cohorts.mentors(pool, "mile-2019")}["M02"] == "Cook"
    assert (await _import(pool, _file(mentors[0], changed, new))).changed == ()


@pytest.mark.usefixtures("cohort")
async def test_a_dry_run_says_the_same_and_saves_nothing(pool: asyncpg.Pool, mentors: Mentors) -> None:
    before = await _rows(pool)
    file = _file(mentors[1].model_copy(update={"email": "elsewhere@example.org"}))
    tried = await _import(pool, file, dry_run=True)
    assert await _rows(pool) == before
    assert not tried.saved
    done = await _import(pool, file)
    assert done == tried.model_copy(update={"saved": True})


def _thousand() -> tuple[list[str], list[dict[str, str]]]:
    rows = [
        {
            "id": f"P{number:04}",
            "name": f"Person {number}",
            "email": f"person.{number}@example.org",
            "library": f"Library {number % 90}",
            "library_type": "public",
            "town": "Ely",
            "role": "Clerk",
            "years": str(number % 40),
            "goal_1": f"=Goal {number}",
        }
        for number in range(1, 1001)
    ]
    return list(rows[0]), rows


def _written(columns: list[str], rows: list[dict[str, str]]) -> bytes:
    return write_rows(columns, [[row[column] for column in columns] for row in rows])


@pytest.mark.usefixtures("cohort")
async def test_one_bad_row_of_a_thousand_is_named_and_none_imported_unless_bad_rows_are_skipped(
    pool: asyncpg.Pool,
) -> None:
    columns, rows = _thousand()
    rows[699]["email"] = "nobody"
    file = b"", _written(columns, rows)
    before = await _rows(pool)
    refused = await _import(pool, *file)
    assert [(row.file, row.row, row.column, row.value) for row in refused.refused] == [
        ("mentees.csv", 701, "email", "nobody")
    ]
    assert not refused.saved
    assert await _rows(pool) == before
    imported = await _import(pool, *file, skip_bad_rows=True)
    assert len(imported.added) == 999
    assert imported.refused == refused.refused
    assert len(await _rows(pool)) == len(before) + 999
    rows[699]["email"] = "person.700@example.org"
    corrected = await _import(pool, b"", _written(columns, rows))
    assert (corrected.added, len(corrected.unchanged)) == (("P0700",), 999)


@pytest.mark.usefixtures("cohort")
async def test_a_torn_file_is_refused_even_where_bad_rows_are_skipped(pool: asyncpg.Pool, mentors: Mentors) -> None:
    torn = _file(mentors[0].model_copy(update={"town": "Cook"}), mentors[1]) + b'M09,"torn\r\nand more'
    before = await _rows(pool)
    with pytest.raises(BadInput, match="quotation mark"):
        await _import(pool, torn, skip_bad_rows=True)
    assert await _rows(pool) == before


async def test_nothing_is_imported_into_a_cohort_that_is_not_there(pool: asyncpg.Pool, mentors: Mentors) -> None:
    with pytest.raises(UnknownCohort):
        await _import(pool, _file(mentors[0]))


@pytest.mark.usefixtures("cohort")
async def test_addresses_may_go_round(pool: asyncpg.Pool, mentors: Mentors) -> None:
    addresses = [mentors[1].email, mentors[2].email, mentors[0].email]
    moved = [person.model_copy(update={"email": to}) for person, to in zip(mentors, addresses, strict=True)]
    assert len((await _import(pool, _file(*moved))).changed) == 3
    assert [await _address(pool, person.id) for person in mentors] == addresses


@pytest.mark.usefixtures("pairs")
async def test_links_to_a_former_address_are_revoked_and_others_are_not(pool: asyncpg.Pool, mentees: Mentees) -> None:
    for person in mentees:
        await personal_links.ensure(pool, "mile-2019", person.id, person.id.encode())
        await calendar_feeds.replace(pool, "mile-2019", person.id, f"feed of {person.id}".encode(), NOW)
        await calendar_subscriptions.save(pool, "mile-2019", person.id, b"sealed", NOW)
    # Capital letters lead to no other mailbox.
    renamed = mentees[1].model_copy(update={"name": "Another Name", "email": mentees[1].email.upper()})
    moved = mentees[0].model_copy(update={"email": "elsewhere@example.org"})
    tried = await _import(pool, b"", _file(moved, renamed), dry_run=True)
    imported = await _import(pool, b"", _file(moved, renamed))
    assert imported == tried.model_copy(update={"saved": True})
    assert imported.links_revoked == ("P01",)
    assert [(person.mentorship, person.side) for person in imported.write_again] == [("mile-2019-001", Side.MENTEE)]
    assert await personal_links.owner(pool, b"P01") is None
    assert await personal_links.owner(pool, b"P02") == ("mile-2019", "P02")
    feeds = [await calendar_feeds.has_feed(pool, "mile-2019", person.id) for person in mentees[:2]]
    read = [await calendar_subscriptions.subscription(pool, "mile-2019", person.id) for person in mentees[:2]]
    assert (feeds, [one is not None for one in read]) == ([False, True], [False, True])
    emails = await pool.fetch("select scope_id, kind, state from outbox")
    assert [tuple(row) for row in emails] == [("mile-2019/P01", "application_link", "queued")]
    assert (await mentorships.partners(pool, "mile-2019-001")).mentee.email == "elsewhere@example.org"
    assert await _address(pool, "P02") == "P2@example.org"


@pytest.mark.usefixtures("cohort")
async def test_what_somebody_typed_follows_an_import_and_the_rest_of_it_stays(
    pool: asyncpg.Pool, mentees: Mentees
) -> None:
    typed = typed_answers(mentees[0]) | {"hopes": "Not submitted yet"}
    await pool.execute(
        "insert into draft (cohort_id, person_id, side, email, answers, began_at, saved_at) "
        "values ('mile-2019', 'P01', 'mentee', $1, $2, $3, $3)",
        mentees[0].email,
        json.dumps(typed),
        NOW,
    )
    await _import(pool, b"", _file(mentees[0].model_copy(update={"town": "Cook", "email": "x@example.org"})))
    assert await _address(pool, "P01", "draft") == "x@example.org"
    answers = json.loads(await pool.fetchval("select answers from draft"))
    assert answers == typed | {"town": "Cook"}


@pytest.mark.usefixtures("cohort")
async def test_page_saved_while_staff_import_is_added_to_what_they_imported(pool: asyncpg.Pool) -> None:
    earlier = NOW.replace(month=2)
    await applying.save_page(pool, "mile-2019", "P01", {"hopes": "An honest ear"}, earlier)
    page = applying.save_page(pool, "mile-2019", "P01", {"challenges": "Little time"}, earlier)
    await _during_an_import(pool, page, 'update draft set answers = answers || \'{"town": "Cook"}\'')
    typed = json.loads(await pool.fetchval("select answers from draft"))
    assert [typed[name] for name in ("town", "hopes", "challenges")] == ["Cook", "An honest ear", "Little time"]


@pytest.mark.usefixtures("cohort")
async def test_waiver_given_while_staff_import_keeps_what_they_imported(pool: asyncpg.Pool) -> None:
    await pool.execute("update application set status = 'ineligible' where person_id = 'M01'")
    step = application_review.change_status(pool, "mile-2019", "M01", waive_rules, now=NOW)
    await _during_an_import(
        pool, step, "update application set answers = answers || '{\"town\": \"Cook\"}' where person_id = 'M01'"
    )
    (mentor,) = [person for person in await cohorts.mentors(pool, "mile-2019") if person.id == "M01"]
    assert (mentor.town, mentor.rules_waived) == ("Cook", True)


async def _details(pool: asyncpg.Pool) -> None:
    await contacts.set_details(pool, "mile-2019", "M01", ParticipantDetails(name="Ása"))


async def _contact(pool: asyncpg.Pool) -> None:
    known = ParticipantContact(
        cohort_id="mile-2019", person_id="M01", side=Side.MENTOR, name="Somebody", email="m1@example.org"
    )
    await contacts.change_contact(pool, known, name="Ása")


@pytest.mark.usefixtures("cohort")
@pytest.mark.parametrize("step", [_details, _contact])
async def test_name_changed_while_staff_import_is_kept_beside_what_they_imported(
    pool: asyncpg.Pool, step: Callable[[asyncpg.Pool], Coroutine[Any, Any, None]]
) -> None:
    imported = (
        """update application set answers = answers || '{"town": "Cook", "name": "Old"}' where person_id = 'M01'"""
    )
    await _during_an_import(pool, step(pool), imported)
    (mentor,) = [person for person in await cohorts.mentors(pool, "mile-2019") if person.id == "M01"]
    assert (mentor.town, mentor.name) == ("Cook", "Ása")


async def _during_an_import(pool: asyncpg.Pool, deed: Coroutine[Any, Any, object], imported: str) -> None:
    """Begin something while an import holds the cohort, and let it go on once that has saved its rows."""
    async with pool.acquire() as staff:
        async with staff.transaction():
            await staff.execute("select from cohort for update")
            begun = asyncio.create_task(deed)
            await until_held_up(pool, begun)
            await staff.execute(imported)
        await begun


async def test_who_begins_to_apply_while_staff_import_them_is_one_person(
    pool: asyncpg.Pool, settings: CohortSettings
) -> None:
    window = {"opens_on": date(2019, 2, 1), "closes_on": date(2019, 4, 1)}
    open_now = CohortSettings.model_validate(settings.model_dump() | {"applications": window})
    await cohorts.save_settings(pool, open_now, NOW)
    people = [_mentor(number) for number in range(1, 21)]
    outcomes = await asyncio.gather(
        *(applying.begin(pool, "mile-2019", person.email, NOW) for person in people),
        *(_import(pool, _file(person)) for person in people),
    )
    assert not any(outcome.refused for outcome in outcomes if isinstance(outcome, ImportResult))
    counts = "select (select count(*) from application), (select count(*) from draft where closed_at is null)"
    assert tuple(await pool.fetchrow(counts) or ()) == (20, 0)


def _mentor(number: int) -> MentorApplication:
    return MentorApplication(
        id=f"M{number:02}",
        name="Ada",
        email=f"m{number}@example.org",
        library="Ely",
        library_type="public",
        town="Ely",
        role="Clerk",
        years=5,
    )


async def test_who_was_left_without_a_mentor_goes_first_in_the_next_class_only(
    *, pool: asyncpg.Pool, cohort: str, settings: CohortSettings, mentees: Mentees, result: MatchResult
) -> None:
    without_first = result.model_copy(update={"pairs": result.pairs[1:]})
    await cohorts.publish_match_run(pool, cohort, await cohorts.save_match_run(pool, cohort, without_first, NOW), NOW)
    institute = {"venue": "Elsewhere", "town": "Ely", "last_day": date(2021, 5, 7)}
    following = CohortSettings.model_validate(settings.model_dump() | {"id": "mile-2021", "institute": institute})
    await cohorts.save_settings(pool, following, NOW)
    imported = await _import(pool, b"", _bare(mentees), cohort="mile-2021")
    assert imported.waited == ("P03",)
    assert [person.waited for person in await cohorts.mentees(pool, "mile-2021")] == [False, False, True]
    assert (await _import(pool, b"", _bare(mentees), cohort="mile-2021")).changed == ()
    assert (await _import(pool, b"", _bare(mentees))).waited == ()


def _bare(people: Mentees) -> bytes:
    columns = [column for column in person_cells(people[0]) if column != "waited"]
    return write_rows(columns, [[person_cells(person).get(column, "") for column in columns] for person in people])


async def test_those_without_a_pair_are_the_waiting_list_and_whom_no_published_pair_names(
    pool: asyncpg.Pool, cohort: str, result: MatchResult
) -> None:
    assert await application_review.unpaired(pool, cohort) == ()
    without_first = result.model_copy(update={"pairs": result.pairs[1:]})
    await cohorts.publish_match_run(pool, cohort, await cohorts.save_match_run(pool, cohort, without_first, NOW), NOW)
    await pool.execute("update application set status = 'waiting' where person_id = 'M02'")
    await pool.execute("update application set status = 'withdrawn' where person_id = 'P03'")
    assert [(person.person.id, person.status) for person in await application_review.unpaired(pool, cohort)] == [
        ("M01", ApplicationStatus.ACCEPTED),
        ("M02", ApplicationStatus.WAITING),
    ]


HEADER = b"id,name,email,library,library_type,town,role,years,status,why\n"
SOUND = b"M50,Ada,ada@example.org,Ely,public,Ely,Clerk,5,,\n"
CELL = st.sampled_from(
    [b"M01", b"m1@example.org", b"P01", b"M50", b"public", b"5", b"\xff", b'"', b",", b"\n", b"=1", b""]
)
ANYTHING = (
    st.binary(max_size=200)
    | st.binary(max_size=120).map(lambda end: HEADER + SOUND + end)
    | st.lists(CELL, max_size=24).map(lambda cells: HEADER + b",".join(cells))
)


@given(ANYTHING, st.booleans(), st.booleans())
@trials(max_examples=150, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("cohort")
async def test_any_bytes_are_imported_whole_or_refused_and_leave_nothing_behind(
    pool: asyncpg.Pool, content: bytes, skip: bool, dry_run: bool
) -> None:
    before = await _rows(pool)
    try:
        imported = await _import(pool, content, skip_bad_rows=skip, dry_run=dry_run)
    except BadInput:
        assert await _rows(pool) == before
        return
    after = await _rows(pool)
    if not imported.saved:
        assert after == before
    else:
        assert not imported.refused or skip
        assert {row["person_id"] for row in after} - {row["person_id"] for row in before} == set(imported.added)
    assert {row["person_id"] for row in before} <= {row["person_id"] for row in after}
    await pool.execute("delete from application where person_id = any($1)", list(imported.added))
