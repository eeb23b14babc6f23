"""Redaction of failures: an activity's error reaches Temporal without anything that people wrote (A34).

PostgreSQL quotes the row it refuses and a mail relay the address, so an error's message must never reach a history.
"""

import traceback
from typing import Any

from temporalio.exceptions import ApplicationError, CancelledError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from schemas.errors import Refusal


class RedactionInterceptor(Interceptor):
    """Removes what people wrote from the failures of every activity of a worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002 - the SDK's
        """Wrap one activity."""
        return _RedactedActivity(next)


class _RedactedActivity(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's
        """Run an activity; a refusal is final and says why, any other error keeps its kind and its place only."""
        try:
            return await super().execute_activity(input)
        except (ApplicationError, CancelledError):
            # Ours are written without personal data; a cancellation must reach the SDK as what it is.
            raise
        except Refusal as refused:
            raise ApplicationError(str(refused), type="Refusal", non_retryable=True) from None
        except Exception as error:
            kind = type(error).__name__
            # ``from None``: the SDK would serialize the cause, with its message, into the failure.
            raise ApplicationError(f"{kind} in {place_of(error)}", type=kind) from None


def place_of(error: Exception) -> str:
    """Return where an error came from, innermost function first, without a word of what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-5:]))
