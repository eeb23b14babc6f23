"""A stack's folder that is half-written or of another version is mended, or refused in a sentence."""

import os
from pathlib import Path

import pytest

from runtime.local_stack.ports import Ports
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.stack_settings import stack_settings
from schemas.errors import Refusal


def _secret(folder: Path) -> str:
    made = stack_settings(folder, Ports.following(40_000), "postgresql://mile@/mile?host=/tmp", rehearsal=False)
    return made.link_secret.get_secret_value()


async def _start(folder: Path) -> None:
    database = Postgres(folder, folder.with_name("log"), print)
    try:
        await database.start()
    finally:
        await database.stop()


def test_secret_that_was_never_written_is_made_anew_and_then_stays(tmp_path: Path) -> None:
    (tmp_path / "link-secret").touch(mode=0o600)
    secret = _secret(tmp_path)
    assert len(secret) == 64
    assert _secret(tmp_path) == secret
    assert (tmp_path / "link-secret").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["link-secret"]


def test_secret_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    secret = _secret(tmp_path)
    (tmp_path / "link-secret").chmod(0o644)
    assert _secret(tmp_path) == secret
    assert (tmp_path / "link-secret").stat().st_mode & 0o777 == 0o600


async def test_database_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    await _start(folder)
    folder.chmod(0o755)
    # PostgreSQL itself refuses such a folder.
    await _start(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give a folder away")
async def test_database_of_another_user_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    await _start(folder)
    os.chown(folder, 12345, 12345)
    with pytest.raises(Refusal, match=r"belongs to the user 12345, and PostgreSQL runs as nobody.* chown -R nobody"):
        await _start(folder)


async def test_folder_of_another_version_of_postgresql_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(Refusal, match=r"is of PostgreSQL 9, and this release has \d+\. Back it up .* mile restore"):
        await _start(folder)


async def test_folder_that_is_not_of_postgresql_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(Refusal, match="is no folder of PostgreSQL"):
        await _start(folder)
    assert (folder / "thesis.txt").read_text() == "mine"
