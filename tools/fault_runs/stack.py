"""The local stack with each part a process of its own, which can be killed, paused and started again by itself.

A part that ends is started again, as ``restart: unless-stopped`` of docker-compose.yml does.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

import asyncpg
import httpx
import psutil
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.local_stack.ports import HOST, Ports
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.process import ProgramCommand, RunningProgram
from runtime.local_stack.readiness import is_listening, is_polling
from runtime.local_stack.stack import POSTGRES_FOLDER, TEMPORAL_FILE
from runtime.local_stack.stack_discovery import ROOT, environment
from runtime.local_stack.stack_settings import stack_settings
from runtime.local_stack.temporal_server import TemporalServer
from runtime.migrations import migrate
from runtime.settings import Settings
from schemas.errors import MileError

LOOK_EVERY_SECONDS = 0.2
READY_WITHIN_SECONDS = 60.0
# Debian's package libfaketime, by which one process sees another time than the machine.
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
# Room for a new cluster, its write-ahead log and some hundred runs.
DISK_MEGABYTES = 600
SMALL_LOG = ("-c", "min_wal_size=32MB", "-c", "max_wal_size=64MB")


class Part(StrEnum):
    """The processes of a stack."""

    POSTGRES = "postgres"
    TEMPORAL = "temporal"
    RELAY = "relay"
    WORKER = "worker"
    WEB = "web"


@dataclass
class Supervised:
    """One part: how it is started, whether a fault holds it down, and how often it ended by itself."""

    start: Callable[[], Awaitable[RunningProgram]]
    running: RunningProgram | None = None
    held: bool = False
    ended_by_itself: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def processes(self) -> Iterator[psutil.Process]:
        """Yield its process and all that descend from it."""
        if self.running is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(self.running.pid)
                yield from (process, *process.children(recursive=True))

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all of its processes."""
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    async def kill(self) -> None:
        """End all of its processes at once."""
        self.signal(signal.SIGKILL)
        if self.running is not None:
            await self.running.kill()


