"""How processes and commands on this machine find a running stack: its settings file and its environment.

A module of its own, because a worker or the pages also run where the stack is not installed.
"""

import os
from pathlib import Path

from runtime.local_stack.folder_lock import is_locked
from runtime.settings import PREFIX, Settings, read_settings

ROOT = Path(__file__).parents[2]
DEFAULT_FOLDER = Path(".mile")


def present_settings(folder: Path = DEFAULT_FOLDER) -> Settings:
    """Read the settings a command works with: the environment, then ``.env``, then the stack running in the folder.

    Raises Refusal naming what is missing.
    """
    # A stack that was killed leaves its file behind; without the lock it is stale.
    stack = (settings_file(folder),) if is_locked(folder) else ()
    return read_settings(Path(".env"), *stack)


def settings_file(folder: Path) -> Path:
    """Return the dotenv file in which a running stack leaves its settings."""
    return folder / "stack.env"


def environment(settings: Settings, *, alone: bool = False) -> dict[str, str]:
    """Return a process's environment with every setting of ours replaced and everything else as it is.

    ``alone`` leaves out whatever else the environment says of Temporal: a stack's processes know no other server.
    """
    foreign = (PREFIX, "TEMPORAL_") if alone else PREFIX
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
    path = os.pathsep.join(filter(None, [str(ROOT), inherited.get("PYTHONPATH")]))
    return {**inherited, "PYTHONPATH": path, **settings.environment()}
