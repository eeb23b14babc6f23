"""The local stack: started in order, watched, stopped in reverse; all its data is in one folder."""

import asyncio
import contextlib
import shutil
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from temporalio.client import Client

from runtime.local_stack.folder_lock import FolderLock, is_locked
from runtime.local_stack.mail_sink import MailSink, OnMail
from runtime.local_stack.ports import FIRST_PORT, Ports, require_free
from runtime.local_stack.postgres import Postgres
from runtime.local_stack.process import ProgramCommand, RunningProgram
from runtime.local_stack.readiness import is_listening, is_polling, run_concurrently, wait_until
from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, ROOT, environment
from runtime.local_stack.stack_settings import stack_settings, write_settings
from runtime.local_stack.temporal_server import TIME_SKIPPING, TemporalServer
from runtime.migrations import migrate
from runtime.settings import Settings
from schemas.errors import MileError

# The databases in a stack's folder.
POSTGRES_FOLDER, TEMPORAL_FILE = "postgres", "temporal.db"


class StackPart(StrEnum):
    """The parts a stack can do without; PostgreSQL and Temporal are always there."""

    MAIL = "mail"
    WORKER = "worker"
    WEB = "web"


@dataclass(frozen=True)
class StackOptions:
    """What kind of stack.

    ``ports`` is the first of four consecutive ports, None for any free ones. A ``rehearsal`` starts empty, is not
    durable, and can skip time for each workflow. ``dynamic`` are further lines of Temporal's dynamic configuration.
    """

    folder: Path = DEFAULT_FOLDER
    ports: int | None = FIRST_PORT
    parts: frozenset[StackPart] = frozenset(StackPart)
    rehearsal: bool = False
    dynamic: tuple[str, ...] = ()


def _ignore(_line: str) -> None:
    """Report nothing."""


