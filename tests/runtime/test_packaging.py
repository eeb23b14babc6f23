import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from runtime.settings import Settings, variable

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "deploy/requirements.lock")
COMPOSE = (ROOT / "docker-compose.yml").read_text()
# What docker-compose.yml passes to no container, and why.
NOT_PASSED = {
    "MILE_MAILBOX": "only the local stack captures emails",
    "MILE_CLOCK_FILE": "only rehearsals have moments of their own",
}


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


def _of_service(name: str) -> str:
    """Return what docker-compose.yml says of a service, or of what ours have in common."""
    found = re.search(rf"^( *){name}:.*\n((?:\1  .*\n)+)", COMPOSE, re.MULTILINE)
    assert found, name
    return found[2]


def test_compose_passes_every_setting_or_says_why_not() -> None:
    passed = re.findall(r"^    ([A-Z_]+):", _of_service("x-service"), re.MULTILINE)
    settings = {variable(name) for name in Settings.model_fields}
    assert settings - {*passed} == NOT_PASSED.keys()
    assert len(passed) == len({*passed})
    # What is no setting is read by Temporal's client, by the worker, or by the server of the pages.
    assert {name for name in {*passed} - settings if not name.startswith("TEMPORAL_")} == {"FORWARDED_ALLOW_IPS"}


def test_compose_leaves_out_what_would_turn_tls_on_by_being_empty() -> None:
    lines = re.findall(r"^    (TEMPORAL_(?:API_KEY|TLS)\w*):(.*)$", _of_service("x-service"), re.MULTILINE)
    assert len(lines) == 6
    assert [name for name, value in lines if value] == []


def test_compose_asks_for_every_secret_and_holds_none() -> None:
    for line in COMPOSE.splitlines():
        if re.search(r"(PASSWORD|PWD|SECRET): ", line):
            assert re.search(r": \$\{\w+(:\?set \w+|:-\})", line), line


def test_compose_gives_the_superuser_s_password_to_nobody_but_postgresql_and_the_backup() -> None:
    listed = COMPOSE.partition("\nservices:\n")[2].partition("\nvolumes:\n")[0]
    services = re.findall(r"^  ([a-z-]+):$", listed, re.MULTILINE)
    having = [name for name in ("x-service", *services) if "${POSTGRES_PASSWORD" in _of_service(name)]
    assert having == ["postgres", "backup"]
    assert "MILE_DATABASE_PASSWORD" not in _of_service("backup")


def test_compose_gives_running_work_more_time_than_the_worker_takes() -> None:
    graces = re.findall(r"stop_grace_period: (\d+)s", COMPOSE)
    worker = (ROOT / "worker.py").read_text()
    [finishes] = re.findall(r"^FINISHES_WITHIN = timedelta\(seconds=(\d+)\)", worker, re.MULTILINE)
    assert graces
    assert all(int(grace) > int(finishes) for grace in graces)
