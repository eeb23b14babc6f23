"""The checks of ``make check``: style, spelling, types, and which room may import which."""

import re
from pathlib import Path

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


def test_continuous_integration_runs_the_checks_and_the_tests() -> None:
    lines = (ROOT / ".ci/run").read_text().splitlines()
    commands = [line for line in lines if "make" in line.split() and not line.startswith("#")]
    assert commands[:2] == ["make check </dev/null", "CI=true MILE_FUZZ_EXAMPLES=10000 make test </dev/null"]


def test_hooks_before_a_commit_run_the_locked_tools_and_nothing_from_elsewhere() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert re.findall(r"repo: (.*)", hooks) == ["local"]
    entries = re.findall(r"entry: \.venv/bin/([\w-]+)", hooks)
    assert len(entries) == len(re.findall(r"\bid:", hooks)) == 3
    assert all(re.search(rf"^{tool}==", LOCKED, re.MULTILINE) for tool in entries)
