"""The workers that poll Temporal for tasks, by queue and kind of task."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

# A poll lasts a minute where there is nothing to do.
POLLED_WITHIN = timedelta(seconds=90)
WORKFLOW = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY


async def polling(client: Client, queue: str, kind: TaskQueueType.ValueType = WORKFLOW) -> int:
    """Return how many workers poll a queue."""
    return len(await recent_pollers(client, queue, kind))


async def recent_pollers(client: Client, queue: str, kind: TaskQueueType.ValueType) -> list[PollerInfo]:
    """Return the workers that poll a queue for a kind of task."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    response = await client.workflow_service.describe_task_queue(request)
    # Those that ended some minutes ago are still listed.
    seen_after = datetime.now(UTC) - POLLED_WITHIN
    return [poller for poller in response.pollers if poller.last_access_time.ToDatetime(UTC) > seen_after]
