"""A process that cannot start ends with one sentence: no traceback, and no abort of the threads that log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOWHERE = {
    "MILE_DATABASE_URL": "postgresql://mile@127.0.0.1:1/mile",
    "MILE_LINK_SECRET": "0123456789abcdef" * 2,
    "MILE_PUBLIC_URL": "http://127.0.0.1:1",
    "MILE_SENDER": "mentors@example.org",
    "TEMPORAL_ADDRESS": "127.0.0.1:1",
}


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ([str(ROOT / "worker.py")], "Temporal cannot be reached at 127.0.0.1:1. Start it"),
        (["-m", "cli.main", "web"], "PostgreSQL: no answer (ConnectionRefusedError). Start PostgreSQL"),
    ],
    ids=["worker", "web"],
)
def test_process_without_its_servers_ends_with_one_sentence(tmp_path: Path, command: list[str], sentence: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MILE_", "TEMPORAL_"))}
    ran = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        env=kept | NOWHERE | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith(sentence)
