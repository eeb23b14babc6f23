"""A backup of a stack's two databases while they are in use, and its restore into another folder.

Temporal's is copied first, so PostgreSQL's is the newer one: what a workflow has not heard of it is told again, but
words that PostgreSQL lost would be gone (docs/decisions/0033).
"""

import asyncio
import hashlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pyrage
from pydantic import AwareDatetime, ValidationError
from pyrage.x25519 import Identity, Recipient

from runtime.local_stack.postgres import DATABASE, Postgres, programs
from runtime.local_stack.stack import POSTGRES_FOLDER, TEMPORAL_FILE
from runtime.local_stack.stack_settings import LINK_KEY_FILE
from runtime.migrations import MIGRATIONS
from schemas.base import FrozenModel
from schemas.errors import MileError, Refusal

MANIFEST, DUMP, SEALED_SECRET = "backup.json", "mile.dump", "link-secret.age"
NAME = "mile-{:%Y%m%dT%H%M%SZ}"
UNFINISHED = ".unfinished"
# How many backups are kept: the newest of each of the last days, weeks and months that have one.
KEPT_DAYS, KEPT_WEEKS, KEPT_MONTHS = 7, 4, 12
# What mile doctor and the alert MileBackupOld look at.
BEGUN = "insert into backup_status (began_at) values (clock_timestamp()) on conflict do nothing"
FINISHED = "update backup_status set finished_at = clock_timestamp()"
HOLD = "update outbox set state = 'held' where state in ('queued', 'sending')"


class BackupManifest(FrozenModel):
    """What a backup consists of: when each database was copied, the newest migration, and each file's SHA-256."""

    temporal_at: AwareDatetime
    postgres_at: AwareDatetime
    migration: str
    sha256: dict[str, str]

    @property
    def apart(self) -> timedelta:
        """Return by how much the copy of Temporal's database is older, at most."""
        return self.postgres_at - self.temporal_at


class RestoredCounts(FrozenModel):
    """What a restored PostgreSQL has; ``held`` emails were waiting when the backup was made."""

    cohorts: int
    mentorships: int
    emails: int
    held: int


def back_up(
    stack: Path, database_url: str, target: Path, recipients: Sequence[str] = ()
) -> tuple[Path, BackupManifest]:
    """Copy both databases of a running stack into a new folder in ``target``; return it. Raises MileError.

    The key of its links is in it only sealed for recipients of age (https://age-encryption.org), if there are any:
    whoever reads a backup must not be able to make links.
    """
    keys = [_recipient(recipient) for recipient in recipients]
    asyncio.run(_note(database_url, BEGUN))
    began = datetime.now(UTC)
    folder = target / UNFINISHED
    # Of a backup before that failed.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    with (
        closing(sqlite3.connect(f"file:{stack / TEMPORAL_FILE}?mode=ro", uri=True)) as engine,
        closing(sqlite3.connect(folder / TEMPORAL_FILE)) as copy,
    ):
        engine.backup(copy)
    # A dump shows the database as it was when the dump began.
    postgres_at = datetime.now(UTC)
    _run("pg_dump", "--format=custom", f"--file={folder / DUMP}", f"--dbname={database_url}")
    names = [TEMPORAL_FILE, DUMP]
    if keys:
        (folder / SEALED_SECRET).write_bytes(pyrage.encrypt((stack / LINK_KEY_FILE).read_bytes(), keys))
        names.append(SEALED_SECRET)
    manifest = BackupManifest(
        temporal_at=began,
        postgres_at=postgres_at,
        migration=max(file.name for file in MIGRATIONS.glob("*.sql")),
        sha256={name: _sha256(folder / name) for name in names},
    )
    for name in manifest.sha256:
        (folder / name).chmod(0o600)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2))
    # Renamed last: a folder with a date is a backup that was finished.
    finished = folder.rename(target / NAME.format(began))
    asyncio.run(_note(database_url, FINISHED))
    return finished, manifest


async def _note(database_url: str, what: str) -> None:
    database = await asyncpg.connect(database_url)
    try:
        await database.execute(what)
    finally:
        await database.close()


def read_backup(folder: Path) -> BackupManifest:
    """Return what a backup consists of; raises Refusal where it is incomplete, changed, or of a newer release."""
    try:
        manifest = BackupManifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise Refusal(f"{folder} is no backup, or one that was not finished: it has no {MANIFEST}.") from None
    except ValidationError:
        raise Refusal(f"{folder / MANIFEST} cannot be read. Use another backup.") from None
    for name, known in manifest.sha256.items():
        if not (folder / name).is_file() or _sha256(folder / name) != known:
            raise Refusal(f"{folder / name} is missing or not as it was written. Use another backup.")
    newest = max(file.name for file in MIGRATIONS.glob("*.sql"))
    if manifest.migration > newest:
        raise Refusal(f"{folder} is of a newer release, which has {manifest.migration}. Install that release first.")
    return manifest


