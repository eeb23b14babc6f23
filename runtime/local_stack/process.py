"""One program of the stack: it ends with its parent, logs to a file, and is asked to stop before it is killed."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import MileError

PARENT_DEATH = Path(__file__).with_name("parent_death.py")


@dataclass(frozen=True)
class ProcessOwner:
    """The user a program runs as, where it is not the caller."""

    uid: int
    gid: int


@dataclass(frozen=True)
class ProgramCommand:
    """What to start; ``stop_with`` is the signal that stops it, ``dies_with`` the one sent when the stack is killed."""

    title: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    owner: ProcessOwner | None = None
    folder: Path | None = None
    stop_with: signal.Signals = signal.SIGTERM
    dies_with: signal.Signals = signal.SIGKILL
    stops_within_seconds: float = 10.0


class RunningProgram:
    """A program that was started."""

    def __init__(self, program: ProgramCommand, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self._process = process

    @classmethod
    async def start(cls, program: ProgramCommand) -> "RunningProgram":
        """Start a program in a session of its own, so that Ctrl-C reaches the stack first and is passed on in order.

        Must be called on the event loop's own thread: Linux ties the death signal to the thread, not to the process.
        """
        owner = f"{program.owner.uid}:{program.owner.gid}" if program.owner else "-"
        parent_death = [
            sys.executable,
            # Isolated and without site-packages: nothing but the standard library, and started sooner.
            "-I",
            "-S",
            str(PARENT_DEATH),
            str(os.getpid()),
            str(int(program.dies_with)),
            owner,
        ]
        with program.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *parent_death,
                *program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=program.environment,
                cwd=program.folder,
                start_new_session=True,
            )
        return cls(program, process)

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.returncode is None

    @property
    def status(self) -> int | None:
        """Return the exit status, negative for a signal, None while it runs."""
        return self._process.returncode

    def require_alive(self) -> None:
        """Raise MileError with the end of its log if it has ended."""
        if not self.alive:
            raise self.ended()

    async def wait(self) -> None:
        """Wait until it ends."""
        await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, wait, and kill it if it does not."""
        self._send(self.program.stop_with)
        try:
            async with asyncio.timeout(self.program.stops_within_seconds):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once (SIGKILL), and with it what it started in its own session, which would otherwise work on."""
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()

    def ended(self) -> MileError:
        """Return the error that says it ended by itself, where its log is, and the log's last lines."""
        lines = self.program.log.read_text(errors="replace").strip().splitlines()[-8:]
        return MileError(
            "\n".join([f"{self.program.title} ended (status {self.status}). From {self.program.log}:", *lines])
        )

    def _send(self, number: signal.Signals) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
