"""The fleet's housekeeping: nothing that was sent to us stays unsaid, and what drifts apart is noticed."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.audit import AuditActivities
    from activities.sweeper import Sweeper
    from schemas.audit import AuditCall, AuditResult
    from schemas.enums import EmailKind, StaffReason
    from schemas.ids import AUDIT_WORKFLOW, SWEEPER_WORKFLOW
    from workflows.post import Post
    from workflows.support.clock import ProgramClock
    from workflows.support.options import LONG, RECORD, SILENT_AFTER

# Long before the next night, so that one cohort that cannot be audited does not keep the others from it.
AUDITED_WITHIN = timedelta(hours=2)


@workflow.defn(name=SWEEPER_WORKFLOW)
class SweeperWorkflow:
    """Tells mentorships of responses that were stored while Temporal was away; a Schedule starts it every minute."""

    @workflow.run
    async def run(self) -> int:
        """Sweep once and return how many responses were told."""
        return await workflow.execute_activity_method(
            Sweeper.signal_pending_responses, summary="waiting responses", heartbeat_timeout=SILENT_AFTER, **LONG
        )


@workflow.defn(name=AUDIT_WORKFLOW)
class DriftAuditWorkflow:
    """Holds PostgreSQL against Temporal for every cohort that is not closed; a Schedule starts it every night.

    What can be mended is mended; of the rest staff are told, of the same once a week. It fails where a cohort could not
    be audited, after all the others.
    """

    def __init__(self) -> None:
        self.clock = ProgramClock(timedelta())

    @workflow.run
    async def run(self) -> int:
        """Audit every cohort and return how many drifts are left."""
        cohorts = await workflow.execute_activity_method(AuditActivities.list_open_cohorts, summary="cohorts", **RECORD)
        left, failed = 0, []
        for cohort in cohorts:
            try:
                left += await self.audit(cohort)
            except ActivityError:
                failed.append(cohort)
        if failed:
            raise ApplicationError(f"Not audited: {', '.join(failed)}. Their activities say why.")
        return left

    async def audit(self, cohort: str) -> int:
        """Audit one cohort, tell staff of what is left, and return how much that is."""
        audit = await workflow.execute_activity_method(
            AuditActivities.audit_cohort,
            AuditCall(cohort_id=cohort, now=self.clock.now(), repair=True),
            summary=f"audit {cohort}",
            heartbeat_timeout=SILENT_AFTER,
            schedule_to_close_timeout=AUDITED_WITHIN,
            **LONG,
        )
        if audit.left:
            await self.tell_staff(audit)
        return len(audit.left)

    async def tell_staff(self, audit: AuditResult) -> None:
        """Write to staff what the audit could not mend; the same is told again in another week only."""
        now = self.clock.now()
        subject = f"drift-{now:%G-%V}-{audit.fingerprint}"
        await Post(audit.cohort_id, self.clock).tell_staff(EmailKind.STAFF_NOTE, subject, now, StaffReason.DRIFT_FOUND)
