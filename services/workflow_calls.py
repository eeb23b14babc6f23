"""Queries and updates of workflows, with a sentence for each way in which Temporal does not answer."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import TypeVar

from temporalio.client import (
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import FailureError
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import MileError, Refusal

Handle = WorkflowHandle[object, object]
Answered = TypeVar("Answered")

# Longer than Temporal waits for a worker that died a moment ago before it asks another one.
ANSWERED_WITHIN = timedelta(seconds=15)
_NOBODY_ANSWERED = {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION}


class NoWorkerAnswered(MileError):
    """No worker answered for a workflow in time."""

    def __init__(self) -> None:
        super().__init__(
            "No worker answered, so nothing was changed.",
            shell_advice="If none runs, start one (mile up, or mile worker). Then run the command again.",
        )


def stuck(handle: Handle) -> MileError:
    """Return what to say where a workflow's steps fail, so that nobody can ask it anything."""
    return MileError(
        f"{handle.id} is stuck: its steps fail again and again, so nothing was changed. The worker's log says why.",
        shell_advice="The command mile doctor says what to do.",
    )


def not_taken_in() -> MileError:
    """Return what to say where a worker went away in the middle of an update."""
    return MileError(
        "The worker went away meanwhile. Look whether it was done before you try again.",
        shell_advice="To start a worker: mile up, or mile worker",
    )


def unavailable(error: RPCError) -> MileError:
    """Return what to say where Temporal itself does not answer."""
    return MileError(f"Temporal answered {error.status.name}.", shell_advice="The command mile doctor says more.")


def _reason(cause: BaseException) -> str:
    # An activity's own sentence stands innermost, behind the engine's "Activity task failed".
    while cause.__cause__:
        cause = cause.__cause__
    return cause.message if isinstance(cause, FailureError) else "The workflow declined."


@contextlib.contextmanager
def explained_by_temporal(absent: Refusal) -> Iterator[None]:
    """Turn Temporal's errors into ours; ``absent`` is raised for a workflow that it does not know, or that is over."""
    try:
        yield
    except WorkflowUpdateRPCTimeoutOrCancelledError:
        raise not_taken_in() from None
    except WorkflowUpdateFailedError as declined:
        raise Refusal(_reason(declined.cause)) from declined
    except WorkflowQueryFailedError as failed:
        raise MileError("The workflow could not answer; the worker's log and the Temporal UI say why.") from failed
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise absent from error
        if error.status in _NOBODY_ANSWERED:
            raise NoWorkerAnswered from error
        raise unavailable(error) from error


@contextlib.asynccontextmanager
async def _asking(handle: Handle, absent: Refusal) -> AsyncIterator[None]:
    """Explain what Temporal answers; a workflow that is stuck looks like one without a worker, and is told apart."""
    try:
        with explained_by_temporal(absent):
            yield
    except NoWorkerAnswered:
        if await _is_stuck(handle):
            raise stuck(handle) from None
        raise


async def _is_stuck(handle: Handle) -> bool:
    try:
        described = await handle.describe(rpc_timeout=ANSWERED_WITHIN)
    except RPCError:
        return False
    return described.raw_description.pending_workflow_task.attempt > 1


async def query_workflow(
    handle: Handle, query: str, *arguments: object, kind: type[Answered], absent: Refusal, may_decline: bool = False
) -> Answered:
    """Return what a workflow answers to a query; raises ``absent`` where there is no such workflow.

    Where it ``may_decline`` the query, its own sentence is raised as a Refusal: Temporal passes on the message of an
    error in a query and not its type.
    """
    async with _asking(handle, absent):
        try:
            answered: Answered = await handle.query(
                query, args=arguments, result_type=kind, rpc_timeout=ANSWERED_WITHIN
            )
        except WorkflowQueryFailedError as declined:
            if not may_decline:
                raise
            raise Refusal(declined.message) from declined
        return answered


async def update_workflow(
    handle: Handle, update: str, *arguments: object, kind: type[Answered], absent: Refusal
) -> Answered:
    """Have a workflow carry out an update and return its result, however long that takes.

    Raises Refusal with the workflow's own sentence where it declines, MileError where no worker answers.
    """
    async with _asking(handle, absent):
        # Without a worker an update would wait at the server and run later, when nobody wants it any more.
        await handle.query("progress", rpc_timeout=ANSWERED_WITHIN)
        taken = await handle.start_update(
            update,
            args=arguments,
            result_type=kind,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            rpc_timeout=ANSWERED_WITHIN,
        )
        result: Answered = await taken.result()
        return result
