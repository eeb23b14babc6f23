"""Whoever runs the service learns that no backup was made for a day, and not where nobody makes any."""

import asyncio
import os
import subprocess
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from runtime.local_stack.postgres import programs
from runtime.settings import Settings
from services.backup_health import check_backups
from storage.service_status import backup_status
from tests.emails.relay import settings_for

SCRIPT = Path(__file__).parents[2] / "deploy" / "backup.sh"


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_for(database_url, 1)


async def said(settings: Settings) -> tuple[bool, str]:
    [finding] = await check_backups(settings)
    return finding.ok, finding.found.partition(" 2")[0]


async def age(pool: asyncpg.Pool, by: timedelta) -> None:
    await pool.execute(
        "update backup_status set began_at = began_at - $1::interval, finished_at = finished_at - $1::interval", by
    )


async def test_the_newest_backup_is_of_the_last_day(pool: asyncpg.Pool, settings: Settings) -> None:
    assert await said(settings) == (True, "none was ever begun")
    await pool.execute("insert into backup_status (began_at) values (now())")
    assert await said(settings) == (True, "none was ever finished")
    await age(pool, timedelta(hours=27))
    assert await said(settings) == (False, "none was ever finished")
    await pool.execute("update backup_status set finished_at = now()")
    assert await said(settings) == (True, "the newest was finished")
    await age(pool, timedelta(hours=25))
    assert await said(settings) == (True, "the newest was finished")
    await age(pool, timedelta(hours=1, minutes=1))
    assert await said(settings) == (False, "the newest was finished")


async def back_up(database_url: str, folder: Path, databases: str) -> int:
    """Make one backup as the deployment does; return the script's exit status."""
    url = urlsplit(database_url)
    environment = {
        "PATH": f"{programs()}:{os.environ['PATH']}",
        "PGHOST": parse_qs(url.query)["host"][0],
        "PGUSER": url.username or "",
        "BACKUP_FOLDER": str(folder),
        "BACKUP_DATABASES": databases,
    }
    command = ["/bin/sh", str(SCRIPT), "once"]
    done = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, check=False)
    return done.returncode


async def test_script_notes_what_it_finished_and_nothing_that_failed(
    pool: asyncpg.Pool, database_url: str, settings: Settings, tmp_path: Path
) -> None:
    assert await back_up(database_url, tmp_path, "mile nowhere") != 0
    assert await said(settings) == (True, "none was ever finished")
    begun = await backup_status(pool)
    assert await back_up(database_url, tmp_path, "mile") == 0
    assert await said(settings) == (True, "the newest was finished")
    finished = await backup_status(pool)
    assert begun
    assert finished
    assert finished.began_at == begun.began_at
