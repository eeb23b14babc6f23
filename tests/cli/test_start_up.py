"""How much a command or a server imports before it does anything: somebody at a terminal waits for it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# It ends with the names of all modules, and before them how often all objects were looked through for garbage.
IMPORTED = """
import gc
import sys
from cli.main import main
before = gc.get_stats()[2]["collections"]
try:
    main()
finally:
    print("imported", gc.get_stats()[2]["collections"] - before, gc.isenabled(), *sys.modules, file=sys.stderr)
"""
# What help tells of every command; it ends with the names of all modules.
DECLARED = """
import sys
from cli.commands import COMMANDS
from cli.common.command_table import Command

def declare(commands):
    for each in commands.values():
        each.declaration() if isinstance(each, Command) else declare(each.commands)

declare(COMMANDS)
print(*sys.modules)
"""
# A worker that finds no settings, and then the pages; it ends with the names of all modules.
STARTED = """
import gc
import runpy
import sys
before = gc.get_stats()[2]["collections"]
try:
    runpy.run_path("worker.py", run_name="__main__")
except SystemExit:
    print(gc.get_stats()[2]["collections"] - before, gc.isenabled())
import web.main
print(*sys.modules)
"""
SOLVER = {"numpy", "scipy"}
SERVERS = {"aiosql", "asyncpg", "temporalio"}
PAGES = {"jinja2", "starlette", "typst", "uvicorn"}
COUNTRIES = {"holidays.countries"}
ROOMS = {"activities", "domain", "emails", "rehearsal", "runtime", "services", "storage", "web", "workflows"}
# Of today's number and a tenth, as for the commands: a worker and the pages together.
MOST_OF_THE_SERVERS = 2650


# The limits are the numbers of modules of today and a tenth; Python's own are among them.
@pytest.mark.parametrize(
    ("command", "needless", "at_most"),
    [
        ("--help", {"pydantic", *ROOMS, *SERVERS, *SOLVER, *PAGES, *COUNTRIES}, 365),
        ("cohort --help", {"asyncio", *ROOMS, *SERVERS, *SOLVER, *PAGES, *COUNTRIES}, 475),
        ("cohort show --help", {"asyncio", *ROOMS, *SERVERS, *SOLVER, *PAGES, *COUNTRIES}, 475),
        ("match --help", {"asyncio", *ROOMS, *SERVERS, *SOLVER, *PAGES, *COUNTRIES}, 475),
        ("cohort show", {"aiosmtplib", "structlog", *SOLVER, *PAGES, *COUNTRIES}, 1150),
    ],
)
def test_a_command_imports_only_what_it_uses(command: str, needless: set[str], at_most: int, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", IMPORTED, *command.split()],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check="--help" in command,
    )
    searches, still_searches, *names = ran.stderr.rpartition("imported ")[2].split()
    imported = set(names)
    assert needless & imported == set()
    assert 100 < len(imported) <= at_most
    assert (searches, still_searches) == ("0", "True")


def test_no_command_is_imported_to_tell_its_help() -> None:
    ran = subprocess.run([sys.executable, "-c", DECLARED], cwd=ROOT, capture_output=True, text=True, check=True)
    imported = set(ran.stdout.split())
    assert {"asyncio", *ROOMS, *SERVERS, *SOLVER, *PAGES, *COUNTRIES} & imported == set()
    assert 100 < len(imported) <= 475


def test_a_worker_and_the_pages_start_without_the_solver() -> None:
    ran = subprocess.run([sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True)
    searches, still_searches, *names = ran.stdout.split()
    imported = set(names)
    assert (searches, still_searches) == ("0", "True")
    assert SOLVER & imported == set()
    assert 1000 < len(imported) <= MOST_OF_THE_SERVERS
