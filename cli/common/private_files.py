"""Files with names in them: only their owner may read them, and none is replaced unasked."""

import os
from pathlib import Path

from cli.common.paths import check_file
from schemas.errors import Refusal


def check_private(path: Path, option: str, *, force: bool) -> None:
    """Refuse a file that is there already, unless it may be replaced, or that could not be written."""
    check_file(path, option)
    if path.exists() and not force:
        raise _exists_refusal(path, option)


def write_private(path: Path, contents: bytes, option: str, *, force: bool) -> None:
    """Write a file that only its owner may read; raises Refusal where it is there already or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Removed and created anew, never opened: an existing file may be readable by others, or a link elsewhere.
        if force:
            path.unlink(missing_ok=True)
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(contents)
    except FileExistsError:
        raise _exists_refusal(path, option) from None
    except OSError as error:
        raise Refusal(f"{option} {path} cannot be written ({error.strerror}); name another file.") from error


def _exists_refusal(path: Path, option: str) -> Refusal:
    return Refusal(f"{option} {path} is there already and was left alone. Add --force to replace it.")
