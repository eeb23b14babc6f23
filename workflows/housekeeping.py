"""The fleet's housekeeping: nothing that was sent to us stays unsaid."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.sweeping import Sweeping
    from schemas.ids import SWEEPER_WORKFLOW
    from workflows.options import LONG, SILENT_AFTER


@workflow.defn(name=SWEEPER_WORKFLOW)
class SweeperWorkflow:
    """Tells mentorships of responses that were stored while Temporal was away; a Schedule starts it every minute."""

    @workflow.run
    async def run(self) -> int:
        """Sweep once and return how many responses were told."""
        return await workflow.execute_activity_method(
            Sweeping.tell_of_waiting_responses, summary="waiting responses", heartbeat_timeout=SILENT_AFTER, **LONG
        )
