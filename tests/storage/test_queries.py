"""Every named query: known to PostgreSQL, needed by somebody, and quick in tables that have grown."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage.database import queries

STORAGE = Path(__file__).parents[2] / "storage"
QUERIES = [
    (name, comment, file)
    for file in sorted((STORAGE / "queries").glob("*.sql"))
    for name, comment in re.findall(r"^-- name: (\w+).*\n(.*)", file.read_text(), re.MULTILINE)
]
WRITTEN = sorted(name for name, _, _ in QUERIES)
FILES = {name: file for name, _, file in QUERIES}


def test_no_two_queries_share_a_name() -> None:
    assert len(WRITTEN) == len(set(WRITTEN))
    assert set(WRITTEN) <= set(queries.available_queries)


def test_every_query_says_what_it_does() -> None:
    assert [name for name, comment, _ in QUERIES if not comment.startswith("-- ")] == []


# These read a whole table, or all that a partial index holds: what they look for is everywhere.
OF_ALL_COHORTS = {
    "current_settings",
    "stages",
    "addresses_waitlisted_before",
    "not_signaled_undeliverable",
    "unsignaled_responses_of",
    "stuck_emails",
    "held_emails",
    "lock_personal_links",
    "revoke_links_of",
    "links_by_key",
    "emails_by_state",
    "service_counts",
    "claim_emails",
    "next_attempt_at",
    "forget_calendars_of_ended",
    "forget_sessions",
    "forget_passkeys",
}
NO_OTHER_WAY = "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"
# What vacuum noted of tables that tests had emptied would make reading them whole look cheap.
NEVER_VACUUMED = """
    update pg_class set reltuples = -1, relpages = 0 where relnamespace = 'public'::regnamespace;
    delete from pg_statistic where starelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
"""
GIVEN = {
    "bool": True,
    "bytea": b"a",
    "bytea[]": [b"a"],
    "date": date(2019, 5, 10),
    "int2": 1,
    "int4": 1,
    "int4[]": [1],
    "int8": 1,
    "interval": timedelta(days=1),
    "jsonb": "{}",
    "text": "a",
    "text[]": ["a"],
    "timestamptz": datetime(2019, 5, 10, tzinfo=UTC),
    "timestamptz[]": [datetime(2019, 5, 10, tzinfo=UTC)],
}


def _scanned(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the tables of which a plan reads every row."""
    if "Relation Name" in plan and plan["Node Type"] != "ModifyTable" and not _uses_index(plan):
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from _scanned(part)


def _uses_index(plan: dict[str, Any]) -> bool:
    return "Index Cond" in plan or plan["Node Type"] == "Bitmap Heap Scan"


@pytest.mark.parametrize("name", WRITTEN)
async def test_query_finds_its_rows_by_an_index(pool: asyncpg.Pool, name: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(NO_OTHER_WAY)
        await connection.execute(NEVER_VACUUMED)
        statement = await connection.prepare(getattr(queries, name).sql)
        arguments = [GIVEN[parameter.name] for parameter in statement.get_parameters()]
        plan = (await statement.explain(*arguments))[0]["Plan"]
    assert name in OF_ALL_COHORTS or not set(_scanned(plan)), json.dumps(plan, indent=1)


@pytest.mark.parametrize("name", WRITTEN)
def test_query_is_asked_by_the_module_of_its_file(name: str) -> None:
    module = STORAGE / f"{FILES[name].stem}.py"
    assert re.search(rf"\bqueries\.{name}\(", module.read_text())


def test_every_module_has_a_file_of_queries() -> None:
    modules = {file.stem for file in STORAGE.glob("*.py")} - {"__init__", "database", "named_queries", "typed_requests"}
    assert modules == {file.stem for file in FILES.values()}
