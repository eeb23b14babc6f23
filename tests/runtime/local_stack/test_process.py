"""A program of the stack that is killed leaves nothing at work that it started itself."""

import asyncio
from pathlib import Path

import psutil

from runtime.local_stack.process import ProgramCommand, RunningProgram

STARTS_ANOTHER = "sleep 60 & echo $!; wait"


async def test_what_a_killed_program_had_started_does_not_work_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    running = await RunningProgram.start(
        ProgramCommand(title="A shell", command=["/bin/sh", "-c", STARTS_ANOTHER], log=log)
    )
    async with asyncio.timeout(20):
        while not (said := log.read_text()).endswith("\n"):  # noqa: ASYNC110 - a file tells nobody that it grew
            await asyncio.sleep(0.02)
    started = psutil.Process(int(said))
    await running.kill()
    assert not running.alive
    assert psutil.wait_procs([started], timeout=5)[1] == []
