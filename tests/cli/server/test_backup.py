"""A backup of a running stack: it can be restored elsewhere, is checked before, and overwrites nothing."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from pyrage.x25519 import Identity

from benchmarks.starting import publish_class, settings_of
from cli.main import main
from runtime.local_stack.backup import DUMP, NAME, RestoredCounts, back_up, expired, read_backup, restore, try_restore
from runtime.local_stack.stack import LocalStack, StackOptions
from schemas.emails.messages import QueuedEmail
from schemas.enums import EmailKind, Recipient
from schemas.errors import MileError, Refusal
from storage import outbox
from storage.database import open_pool
from storage.service_status import backup_status

NOW = datetime(2027, 5, 10, 15, tzinfo=UTC)
KEPT_KEY, SPARE, FOREIGN = (Identity.generate() for _ in range(3))
COUNTS = RestoredCounts(cohorts=1, mentorships=0, emails=1, held=1)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def backup() -> AsyncIterator[Path]:
    """The backup of a stack without a worker, in which an email waits."""
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        stack_folder = Path(made) / "stack"
        async with LocalStack(StackOptions(folder=stack_folder, ports=None, parts=frozenset())) as stack:
            url = stack.settings.database_url.get_secret_value()
            async with open_pool(url, size=2) as pool:
                await publish_class(pool, settings_of("kept"), 1)
                waiting = QueuedEmail(
                    key="kept/staff_note/a/staff/0",
                    kind=EmailKind.STAFF_NOTE,
                    to=Recipient.STAFF,
                    at=NOW,
                    scope_id="kept",
                    now=NOW,
                )
                await outbox.enqueue(pool, waiting)
            folder, _ = await asyncio.to_thread(
                back_up, stack_folder, url, Path(made) / "backups", [str(KEPT_KEY.to_public()), str(SPARE.to_public())]
            )
            async with open_pool(url, size=1) as pool:
                noted = await backup_status(pool)
            assert noted
            assert noted.finished_at
            assert noted.finished_at > noted.began_at
            (folder.parent / "secret").write_bytes((stack_folder / "link-secret").read_bytes())
        yield folder


async def test_backup_is_restored_elsewhere_with_waiting_emails_held(backup: Path, tmp_path: Path) -> None:
    assert await try_restore(backup) == COUNTS
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        stack = Path(made) / "stack"
        assert await restore(backup, stack) == COUNTS
        assert (stack / "temporal.db").stat().st_size > 0
        with pytest.raises(Refusal, match="exists already"):
            await restore(backup, stack)


@pytest.mark.parametrize("key", [KEPT_KEY, SPARE], ids=["kept", "spare"])
async def test_key_of_the_links_is_in_a_backup_for_its_recipients_alone(
    backup: Path, tmp_path: Path, key: Identity
) -> None:
    secret = (backup.parent / "secret").read_bytes()
    assert len(secret) == 64
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        stack = Path(made) / "stack"
        await restore(backup, stack, identity_file(tmp_path, key))
        assert (stack / "link-secret").read_bytes() == secret
        assert (stack / "link-secret").stat().st_mode & 0o077 == 0
    with pytest.raises(Refusal, match="was sealed for another one"):
        await try_restore(backup, identity_file(tmp_path, FOREIGN))


def identity_file(folder: Path, key: Identity) -> Path:
    file = folder / "key.txt"
    file.write_text(f"# created: 2026-11-30T09:00:00Z\n# public key: {key.to_public()}\n{key}\n")
    return file


async def test_what_is_no_recipient_or_identity_is_named(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="age1me is no recipient of age"):
        back_up(tmp_path, "postgresql://", tmp_path, ["age1me"])
    with pytest.raises(Refusal, match=r"missing\.txt cannot be read as an identity of age"):
        await try_restore(backup, tmp_path / "missing.txt")
    unsealed = tmp_path / "unsealed"
    shutil.copytree(backup, unsealed)
    (unsealed / "link-secret.age").unlink()
    with pytest.raises(Refusal, match=r"link-secret\.age is missing"):
        await try_restore(unsealed, identity_file(tmp_path, KEPT_KEY))


async def test_commands_say_what_is_in_a_backup_and_what_they_need(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        await asyncio.to_thread(main, ["restore", str(backup), "--check"])
    assert "1 cohorts, 0 mentorships and 1 emails are in it." in capsys.readouterr().out
    for command, why in (
        (["restore", str(backup)], "Say either --check, or with --into"),
        (["backup", str(tmp_path), "--folder", str(tmp_path)], "No stack runs in"),
    ):
        with pytest.raises(SystemExit, match=r"[1-9]"):
            await asyncio.to_thread(main, command)
        assert why in capsys.readouterr().err


def test_changed_or_unfinished_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    assert read_backup(backup).apart < timedelta(minutes=1)
    for name in (DUMP, "temporal.db", "backup.json"):
        (tmp_path / name).write_bytes((backup / name).read_bytes())
    (tmp_path / DUMP).write_bytes((backup / DUMP).read_bytes()[:-1] + b"x")
    with pytest.raises(Refusal, match=r"mile\.dump is missing or not as it was written"):
        read_backup(tmp_path)
    (tmp_path / "backup.json").unlink()
    with pytest.raises(Refusal, match="no backup, or one that was not finished"):
        read_backup(tmp_path)


def test_failed_backup_takes_the_place_of_no_good_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def note(database_url: str, what: str) -> None:
        pass

    def dump(name: str, form: str, file: str, database: str) -> None:
        Path(file.removeprefix("--file=")).write_bytes(b"rows")
        if database == "--dbname=away":
            raise MileError("pg_dump failed")

    monkeypatch.setattr("runtime.local_stack.backup._note", note)
    monkeypatch.setattr("runtime.local_stack.backup._run", dump)
    sqlite3.connect(tmp_path / "temporal.db").close()
    kept = tmp_path / "kept"
    with pytest.raises(MileError, match="pg_dump failed"):
        back_up(tmp_path, "away", kept)
    # The newest of a day stays when old ones are deleted.
    assert not list(kept.glob("mile-*Z"))
    made, _ = back_up(tmp_path, "here", kept)
    assert list(kept.iterdir()) == [made]
    assert read_backup(made).apart < timedelta(minutes=1)


def test_sealed_key_cannot_be_read(backup: Path) -> None:
    secret, sealed = (backup.parent / "secret").read_bytes(), (backup / "link-secret.age").read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1")
    assert secret not in sealed


def test_seven_daily_four_weekly_and_twelve_monthly_backups_stay() -> None:
    names = [NAME.format(NOW - timedelta(days=days)) for days in range(800)]
    kept = sorted({*names} - {*expired(names)}, reverse=True)
    assert kept[:7] == names[:7]
    # May 10, 2027 is a Monday: three weeks before are kept by their Sundays, eleven months by their last days.
    assert [name[5:13] for name in kept[7:]] == [
        "20270502",
        "20270430",
        "20270425",
        "20270331",
        "20270228",
        "20270131",
        "20261231",
        "20261130",
        "20261031",
        "20260930",
        "20260831",
        "20260731",
        "20260630",
    ]
