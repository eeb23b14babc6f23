"""The mail relay of a fault run, a process of its own: ``python -m tools.fault_runs.relay FOLDER PORT``."""

import asyncio
import sys
from pathlib import Path

from runtime.local_stack.mail_sink import MailSink


async def main(folder: Path, port: int) -> None:
    """Accept emails into a Maildir until the process is ended."""
    await MailSink(folder).start(port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