class FaultStack:
    """PostgreSQL, Temporal, relay, worker and pages on this machine, under supervision.

    ``disk`` is the small file system that PostgreSQL lies on, or None where none can be mounted: that takes root.
    """

    settings: Settings
    client: Client

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.ports = Ports.free()
        self.disk: Path | None = None
        self.clock_off: dict[Part, timedelta] = {}
        self.parts: dict[Part, Supervised] = {}
        self._cleanup = contextlib.AsyncExitStack()

    @property
    def mail(self) -> Path:
        """Return the Maildir of the relay."""
        return self.folder / "mail"

    @contextlib.asynccontextmanager
    async def started(self) -> AsyncIterator["FaultStack"]:
        """Start every part, and supervise them for as long as the block lasts."""
        async with self._cleanup:
            await self._start()
            yield self

    async def _start(self) -> None:
        (self.folder / "logs").mkdir(mode=0o700)
        self._mount_disk()
        place = self.folder / "disk" / POSTGRES_FOLDER
        postgres = Postgres(place, self._log(Part.POSTGRES), lambda _: None, options=SMALL_LOG)
        self._cleanup.push_async_callback(postgres.stop)
        self.settings = stack_settings(self.folder, self.ports, postgres.url, rehearsal=False)
        temporal = TemporalServer(self.ports, self._log(Part.TEMPORAL), database=self.folder / TEMPORAL_FILE)
        relay = ["-m", "tools.fault_runs.relay", str(self.mail), str(self.ports.mail)]
        starters: Mapping[Part, Callable[[], Awaitable[RunningProgram]]] = {
            Part.POSTGRES: lambda: self._start_postgres(postgres),
            Part.TEMPORAL: lambda: self._start_temporal(temporal),
            Part.RELAY: lambda: self._start_python(Part.RELAY, relay),
            Part.WORKER: lambda: self._start_python(Part.WORKER, [str(ROOT / "worker.py")]),
            Part.WEB: lambda: self._start_python(Part.WEB, ["-m", "cli.main", "web"]),
        }
        for part, start in starters.items():
            self.parts[part] = Supervised(start)
            self._cleanup.push_async_callback(self._stop, self.parts[part])
            await self._restart(self.parts[part])
            if part is Part.POSTGRES:
                await asyncio.to_thread(migrate, postgres.url)
        supervisors = [asyncio.create_task(self._supervise(each)) for each in self.parts.values()]
        for task in supervisors:
            self._cleanup.callback(task.cancel)
        await self.wait_until_ready()

    def _mount_disk(self) -> None:
        disk = self.folder / "disk"
        disk.mkdir(mode=0o755)
        if os.geteuid() == 0 and sys.platform == "linux":
            options = f"size={DISK_MEGABYTES}m,mode=755"
            # It may be forbidden in a container; then no disk is filled.
            if _ran("mount", "-t", "tmpfs", "-o", options, "mile-faults", str(disk)):
                self.disk = disk
                self._cleanup.callback(_ran, "umount", "--lazy", str(disk))

    @staticmethod
    async def _start_postgres(postgres: Postgres) -> RunningProgram:
        try:
            await postgres.start()
        except (OSError, asyncpg.PostgresError):
            # It went away while it was asked whether it answers: nobody else would know of it.
            await _required(postgres.running).kill()
            raise
        return _required(postgres.running)

    async def _start_temporal(self, temporal: TemporalServer) -> RunningProgram:
        client = await temporal.start(self.settings)
        if not hasattr(self, "client"):
            self.client = client
        return _required(temporal.running)

    async def _start_python(self, part: Part, arguments: list[str]) -> RunningProgram:
        variables = environment(self.settings, alone=True)
        if off := self.clock_off.get(part):
            # The steady clock stays: only the time of day is wrong.
            seconds = f"{off.total_seconds():+.0f}"
            variables |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME": seconds, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        command = [sys.executable, *arguments]
        return await RunningProgram.start(
            ProgramCommand(f"The {part}", command, self._log(part), environment=variables, folder=self.folder)
        )

    def _log(self, part: Part) -> Path:
        return self.folder / "logs" / f"{part}.log"

    @staticmethod
    async def _restart(part: Supervised) -> None:
        # What it needs may be away: then it ends, or does not come up, and is started once more.
        with contextlib.suppress(MileError, OSError, RPCError, asyncpg.PostgresError):
            part.running = await part.start()

    async def _supervise(self, part: Supervised) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            async with part.lock:
                if part.held or (part.running is not None and part.running.alive):
                    continue
                part.ended_by_itself += 1
                await self._restart(part)

    @staticmethod
    async def _stop(part: Supervised) -> None:
        part.signal(signal.SIGCONT)
        if part.running is not None:
            await part.running.stop()

    @contextlib.asynccontextmanager
    async def down(self, part: Part) -> AsyncIterator[None]:
        """Kill a part at once, and start it again at the end of the block."""
        supervised = self.parts[part]
        async with supervised.lock:
            supervised.held = True
            await supervised.kill()
        try:
            yield
        finally:
            async with supervised.lock:
                await self._restart(supervised)
                supervised.held = False

    async def wait_until_ready(self) -> None:
        """Wait until every part answers; raises MileError where one does not within a minute."""
        checks = {
            Part.POSTGRES: self._postgres_answers,
            Part.TEMPORAL: self._temporal_answers,
            Part.RELAY: lambda: is_listening(self.ports.mail),
            Part.WEB: self._web_answers,
            Part.WORKER: self._worker_polls,
        }
        ends = time.monotonic() + READY_WITHIN_SECONDS
        for part, ready in checks.items():
            while not await ready():
                if time.monotonic() > ends:
                    raise MileError(f"{part} does not answer {READY_WITHIN_SECONDS:.0f} seconds after the last fault.")
                await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _postgres_answers(self) -> bool:
        try:
            async with self.database() as database:
                return bool(await database.fetchval("select not current_setting('transaction_read_only')::boolean"))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    async def _temporal_answers(self) -> bool:
        try:
            await self.client.workflow_service.get_system_info(GetSystemInfoRequest(), timeout=timedelta(seconds=2))
        except RPCError:
            return False
        return True

    async def _web_answers(self) -> bool:
        try:
            async with httpx.AsyncClient(timeout=5) as http:
                return (await http.get(f"http://{HOST}:{self.ports.web}/readyz")).is_success
        except httpx.HTTPError:
            return False

    async def _worker_polls(self) -> bool:
        worker = self.parts[Part.WORKER].running
        try:
            return worker is not None and await is_polling(self.client, self.settings.task_queue, worker.pid)
        except RPCError:
            return False

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """Connect to the database for a moment, by a connection of its own that may always write."""
        connection = await asyncpg.connect(self.settings.database_url.get_secret_value(), timeout=5, command_timeout=15)
        try:
            await connection.execute("set session characteristics as transaction read write")
            yield connection
        finally:
            with contextlib.suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=5)


def _required(running: RunningProgram | None) -> RunningProgram:
    if running is None:
        raise MileError("A part was not started.")
    return running


def _ran(*command: str) -> bool:
    """Run a command and tell whether it succeeded."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603 - fixed programs
