"""What a staff command works with: PostgreSQL, Temporal, and a sentence for each way in which they do not answer."""

import contextlib
import os
import pwd
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
import typer
from pydantic import BaseModel, JsonValue
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import FailureError
from temporalio.service import RPCError, RPCStatusCode

from runtime.local_stack.stack_discovery import DEFAULT_FOLDER, present_settings
from runtime.settings import Settings
from runtime.temporal import connect
from schemas.errors import MileError, Refusal
from storage import cohorts
from storage.database import open_pool

# Longer than Temporal waits for a worker that died a moment ago before it asks another one.
ANSWERED_WITHIN = timedelta(seconds=15)
NO_WORKER = (
    "No worker is running, so nobody can answer, and nothing was changed. Start one (mile up, or mile worker) and run "
    "the command again."
)
NOT_TAKEN_IN = (
    "The worker went away meanwhile. Start one (mile up, or mile worker), and look whether it was done before you run "
    "the command again."
)
_NOBODY_ANSWERED = {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION}

Handle = WorkflowHandle[object, object]
Answered = TypeVar("Answered")

AsJson = Annotated[bool, typer.Option("--json", help="Print it for programs.")]
Folder = Annotated[Path, typer.Option("--folder", help="The stack to use where the environment names no servers.")]
HERE = DEFAULT_FOLDER


@dataclass(frozen=True)
class Servers:
    """The servers of one command."""

    settings: Settings
    pool: asyncpg.Pool
    client: Client

    def workflow(self, workflow_id: str) -> Handle:
        """Return the handle of a workflow, whether or not there is one."""
        return self.client.get_workflow_handle(workflow_id)

    async def describe(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        """Return what Temporal knows of a workflow without asking a worker, or None where it knows of none."""
        try:
            return await self.workflow(workflow_id).describe(rpc_timeout=ANSWERED_WITHIN)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise MileError(_trouble(error)) from error

    async def note(self, action: str, cohort_id: str, mentorship_id: str | None = None, **details: JsonValue) -> None:
        """Leave the audit event of a staff step; details carry ids and numbers."""
        await cohorts.save_audit_event(
            self.pool,
            datetime.now(UTC),
            cohort_id=cohort_id,
            mentorship_id=mentorship_id,
            actor=_actor(),
            action=action,
            details=details,
        )


@contextlib.asynccontextmanager
async def servers(folder: Path) -> AsyncIterator[Servers]:
    """Open the servers of the environment, or of the stack that runs in the folder.

    Raises Refusal where settings are missing, MileError where a server cannot be reached.
    """
    settings = _settings(folder)
    async with contextlib.AsyncExitStack() as opened:
        try:
            pool = await opened.enter_async_context(open_pool(settings.database_url.get_secret_value(), size=2))
        except (OSError, asyncpg.PostgresError) as error:
            raise MileError("PostgreSQL cannot be reached. The command mile doctor says more.") from error
        yield Servers(settings, pool, await connect(settings))


def _settings(folder: Path) -> Settings:
    try:
        return present_settings(folder)
    except Refusal as refusal:
        here = "" if folder == HERE else f" --folder {folder}"
        hint = f"Or let the service run on this machine, in another terminal: mile up{here}"
        raise Refusal(f"{refusal}\n{hint}") from None


async def ask(
    handle: Handle, query: str, *given: object, kind: type[Answered], absent: Refusal, may_decline: bool = False
) -> Answered:
    """Return what a workflow answers to a query; raises ``absent`` where there is no such workflow.

    Where it ``may_decline`` what is asked, its own sentence is raised as a Refusal: Temporal tells a query's caller the
    words of an error and not its kind.
    """
    with explained_by_temporal(absent):
        try:
            answered: Answered = await handle.query(query, args=given, result_type=kind, rpc_timeout=ANSWERED_WITHIN)
        except WorkflowQueryFailedError as declined:
            if not may_decline:
                raise
            raise Refusal(declined.message) from declined
        return answered


async def order(handle: Handle, update: str, *given: object, kind: type[Answered], absent: Refusal) -> Answered:
    """Have a workflow carry out an update and return its result, however long that takes.

    Raises Refusal with the workflow's own sentence where it declines, MileError where no worker takes it in.
    """
    with explained_by_temporal(absent):
        # An update that nobody takes in waits at the server and is carried out later, unasked for by then.
        await handle.query("progress", rpc_timeout=ANSWERED_WITHIN)
        taken = await handle.start_update(
            update,
            args=given,
            result_type=kind,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            rpc_timeout=ANSWERED_WITHIN,
        )
        result: Answered = await taken.result()
        return result


@contextlib.contextmanager
def explained_by_temporal(absent: Refusal) -> Iterator[None]:
    """Turn what Temporal says into a sentence; ``absent`` stands for a workflow it does not know, or that is over."""
    try:
        yield
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise MileError(NOT_TAKEN_IN) from None
    except WorkflowUpdateFailedError as declined:
        raise Refusal(_reason(declined.cause)) from declined
    except WorkflowQueryFailedError as failed:
        raise MileError("The workflow could not answer; the worker's log and the Temporal UI say why.") from failed
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise absent from error
        if error.status in _NOBODY_ANSWERED:
            raise MileError(NO_WORKER) from error
        raise MileError(_trouble(error)) from error


def print_json(shown: BaseModel) -> None:
    """Print what programs read."""
    print(shown.model_dump_json(indent=2))


def _trouble(error: RPCError) -> str:
    return f"Temporal answered {error.status.name}. The command mile doctor says more."


def _reason(cause: BaseException) -> str:
    # An activity's own sentence stands innermost, behind the engine's "Activity task failed".
    while cause.__cause__:
        cause = cause.__cause__
    return cause.message if isinstance(cause, FailureError) else "The workflow declined."


def _actor() -> str:
    """Return the operating system's user: whoever may run the command is staff."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user-{os.getuid()}"
