"""Stopping a long command: Ctrl-C, a closed terminal and SIGTERM all lead to the same orderly shutdown."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import uvloop

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_interrupted(main: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine; the first signal cancels it, later ones are ignored so that nothing is left half stopped.

    Raises KeyboardInterrupt after an interrupted coroutine has cleaned up.
    """
    if not uvloop.run(_supervised(main)):
        raise KeyboardInterrupt


async def _supervised(main: Coroutine[Any, Any, None]) -> bool:
    task = asyncio.ensure_future(main)
    interrupted = asyncio.Event()

    def interrupt() -> None:
        if not interrupted.is_set():
            interrupted.set()
            task.cancel()

    # The loop's runner handles only SIGINT, and a second one would break off the cleanup.
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, interrupt)
    try:
        await task
    except asyncio.CancelledError:
        return False
    # A task that ended by itself while it was being canceled was interrupted all the same.
    return not interrupted.is_set()