async def restore(folder: Path, stack: Path, identity: Path | None = None) -> RestoredCounts:
    """Restore a backup into the folder of a stack that has no databases; raises Refusal where it has any.

    Emails that were waiting are held: they may have left since, and nobody gets an email twice. With an ``identity`` of
    age the stack has the key of its links again; without one it makes another.
    """
    read_backup(folder)
    secret = _unsealed(folder, identity) if identity else None
    _make_room(stack)
    if secret:
        (stack / LINK_KEY_FILE).touch(mode=0o600)
        (stack / LINK_KEY_FILE).write_bytes(secret)
    postgres = Postgres(stack / POSTGRES_FOLDER, stack / "logs" / "postgres.log", lambda _: None)
    await postgres.start()
    try:
        counts = await _fill(postgres.url, folder / DUMP)
    finally:
        await postgres.stop()
    with (
        closing(sqlite3.connect(f"file:{folder / TEMPORAL_FILE}?mode=ro", uri=True)) as kept,
        closing(sqlite3.connect(stack / TEMPORAL_FILE)) as engine,
    ):
        [(state,)] = kept.execute("pragma quick_check").fetchall()[:1]
        if state != "ok":
            raise Refusal(f"{folder / TEMPORAL_FILE} is damaged: {state}. Use another backup.")
        kept.backup(engine)
    return counts


async def try_restore(folder: Path, identity: Path | None = None) -> RestoredCounts:
    """Restore a backup into a folder that is deleted afterwards, to see that it can be restored."""
    with tempfile.TemporaryDirectory(prefix="mile restore ") as scratch:
        return await restore(folder, Path(scratch), identity)


def expired(backups: list[str]) -> list[str]:
    """Return the names of the backups that need not be kept: 7 daily, 4 weekly and 12 monthly ones stay."""
    kept: set[str] = set()
    for period, most in (("%Y-%m-%d", KEPT_DAYS), ("%G-%V", KEPT_WEEKS), ("%Y-%m", KEPT_MONTHS)):
        newest: dict[str, str] = {}
        for name in sorted(backups):
            newest[_made_at(name).strftime(period)] = name
        kept |= {newest[each] for each in sorted(newest)[-most:]}
    return sorted({*backups} - kept)


def _recipient(name: str) -> Recipient:
    try:
        return Recipient.from_str(name)
    except pyrage.RecipientError:
        raise Refusal(f"{name} is no recipient of age. It is the line that age-keygen calls the public key.") from None


def _unsealed(folder: Path, identity: Path) -> bytes:
    """Return the key of the links, opened with a file as age-keygen writes it."""
    if not (folder / SEALED_SECRET).is_file():
        raise Refusal(f"{folder} has no sealed key. It was made without --recipient.")
    try:
        lines = identity.read_text(encoding="utf-8").split()
        opened = [Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        return pyrage.decrypt((folder / SEALED_SECRET).read_bytes(), opened)
    except (OSError, UnicodeDecodeError, pyrage.IdentityError) as error:
        raise Refusal(f"{identity} cannot be read as an identity of age: {error}") from None
    except pyrage.DecryptError:
        raise Refusal(f"{identity} does not open {folder / SEALED_SECRET}: it was sealed for another one.") from None


def _made_at(name: str) -> datetime:
    return datetime.strptime(name, "mile-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _make_room(stack: Path) -> None:
    for name in (POSTGRES_FOLDER, TEMPORAL_FILE):
        if (stack / name).exists():
            raise Refusal(f"{stack / name} exists already. Restore into another folder: nothing is overwritten.")
    stack.mkdir(mode=0o755, parents=True, exist_ok=True)
    (stack / "logs").mkdir(mode=0o700, exist_ok=True)


async def _fill(url: str, dump: Path) -> RestoredCounts:
    anywhere = await asyncpg.connect(url.replace(f"/{DATABASE}?", "/postgres?"))
    try:
        await anywhere.execute(f"create database {DATABASE}")
    finally:
        await anywhere.close()
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(dump))
    database = await asyncpg.connect(url)
    try:
        held = await database.execute(HOLD)
        row = await database.fetchrow(
            "select (select count(*) from cohort) as cohorts, (select count(*) from mentorship) as mentorships,"
            " (select count(*) from outbox) as emails"
        )
    finally:
        await database.close()
    return RestoredCounts(held=int(held.rpartition(" ")[2]), **dict(row or {}))


def _run(name: str, *arguments: str) -> None:
    command = [str(programs() / name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed program, no shell
    if done.returncode:
        raise MileError(f"{name} failed: {done.stderr.strip()}")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
