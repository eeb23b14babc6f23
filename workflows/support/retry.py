"""Retrying what a workflow cannot go on without."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

RETRY_EVERY = timedelta(minutes=10)
Result = TypeVar("Result")


async def retry_until_success(
    attempt: Callable[[], Awaitable[Result]], *, on_failure: Callable[[str], None], before_retry: Callable[[], None]
) -> Result:
    """Await ``attempt()`` until its activity succeeds, and return its result.

    An activity that raises a non-retryable error would end the workflow. ``on_failure`` is called with the activity's
    name after each failure, ``before_retry`` ten minutes later; it may continue as new, so the attempt must follow from
    the workflow's state alone, and no message handler may wait here.
    """
    while True:
        try:
            return await attempt()
        except ActivityError as error:
            # An operator who cancels a workflow wants it to end.
            if is_cancelled_exception(error):
                raise
            on_failure(error.activity_type)
            await workflow.sleep(RETRY_EVERY, summary=f"{error.activity_type} failed")
        before_retry()
