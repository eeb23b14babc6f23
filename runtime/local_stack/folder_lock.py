"""One stack per folder: a file lock, which the kernel releases when its process ends, however it ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from schemas.errors import Refusal


class FolderLock:
    """The lock of one stack folder; ``stack.lock`` names its holder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "stack.lock"
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock; raise Refusal naming the process that has it."""
        descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode() or "unknown"
            os.close(descriptor)
            raise Refusal(
                f"A stack is already running in {self._file.parent} (process {holder}). Use it, stop it with Ctrl-C, "
                "or run another one beside it: --folder OTHER --ports N"
            ) from None
        # Only now: before the lock is taken, the file names the process that has it.
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_locked(folder: Path) -> bool:
    """Tell whether a stack is running in this folder."""
    file = folder / "stack.lock"
    if not file.is_file():
        return False
    descriptor = os.open(file, os.O_RDONLY)
    try:
        # Shared, so that two commands that look at the same moment do not take each other for a stack.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
