"""An activity that fails on somebody's words tells Temporal its kind and place, never the words."""

from datetime import timedelta

import pytest
from temporalio import activity, workflow
from temporalio.client import WorkflowFailureError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.worker import Worker

from rehearsal.environment import Environment
from schemas.errors import Refusal

SECRET = "Quillsworth quillsworth@example.org"


@activity.defn
async def refuse_a_row() -> None:
    try:
        raise LookupError(SECRET)
    except LookupError as error:
        raise ValueError(f"Key (email)=({SECRET}) already exists.") from error


@activity.defn
async def refuse_a_wish() -> None:
    raise Refusal("There is no match run 7.")


@workflow.defn(sandboxed=False)
class FailingWorkflow:
    @workflow.run
    async def run(self, name: str) -> None:
        await workflow.execute_activity(
            name, start_to_close_timeout=timedelta(seconds=5), retry_policy=RetryPolicy(maximum_attempts=1)
        )


async def _fail(environment: Environment, name: str) -> tuple[ApplicationError, bytes]:
    worker = Worker(
        environment.client, task_queue="failing", workflows=[FailingWorkflow], activities=[refuse_a_row, refuse_a_wish]
    )
    async with worker:
        handle = await environment.client.start_workflow(
            FailingWorkflow.run, name, id=f"fails-{name}", task_queue="failing"
        )
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
        history = await handle.fetch_history()
    assert isinstance(failed.value.cause, ActivityError)
    assert isinstance(failed.value.cause.cause, ApplicationError)
    return failed.value.cause.cause, b"".join(event.SerializeToString() for event in history.events)


async def test_a34_an_error_keeps_its_kind_and_place_and_loses_its_words(
    environment: Environment,
) -> None:
    error, history = await _fail(environment, "refuse_a_row")
    assert error.type == "ValueError"
    assert "refuse_a_row" in error.message
    assert b"uillsworth" not in history


async def test_a_refusal_is_final_and_says_why(environment: Environment) -> None:
    error, _ = await _fail(environment, "refuse_a_wish")
    assert (error.type, error.message, error.non_retryable) == ("Refusal", "There is no match run 7.", True)
