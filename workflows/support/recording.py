"""Short writes to PostgreSQL, done at once by the worker that runs the workflow."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError, is_cancelled_exception

from workflows.support.options import RECORD

Call = TypeVar("Call")
Result = TypeVar("Result")

# Within the ten seconds of a workflow task, so that the server need not be asked for more.
AT_ONCE = timedelta(seconds=5)
ONCE = RetryPolicy(maximum_attempts=1)


async def record(activity: Callable[[Any, Call], Awaitable[Result]], call: Call, summary: str) -> Result:
    """Call an activity that writes a few rows and may be repeated; return its result.

    First as a local activity, which takes one event and no further task. Where that fails, as an activity of its own:
    operators see in the Temporal UI what fails, why and how often it was tried, and it is retried until it succeeds
    (docs/decisions/0024).
    """
    try:
        done: Result = await workflow.execute_local_activity_method(
            activity, call, summary=summary, start_to_close_timeout=AT_ONCE, retry_policy=ONCE
        )
    # What a local activity raised comes as it is, without an ActivityError around it.
    except FailureError as error:
        if is_cancelled_exception(error):
            raise
        done = await workflow.execute_activity_method(activity, call, summary=summary, **RECORD)
    return done
