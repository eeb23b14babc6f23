"""``mile worker`` and ``mile migrate``: parts of the service against servers that run elsewhere."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from runtime.database_health import require_database_of_ours
from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, ROOT, environment, present_settings
from runtime.migrations import migrate
from runtime.settings import Settings
from runtime.temporal import connect, ensure_search_attributes

Folder = Annotated[Path, typer.Option("--folder", help="The stack to use if the environment names no servers.")]


def worker_command(folder: Folder = DEFAULT_FOLDER) -> None:
    """Run a worker against the servers of the environment, or of the stack that runs in the folder."""
    settings = present_settings(folder)
    # Replaced rather than started as a child, so that signals reach the worker itself.
    os.execve(sys.executable, [sys.executable, str(ROOT / "worker.py")], environment(settings))  # noqa: S606


def migrate_command(
    folder: Folder = DEFAULT_FOLDER,
    temporal: Annotated[bool, typer.Option("--temporal", help="Register Temporal's search attributes too.")] = False,
) -> None:
    """Update the database's tables. Safe to run twice."""
    settings = present_settings(folder)
    url = settings.database_url.get_secret_value()
    asyncio.run(require_database_of_ours(url))
    migrate(url)
    print("The database's tables are up to date.")
    if temporal:
        asyncio.run(_register_search_attributes(settings))


async def _register_search_attributes(settings: Settings) -> None:
    added = await ensure_search_attributes(await connect(settings))
    print(f"Search attributes registered: {', '.join(added)}." if added else "The search attributes are in place.")
