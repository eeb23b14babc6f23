"""Replaying what runs now with the workflows of this installation, before it takes over."""

from collections.abc import AsyncIterator, Sequence

from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Replayer

from runtime.deployments import OpenRun
from runtime.temporal import plugin
from workflows.cohort import CohortWorkflow
from workflows.maintenance import CalendarsWorkflow, DriftAuditWorkflow, SweeperWorkflow
from workflows.mentorship import MentorshipWorkflow

WORKFLOWS = (CohortWorkflow, MentorshipWorkflow, SweeperWorkflow, CalendarsWorkflow, DriftAuditWorkflow)
CAUSE_LENGTH = 300


async def replay_runs(client: Client, runs: Sequence[OpenRun]) -> dict[str, str]:
    """Replay the histories of runs; return the cause by run id for each that does not replay."""
    # Whether the commands are the same is asked, not how fast: debug_mode keeps the SDK from watching the time.
    replayer = Replayer(workflows=WORKFLOWS, plugins=[plugin()], debug_mode=True)
    results = await replayer.replay_workflows(_histories(client, runs), raise_on_replay_failure=False)
    return {run_id: str(error).splitlines()[0][:CAUSE_LENGTH] for run_id, error in results.replay_failures.items()}


async def _histories(client: Client, runs: Sequence[OpenRun]) -> AsyncIterator[WorkflowHistory]:
    for run in runs:
        try:
            yield await client.get_workflow_handle(run.workflow_id, run_id=run.run_id).fetch_history()
        except RPCError as error:
            # A run that ended meanwhile may be deleted already.
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
