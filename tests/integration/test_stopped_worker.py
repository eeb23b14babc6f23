"""SIGTERM to workers whose relays answer no more: each process is gone in time, in every state of its relay."""

import asyncio
import os
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from emails.sender import MOST_IN_FLIGHT
from runtime.local_stack.stack import LocalStack, StackOptions
from runtime.local_stack.stack_discovery import ROOT
from storage import outbox
from storage.database import open_pool
from tests.emails.stored import store_pair
from tests.emails.test_sender import check_in
from tests.emails.test_stopped_sender import HangingRelay

STATES = (b"CONNECT", b"EHLO", b"MAIL", b"RCPT", b"DATA", b".")
GONE_WITHIN_SECONDS = 30
# As many as all workers together have on their way at the same time.
EMAILS = MOST_IN_FLIGHT * len(STATES)


async def _seconds_to_end(worker: asyncio.subprocess.Process) -> float:
    started = asyncio.get_running_loop().time()
    worker.send_signal(signal.SIGTERM)
    await asyncio.wait_for(worker.wait(), 2 * GONE_WITHIN_SECONDS)
    return asyncio.get_running_loop().time() - started


async def test_worker_is_gone_in_time_whatever_its_relay_does() -> None:
    relays = [HangingRelay(state) for state in STATES]
    with tempfile.TemporaryDirectory(prefix="mile test ") as made:
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset(), rehearsal=True)
        async with AsyncExitStack() as stack:
            local = await stack.enter_async_context(LocalStack(options))
            ports = [await stack.enter_async_context(relay.listening()) for relay in relays]
            pool = await stack.enter_async_context(open_pool(local.settings.database_url.get_secret_value()))
            await store_pair(pool)
            await outbox.enqueue(pool, *(check_in(number) for number in range(EMAILS)))
            workers = [
                await asyncio.create_subprocess_exec(
                    *(sys.executable, str(ROOT / "worker.py")),
                    env=os.environ | local.settings.environment() | {"MILE_SMTP_PORT": str(port)},
                    stdout=asyncio.subprocess.DEVNULL,
                )
                for port in ports
            ]
            await asyncio.wait_for(asyncio.gather(*(relay.hanging.wait() for relay in relays)), 60)
            taken = await asyncio.gather(*map(_seconds_to_end, workers))
            states = await pool.fetch("select state, count(*) from outbox group by state")
    print({state.decode(): round(seconds, 1) for state, seconds in zip(STATES, taken, strict=True)})
    assert max(taken) <= GONE_WITHIN_SECONDS
    assert [worker.returncode for worker in workers] == [0] * len(workers)
    assert sum(row["count"] for row in states) == EMAILS
    assert {row["state"] for row in states} <= {"queued", "sending"}
