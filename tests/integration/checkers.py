"""The programs that check emails from outside; a test that needs one skips where it is not installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# Where make integration installs what tests/integration/package-lock.json names.
NODE_MODULES = Path(os.environ.get("NODE_MODULES", Path(__file__).parents[2] / "build" / "node" / "node_modules"))
PATIENCE_SECONDS = 300


def require(name: str, package: str) -> str:
    """Return the path of a program, or skip the test that needs it."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return path


def require_node_module(path: str) -> Path:
    """Return a file of a Node package, or skip the test that needs it."""
    file = NODE_MODULES / path
    if not file.exists():
        pytest.skip(f"{path} is not installed: run make integration, which needs npm")
    return file


def run(*command: str | Path, home: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a checker without this machine's own preferences; what it thinks of its input is in the result."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, input=stdin, cwd=home, env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )
