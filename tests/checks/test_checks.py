"""The checks of ``make check``: style, spelling, types, and which room may import which."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
LOCKED = (ROOT / "requirements.lock").read_text()


def _commands(target: str) -> list[str]:
    """Return what ``make TARGET`` runs, its prerequisites first."""
    rule = re.search(rf"^{target}:(?P<needs>[^#\n]*).*\n(?P<recipe>(?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert rule, f"the Makefile has no target {target}"
    needed = [command for need in rule["needs"].split() if need != "install" for command in _commands(need)]
    return needed + [line.strip().removeprefix("@") for line in rule["recipe"].splitlines()]


CHECKS = _commands("check")


def test_check_runs_every_tool() -> None:
    assert [line.removeprefix("$(BIN)/") for line in CHECKS] == [
        "ruff check .",
        "ruff format --check .",
        "codespell",
        "mypy .",
        "lint-imports",
    ]


@pytest.mark.parametrize("command", CHECKS)
def test_check_passes(command: str) -> None:
    line = command.replace("$(BIN)", str(Path(sys.executable).parent))
    result = subprocess.run(line.split(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_hooks_before_a_commit_run_the_locked_tools_and_nothing_from_elsewhere() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (.*)", hooks) == ["local"]
    entries = re.findall(r"entry: \.venv/bin/([\w-]+)", hooks)
    assert len(entries) == len(re.findall(r"\bid:", hooks)) == 3
    assert all(re.search(rf"^{tool}==", LOCKED, re.MULTILINE) for tool in entries)
