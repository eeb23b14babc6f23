"""Letting a cohort's workflow look at its dates again, once its settings were changed."""

from temporalio.client import WorkflowExecutionStatus

from schemas.errors import MileError, Refusal
from schemas.ids import cohort_workflow_id
from services.context import ServiceContext
from services.workflow_calls import update_workflow


async def check_alive(at: ServiceContext, cohort: str) -> None:
    """Raise Refusal where a cohort has no workflow any more, or none yet."""
    if not await _runs(at, cohort):
        raise over(cohort)


async def reschedule(at: ServiceContext, cohort: str) -> None:
    """Have the workflow of a cohort follow its settings; one that is over has nothing to follow, twice does no harm.

    Raises MileError where no worker takes it in: what was saved stays saved.
    """
    if not await _runs(at, cohort):
        return
    try:
        await update_workflow(
            at.workflow(cohort_workflow_id(cohort)), "reload_settings", kind=type(None), absent=over(cohort)
        )
    except Refusal:
        raise
    except MileError as error:
        raise MileError(
            f"{cohort} is changed, and pages follow already. But no worker is running, so its emails keep the old "
            "dates. Start one (mile up, or mile worker), and run the command again: it changes nothing twice."
        ) from error


def over(cohort: str) -> Refusal:
    """Return the sentence for a cohort without a running workflow."""
    return Refusal(f"{cohort} has no running workflow: it is over, or it was never created with mile cohort create.")


async def _runs(at: ServiceContext, cohort: str) -> bool:
    known = await at.describe(cohort_workflow_id(cohort))
    return known is not None and known.status is WorkflowExecutionStatus.RUNNING
