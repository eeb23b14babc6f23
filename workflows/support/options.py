"""How long each kind of activity may take and how it is retried: one place for all workflows."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import RetryPolicy


class ActivityOptions(TypedDict):
    """The options execute_activity_method takes from here."""

    start_to_close_timeout: timedelta
    heartbeat_timeout: timedelta | None
    retry_policy: RetryPolicy


# PostgreSQL away for an hour delays a mentorship by an hour and fails nothing: no maximum of attempts anywhere.
_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=10))

RECORD = ActivityOptions(start_to_close_timeout=timedelta(seconds=10), heartbeat_timeout=None, retry_policy=_PATIENT)
REPORT = ActivityOptions(start_to_close_timeout=timedelta(minutes=30), heartbeat_timeout=None, retry_policy=_PATIENT)
# With a heartbeat, the loss of a worker shows within seconds and not after half an hour.
BATCH = ActivityOptions(
    start_to_close_timeout=timedelta(minutes=30), heartbeat_timeout=timedelta(seconds=30), retry_policy=_PATIENT
)
