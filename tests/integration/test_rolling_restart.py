"""The pages restart under their socket, as systemd holds it for them, and nobody who asks meanwhile is turned away."""

import asyncio
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

from runtime.local_stack.ports import HOST
from runtime.local_stack.stack import LocalStack, StackOptions

ASKING = 5
READS_SECONDS = 0.3
RESTARTS = 2
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ENDS_WITHIN_SECONDS = 40
# systemd hands the socket over as the third descriptor, and says to which process (sd_listen_fds(3)).
AS_SYSTEMD = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@" 3<&"$PASSED"'


@asynccontextmanager
async def pages(stack: LocalStack, listening: socket.socket) -> AsyncIterator[None]:
    """Run the pages in the block as ``mile-web.service`` does, then stop them in order."""
    passed = listening.fileno()
    with (stack.folder / "logs" / "web.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *("sh", "-c", AS_SYSTEMD, "sh", sys.executable, "-m", "cli.main", "web"),
            env=stack.environment() | {"PASSED": str(passed)},
            cwd=stack.folder,
            pass_fds=(passed,),
            stdout=log,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(process.wait(), ENDS_WITHIN_SECONDS)
    assert status in {0, -signal.SIGTERM}


def keep_asking(port: int, number: int, answers: Counter[str], stop: Event) -> None:
    """Open the form for lost links, read it and send it, over and over: each time as somebody else.

    Both go by one connection, for as long as the pages let it be open; this client sends nothing a second time.
    """
    turn = 0
    while not stop.is_set():
        turn += 1
        connection = HTTPConnection(HOST, port, timeout=60)
        person = {"X-Forwarded-For": f"198.51.{number}.{turn % 250}"}
        form = urlencode({"email": f"p{turn}@example.org"})
        for method, body in (("GET", None), ("POST", form)):
            try:
                connection.request(method, "/links", body, person | FORM)
                answer = connection.getresponse()
                answer.read()
                answers[f"{method} {answer.status}"] += 1
            except (OSError, HTTPException) as error:
                answers[f"{method} {error!r}"] += 1
            time.sleep(READS_SECONDS)
        connection.close()


async def test_nobody_is_turned_away_while_the_pages_restart() -> None:
    answers, stop = Counter[str](), Event()
    with tempfile.TemporaryDirectory(prefix="mile test ") as made, socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]
        options = StackOptions(folder=Path(made), ports=None, parts=frozenset(), rehearsal=True)
        async with LocalStack(options) as stack:
            asking = [asyncio.to_thread(keep_asking, port, number, answers, stop) for number in range(ASKING)]
            asked = asyncio.gather(*asking)
            seen = []
            for restart in range(RESTARTS + 1):
                async with pages(stack, listening):
                    before = answers["GET 200"]
                    # The pages stop when somebody has just got the form, and is yet to send it.
                    async with asyncio.timeout(60):
                        while answers["GET 200"] < before + 5 * ASKING:  # noqa: ASYNC110 - they tell nobody
                            await asyncio.sleep(0.05)
                    if restart == RESTARTS:
                        stop.set()
                        await asked
                seen.append(dict(answers))
    print(seen)
    assert set(answers) == {"GET 200", "POST 303"}
