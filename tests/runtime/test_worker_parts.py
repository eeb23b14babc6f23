"""The parts of a worker's process: one that ends by an error is named in the log and at the health address."""

import asyncio
import contextlib

from structlog.testing import capture_logs

from worker import has_failed, log_failure


async def test_part_that_fails_is_named_and_one_with_nothing_to_do_is_not() -> None:
    async def fails() -> None:
        raise ZeroDivisionError("words of somebody")

    async def has_nothing_to_do() -> None:
        pass

    async def runs() -> None:
        await asyncio.Event().wait()

    parts = [asyncio.create_task(run(), name=run.__name__) for run in (fails, has_nothing_to_do, runs)]
    with capture_logs() as logged:
        for part in parts:
            part.add_done_callback(log_failure)
        await asyncio.wait(parts, return_when=asyncio.FIRST_EXCEPTION)
        await asyncio.sleep(0)
        assert [has_failed(part) for part in parts] == [True, False, False]
        parts[2].cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await parts[2]
    assert logged == [{"event": "part_failed", "log_level": "error", "part": "fails", "error": "ZeroDivisionError"}]
