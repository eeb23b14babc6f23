import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "deploy/requirements.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_everything_by_hash_and_names_no_address_and_no_folder(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r"://|index-url|file:|(^|\s)/", text)
    requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
    assert len(requirements) > 40
    assert all("==" in each.splitlines()[0] and "--hash=sha256:" in each for each in requirements)


def test_the_lock_has_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    wanted = [
        *project["project"]["dependencies"],
        *extras["local"],
        *extras["dev"],
        *project["build-system"]["requires"],
    ]
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert {re.split(r"[\[<>=]", name)[0] for name in wanted} <= locked


def test_make_alone_lists_every_command() -> None:
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"install", "demo", "up", "test", "check"} <= set(commands)
    assert re.findall(r"^  make ([a-z]+) +\S", told, re.MULTILINE) == commands


def test_a_machine_without_a_new_enough_python_is_told_what_to_do(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    ran = subprocess.run(["make", "install", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "Python 3.11 or newer" in ran.stderr


def test_compose_asks_for_every_secret_and_holds_none() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.search(r"(PASSWORD|PWD|SECRET): ", line):
            assert re.search(r": \$\{\w+(:\?set \w+|:-\})", line), line


def test_compose_gives_running_work_more_time_than_the_worker_takes() -> None:
    graces = re.findall(r"stop_grace_period: (\d+)s", (ROOT / "docker-compose.yml").read_text())
    worker = (ROOT / "worker.py").read_text()
    [finishes] = re.findall(r"^FINISHES_WITHIN = timedelta\(seconds=(\d+)\)", worker, re.MULTILINE)
    assert graces
    assert all(int(grace) > int(finishes) for grace in graces)
