"""A sender in a process of its own that is killed at a chosen line of the send path, as a power cut would.

``python -m tests.emails.killable_sender SETTINGS`` reads one number a line: after so many lines of the send path the
process that delivers is killed; 0 lets it finish. It prints how many lines were run, or -1 for a process that was
killed. A process is forked for each, because importing the product takes longer than delivering.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import structlog

from emails.sender import EmailSender
from runtime.settings import Settings
from schemas.emails.messages import ClaimedEmail
from storage.database import open_pool

ROOT = Path(__file__).parents[2]
PARTS = ("sender", "batcher", "refusals", "smtp", "outgoing", "relay_health", "writer")
SEND_PATH = {str(ROOT / "emails" / f"{name}.py") for name in PARTS}
SEND_PATH.add(str(ROOT / "storage" / "outbox.py"))
LEFT = """
select exists (
    select from outbox where state = 'sending' or (state = 'queued' and next_attempt_at <= clock_timestamp())
)
"""


class Lines:
    """Counts the lines of the send path that are run, and kills the process at the chosen one."""

    def __init__(self, kill_at: int) -> None:
        self._kill_at = kill_at
        self.count = 0

    def trace(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        """Trace what belongs to the send path."""
        return self._line if frame.f_code.co_filename in SEND_PATH else None

    def _line(self, frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        if event == "line":
            self.count += 1
            if self.count == self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._line


async def deliver(settings: Settings) -> None:
    """Deliver all that is queued."""
    async with open_pool(settings.database_url.get_secret_value(), size=6) as pool:
        sending = asyncio.create_task(EmailSender(pool, settings, _ignore).run())
        while await pool.fetchval(LEFT):  # noqa: ASYNC110 - PostgreSQL does not tell
            await asyncio.sleep(0.01)
        sending.cancel()
        await asyncio.wait([sending])


async def _ignore(_: ClaimedEmail) -> None:
    """Nobody is told here."""


def _run(settings: Settings, kill_at: int, result: int) -> None:
    lines = Lines(kill_at)
    sys.settrace(lines.trace)
    asyncio.run(deliver(settings))
    os.write(result, str(lines.count).encode())


def main() -> None:
    """Fork a sender for each line that is read."""
    settings = Settings.model_validate_json(sys.argv[1])
    # The numbers have standard output for themselves.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    for line in sys.stdin:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            _run(settings, int(line), write)
            os._exit(0)
        os.close(write)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.read(read, 20).decode() if status == 0 else -1}\n")
        sys.stdout.flush()
        os.close(read)


if __name__ == "__main__":
    main()
