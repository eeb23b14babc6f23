import subprocess
import sys
from pathlib import Path

import pytest

from cli.common.errors import explained
from schemas.errors import BadInput, MileError, Problem, Refusal

ROOT = Path(__file__).parents[3]


def _mile(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Refusal("There is no such cohort."), 2),
        (BadInput([Problem(file="mentors.csv", message="there is no such town")]), 2),
        (MileError("Temporal cannot be reached."), 1),
        (ZeroDivisionError("mentor@example.org"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_ends_with_its_status_and_no_traceback(
    error: BaseException, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, explained():
        raise error
    assert ended.value.code == status
    assert "Traceback" not in capsys.readouterr().err


def test_an_unexpected_error_tells_how_to_see_more_and_repeats_nothing_private(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit), explained():
        raise ValueError("mentor@example.org")
    told = capsys.readouterr().err
    assert "--debug" in told
    assert "mentor@example.org" not in told


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, explained():
        (tmp_path / "missing" / "record.json").write_text("")
    assert ended.value.code == 1
    assert f"{tmp_path / 'missing' / 'record.json'} cannot be used" in capsys.readouterr().err


def test_a_step_of_staff_without_servers_tells_how_to_start_some(tmp_path: Path) -> None:
    ran = _mile("cohort", "show", "--folder", "nowhere", folder=tmp_path)
    assert ran.returncode == 2
    assert "MILE_DATABASE_URL is not set" in ran.stderr
    assert ran.stderr.endswith("in another terminal: mile up --folder nowhere\n")


def test_debug_keeps_the_traceback() -> None:
    with pytest.raises(ZeroDivisionError), explained(debug=True):
        raise ZeroDivisionError


def test_missing_settings_are_refused_in_sentences(tmp_path: Path) -> None:
    ran = _mile("migrate", folder=tmp_path)
    assert ran.returncode == 2
    assert "MILE_DATABASE_URL is not set" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_debug_may_stand_at_the_end_of_the_line_that_failed(tmp_path: Path) -> None:
    ran = _mile("migrate", "--debug", folder=tmp_path)
    assert "Traceback" in ran.stderr
    assert "MILE_DATABASE_URL is not set" in ran.stderr


def test_an_unknown_command_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    ran = _mile("docter", folder=tmp_path)
    assert ran.returncode == 2
    assert "doctor" in ran.stderr


def test_help_lists_every_command_without_loading_one(tmp_path: Path) -> None:
    script = "import sys, cli.main\ntry: cli.main.main(['--help'])\nfinally: print(*sys.modules, file=sys.stderr)"
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert all(f" {name} " in ran.stdout for name in ("up", "match", "worker", "web", "migrate", "doctor"))
    assert not {"temporalio", "scipy", "asyncpg", "starlette"} & set(ran.stderr.split())
