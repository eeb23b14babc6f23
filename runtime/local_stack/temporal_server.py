"""A real Temporal server on this machine: Temporal's own development server with its UI."""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.local_stack.ports import HOST, Ports
from runtime.local_stack.process import ProgramCommand, RunningProgram
from runtime.migrations import program
from runtime.settings import Settings
from runtime.temporal import connect, ensure_search_attributes
from schemas.errors import MileError

# A finished quarter should still be readable when the mentorship ends; the development server's default is one day.
RETENTION = timedelta(days=3650)

# A workflow whose steps fail shows so at the second failure, within seconds; by default at the fifth, within a minute.
PROBLEMS_SHOW = "system.numConsecutiveWorkflowTaskProblemsToTriggerSearchAttribute=2"

# Without the first the server refuses to start a workflow with time skipping, without the second each skip takes a
# second, and without the third the clock jumps by months when a workflow continues as new (seen with server 1.32).
TIME_SKIPPING = (
    "frontend.WorkflowTimeSkippingEnabled=true",
    'history.timerProcessorMaxTimeShift="1ms"',
    'history.workflowIdReuseMinimalInterval="0s"',
)


class TemporalServer:
    """One Temporal server; without a ``database`` it forgets everything when it ends.

    ``dynamic`` are lines of the server's dynamic configuration, such as TIME_SKIPPING.
    """

    def __init__(self, ports: Ports, log: Path, *, database: Path | None, dynamic: Sequence[str] = ()) -> None:
        self._ports = ports
        self._log = log
        self._database = database
        self._dynamic = dynamic
        self._running: RunningProgram | None = None

    @property
    def running(self) -> RunningProgram | None:
        """Return the server's process once it was started."""
        return self._running

    async def start(self, settings: Settings) -> Client:
        """Start it, wait until it answers, and prepare the namespace. Return a client of it."""
        self._running = await RunningProgram.start(
            ProgramCommand(title="Temporal", command=self._command(), log=self._log, environment=_environment())
        )
        client = await self._wait_until_ready(settings, self._running)
        if self._database is not None:
            self._make_private(self._database)
        await ensure_search_attributes(client)
        await _set_retention(client)
        return client

    async def stop(self) -> None:
        """Stop it in order."""
        if self._running is not None:
            await self._running.stop()

    @staticmethod
    def _make_private(database: Path) -> None:
        # With the files that SQLite keeps beside it.
        for file in database.parent.glob(f"{database.name}*"):
            # SQLite deletes its journal after each transaction.
            with contextlib.suppress(FileNotFoundError):
                file.chmod(0o600)

    def _command(self) -> list[str]:
        listening = ["--ip", HOST, "--port", str(self._ports.temporal), "--ui-port", str(self._ports.temporal_ui)]
        command = [program("temporal"), "server", "start-dev", *listening]
        command += ["--log-level", "error", "--ui-disable-news-fetch"]
        if self._database is not None:
            command += ["--db-filename", str(self._database)]
        for value in (PROBLEMS_SHOW, *self._dynamic):
            command += ["--dynamic-config-value", value]
        return command

    async def _wait_until_ready(self, settings: Settings, running: RunningProgram) -> Client:
        while True:
            running.require_alive()
            try:
                return await connect(settings)
            except MileError:
                await asyncio.sleep(0.05)


def _environment() -> dict[str, str]:
    """Return the environment without TEMPORAL_ variables, which would point the command line to another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}


async def _set_retention(client: Client) -> None:
    config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=int(RETENTION.total_seconds())))
    request = UpdateNamespaceRequest(namespace=client.namespace, config=config)
    for attempt in range(50):
        try:
            await client.workflow_service.update_namespace(request)
        except RPCError:
            # The server answers a moment before its namespace does.
            if attempt == 49:
                raise
            await asyncio.sleep(0.1)
        else:
            return