class LocalStack:
    """The servers, the mailbox, the worker and the pages; ``async with`` starts and stops all of it.

    ``settings`` and ``client`` are set once it has started. ``report`` gets each step with its time, ``on_mail`` each
    captured email. Raises Refusal if the folder or a port is taken, MileError if a part does not start.
    """

    settings: Settings
    client: Client

    def __init__(
        self,
        options: StackOptions | None = None,
        *,
        report: Callable[[str], None] = _ignore,
        on_mail: OnMail | None = None,
    ) -> None:
        self._options = options or StackOptions()
        self._report = report
        self._rehearsal = self._options.rehearsal
        self._on_mail = on_mail
        self._worker: RunningProgram | None = None
        self._servers: list[RunningProgram] = []
        self._database: Postgres | None = None
        self._temporal: TemporalServer | None = None
        self._cleanup = contextlib.AsyncExitStack()
        self.folder = self._options.folder.resolve()
        self.ports = Ports.free() if self._options.ports is None else Ports.following(self._options.ports)

    async def __aenter__(self) -> Self:
        """Start the stack."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the stack."""
        await self.stop()

    async def start(self) -> None:
        """Start every part and return when all of them answer; if one does not, stop the others and say which."""
        self._require_ports()
        try:
            await self._start()
        except BaseException:
            # Cancellation too: Ctrl-C while starting must not leave servers behind.
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop whatever runs: pages and worker first, PostgreSQL last."""
        await self._cleanup.aclose()

    async def kill_worker(self) -> None:
        """Kill the worker at once, as a power cut would."""
        if self._worker is None:
            raise MileError("This stack has no worker to kill.")
        await self._worker.kill()

    async def start_worker(self) -> None:
        """Start a worker and wait until it asks for work; one that still runs is left alone."""
        if self._worker is None or not self._worker.alive:
            self._worker = await RunningProgram.start(self._python_program("worker", [str(ROOT / "worker.py")]))
            pid = self._worker.pid
            await wait_until(self._worker, lambda: is_polling(self.client, self.settings.task_queue, pid))

    async def stop_servers(self) -> None:
        """Stop PostgreSQL and Temporal in order, and leave the rest as it is, so that a backup can be put in place."""
        for server in (self._temporal, self._database):
            if server and server.running:
                await server.running.stop()

    async def start_servers(self) -> None:
        """Start PostgreSQL and Temporal again after ``stop_servers``, at the same addresses."""
        if self._database is None or self._temporal is None:
            raise MileError("This stack was never started.")
        await self._database.start()
        await self._temporal.start(self.settings)

    async def watch(self) -> None:
        """Wait until some part ends by itself, then raise MileError with the end of its log."""
        parts = [*self._servers, *([self._worker] if self._worker else [])]
        async with contextlib.AsyncExitStack() as stack:
            waits = {asyncio.ensure_future(part.wait()): part for part in parts}
            for wait in waits:
                stack.callback(wait.cancel)
            ended, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            raise waits[ended.pop()].ended()

    def environment(self) -> dict[str, str]:
        """Return the environment a process needs to work in this stack."""
        return environment(self.settings, alone=True)

    def _require_ports(self) -> None:
        required = {"Temporal UI": self.ports.temporal_ui, "Temporal": self.ports.temporal}
        if StackPart.WEB in self._options.parts:
            required = {"pages": self.ports.web, **required}
        if StackPart.MAIL in self._options.parts:
            required["mail"] = self.ports.mail
        # A stack that already runs in this folder explains its own ports better than their numbers would.
        if not is_locked(self.folder):
            for title, port in required.items():
                require_free(port, title)

    async def _start(self) -> None:
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._cleanup.enter_context(FolderLock(self.folder))
        self._clear()
        database = Postgres(
            self.folder / POSTGRES_FOLDER, self._log("postgres"), self._report, throwaway=self._rehearsal
        )
        self._database = database
        self._cleanup.push_async_callback(database.stop)
        self.settings = stack_settings(self.folder, self.ports, database.url, rehearsal=self._rehearsal)
        await run_concurrently(self._start_database(database), self._start_temporal())
        settings_file = write_settings(self.folder, self.settings)
        self._cleanup.callback(settings_file.unlink, missing_ok=True)
        await self._start_parts()

    async def _start_parts(self) -> None:
        parts = self._options.parts
        if StackPart.MAIL in parts:
            await self._start_mail()
        starters = {StackPart.WORKER: self._start_first_worker, StackPart.WEB: self.start_web}
        await run_concurrently(*(start() for part, start in starters.items() if part in parts))

    async def _start_mail(self) -> None:
        sink = MailSink(self.folder / "mail", self._on_mail)
        self._cleanup.push_async_callback(sink.stop)
        async with self._step("Mailbox"):
            await sink.start(self.ports.mail)

    async def _start_first_worker(self) -> None:
        self._cleanup.push_async_callback(self._stop_worker)
        async with self._step("Worker"):
            await self.start_worker()

    async def _start_database(self, database: Postgres) -> None:
        async with self._step("PostgreSQL"):
            await database.start()
        async with self._step("Migrations"):
            await asyncio.to_thread(migrate, database.url)
        self._servers += filter(None, [database.running])

    async def _start_temporal(self) -> None:
        database = None if self._rehearsal else self.folder / TEMPORAL_FILE
        dynamic = (*(TIME_SKIPPING if self._rehearsal else ()), *self._options.dynamic)
        server = TemporalServer(self.ports, self._log("temporal"), database=database, dynamic=dynamic)
        self._temporal = server
        self._cleanup.push_async_callback(server.stop)
        async with self._step("Temporal"):
            self.client = await server.start(self.settings)
        self._servers += filter(None, [server.running])

    async def start_web(self) -> None:
        """Start the pages as a process of their own and wait until they answer."""
        async with self._step("Pages"):
            web = await RunningProgram.start(self._python_program("web", ["-m", "cli.main", "web"]))
            self._cleanup.push_async_callback(web.stop)
            self._servers.append(web)
            await wait_until(web, lambda: is_listening(self.ports.web))

    async def _stop_worker(self) -> None:
        if self._worker is not None:
            await self._worker.stop()

    def _python_program(self, title: str, arguments: list[str]) -> ProgramCommand:
        command = [sys.executable, *arguments]
        # In the stack's own folder, where no .env of another installation lies.
        return ProgramCommand(
            f"The {title}", command, self._log(title), environment=self.environment(), folder=self.folder
        )

    def _log(self, title: str) -> Path:
        return self.folder / "logs" / f"{title}.log"

    def _clear(self) -> None:
        """Begin with empty logs, and a rehearsal with an empty database and mailbox as well."""
        for name in ("logs", POSTGRES_FOLDER, "mail") if self._rehearsal else ("logs",):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        if self._rehearsal:
            (self.folder / "clock.json").unlink(missing_ok=True)
        (self.folder / "logs").mkdir(mode=0o700)

    @contextlib.asynccontextmanager
    async def _step(self, title: str) -> AsyncIterator[None]:
        began = time.perf_counter()
        yield
        self._report(f"{title} ready ({time.perf_counter() - began:.1f} s)")
