"""Starting the workflow of a mentorship, once."""

from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from runtime.temporal import COHORT
from schemas.ids import MENTORSHIP_WORKFLOW, mentorship_workflow_id
from schemas.mentorship.state import MentorshipState


async def start_mentorship(client: Client, state: MentorshipState, task_queue: str, *, eager: bool = False) -> bool:
    """Start the workflow of a mentorship unless it runs or has run; return whether it was started just now.

    With ``eager``, Temporal's answer has the first workflow task for a worker of the same client, which need not poll
    for it.
    """
    cohort = TypedSearchAttributes([SearchAttributePair(COHORT, state.terms.cohort_id)])
    try:
        await client.start_workflow(
            MENTORSHIP_WORKFLOW,
            state,
            id=mentorship_workflow_id(state.terms.mentorship_id),
            task_queue=task_queue,
            # Temporal refuses a second start also after the mentorship has ended.
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            search_attributes=cohort,
            request_eager_start=eager,
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
