"""The workflow of a cohort for the use cases of staff: started once, and asked to read changed settings."""

from temporalio.client import WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from schemas.cohort.state import CohortState
from schemas.errors import MileError, Refusal
from schemas.ids import COHORT_WORKFLOW, cohort_workflow_id
from services.context import ServiceContext
from services.workflow_calls import Handle, update_workflow


def cohort_workflow(context: ServiceContext, cohort: str) -> Handle:
    """Return the handle of a cohort's workflow, whether or not there is one."""
    return context.workflow(cohort_workflow_id(cohort))


async def start_cohort_workflow(context: ServiceContext, cohort: str) -> None:
    """Start the workflow of a cohort; raises WorkflowAlreadyStartedError where one runs."""
    await context.client.start_workflow(
        COHORT_WORKFLOW,
        CohortState(cohort_id=cohort, clock_offset=context.clock_offset(cohort)),
        id=cohort_workflow_id(cohort),
        task_queue=context.settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        # A workflow that an operator ended before its pairs were published may be created anew.
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )


async def is_running(context: ServiceContext, cohort: str) -> bool:
    """Tell whether the workflow of a cohort runs."""
    execution = await context.describe(cohort_workflow_id(cohort))
    return execution is not None and execution.status is WorkflowExecutionStatus.RUNNING


async def check_running(context: ServiceContext, cohort: str) -> None:
    """Raise Refusal where a cohort has no workflow any more, or none yet."""
    if not await is_running(context, cohort):
        raise not_running(cohort)


async def reschedule(context: ServiceContext, cohort: str) -> None:
    """Have the workflow of a cohort read its settings again; does nothing where it is over, and is safe to run twice.

    Raises MileError where no worker answers; the settings stay saved.
    """
    if not await is_running(context, cohort):
        return
    handle = cohort_workflow(context, cohort)
    try:
        await update_workflow(handle, "reload_settings", kind=type(None), absent=not_running(cohort))
    except Refusal:
        raise
    except MileError as error:
        raise MileError(
            f"{cohort} is changed, and pages follow already. But no worker is running, so its emails keep the old "
            "dates. Start a worker, and do it again: it changes nothing twice.",
            shell_advice="To start one: mile up, or mile worker",
        ) from error


def not_running(cohort: str) -> Refusal:
    """Return the refusal for a cohort without a running workflow."""
    return Refusal(
        f"{cohort} has no running workflow: it is over, or it was never created.",
        shell_advice=f"To start one: mile cohort create DIR, with the folder of {cohort}",
    )
