"""Health checks of PostgreSQL: whether it answers, can be written to, is ours, and has every migration."""

import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from runtime.health_finding import ANSWERS_WITHIN, HealthFinding, finding_of
from runtime.migrations import pending
from runtime.settings import Settings
from schemas.errors import MileError

# What is due is due by the minute; certificates and one-time links bear no more either.
MOST_APART = timedelta(seconds=60)
NOT_CHECKED = "not checked: no database"


async def check_database(settings: Settings) -> list[HealthFinding]:
    """Run every check of PostgreSQL; all but the first need one that answers."""
    url = settings.database_url.get_secret_value()
    server = await finding_of(
        "PostgreSQL", lambda: _database_version(url), "Start PostgreSQL, or correct MILE_DATABASE_URL."
    )
    if not server.ok:
        return [server, HealthFinding("Migrations", False, NOT_CHECKED, server.advice)]
    ours = await finding_of("Database", lambda: _is_ours(url), "Correct MILE_DATABASE_URL.")
    # A migration must never be offered for another program's database.
    migrate = "Run: mile migrate" if ours.ok else ours.advice
    return [
        server,
        await finding_of("Database writes", lambda: _writes(url), _READ_ONLY_ADVICE),
        await finding_of("Clock", lambda: _clock(url), "Set the clock of this machine, or of PostgreSQL's, by NTP."),
        ours,
        await finding_of("Migrations", lambda: _migrations(url), migrate),
    ]


async def require_database_of_ours(url: str) -> None:
    """Raise MileError where the database has tables of another program and none of ours; one that is away has none."""
    with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        await _is_ours(url)


async def _database_version(url: str) -> str:
    return f"version {await _ask_database(url, 'show server_version')}"


_READ_ONLY_ADVICE = "It may be a replica, or its disk is full: make it writable, or correct MILE_DATABASE_URL."


async def _ask_database(url: str, question: str) -> Any:
    connection = await asyncpg.connect(url, timeout=ANSWERS_WITHIN.total_seconds())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def _writes(url: str) -> str:
    if await _ask_database(url, "select current_setting('transaction_read_only')") == "on":
        raise MileError("the database is read-only: answers cannot be stored")
    return "possible"


async def _clock(url: str) -> str:
    before = datetime.now(UTC)
    theirs: datetime = await _ask_database(url, "select clock_timestamp()")
    # Halfway: asking takes a moment.
    apart = abs(theirs - (before + (datetime.now(UTC) - before) / 2))
    if apart > MOST_APART:
        raise MileError(f"this machine and PostgreSQL are {apart.total_seconds():.0f} seconds apart")
    return "as PostgreSQL's"


async def _is_ours(url: str) -> str:
    strangers = await _ask_database(
        url,
        "select string_agg(tablename, ', ' order by tablename) from pg_tables "
        "where schemaname = 'public' and to_regclass('public.schema_migrations') is null",
    )
    if strangers:
        raise MileError(f"tables of another program: {strangers}")
    return "ours, or empty"


async def _migrations(url: str) -> str:
    missing = await pending(url)
    if missing:
        raise MileError(f"{len(missing)} not applied: {', '.join(missing)}")
    return "all applied"
