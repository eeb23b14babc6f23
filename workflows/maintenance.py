"""Scheduled workflows: the sweeper, which signals what was not signaled, the readings of calendars, the drift audit."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.audit import AuditActivities
    from activities.calendars import Calendars
    from activities.sweeper import Sweeper
    from schemas.audit import AuditCall, AuditResult
    from schemas.enums import EmailKind, StaffReason
    from schemas.ids import AUDIT_WORKFLOW, CALENDARS_WORKFLOW, SWEEPER_WORKFLOW
    from workflows.support.clock import ProgramClock
    from workflows.support.emails import StaffNotifier
    from workflows.support.options import BATCH, RECORD

# One cohort that cannot be audited must not keep the others from it until the next night.
AUDITED_WITHIN = timedelta(hours=2)


@workflow.defn(name=SWEEPER_WORKFLOW)
class SweeperWorkflow:
    """Signals responses that were stored while Temporal was away. A Schedule starts it every minute; it sweeps once."""

    @workflow.run
    async def run(self) -> int:
        """Sweep once and return how many responses were signaled."""
        return await workflow.execute_activity_method(
            Sweeper.signal_pending_responses, summary="pending responses", **BATCH
        )


@workflow.defn(name=CALENDARS_WORKFLOW)
class CalendarsWorkflow:
    """Reads the calendars of participants that are due. A Schedule starts it every five minutes; it reads once."""

    @workflow.run
    async def run(self) -> int:
        """Read once and return how many calendars could be read."""
        return await workflow.execute_activity_method(Calendars.read_due_calendars, summary="calendars", **BATCH)


@workflow.defn(name=AUDIT_WORKFLOW)
class DriftAuditWorkflow:
    """Compares PostgreSQL with Temporal for every cohort that is not closed. A Schedule starts it every night.

    It repairs what needs no judgment and emails staff about the rest, about the same once a week. It fails where a
    cohort could not be audited, after all the others.
    """

    def __init__(self) -> None:
        self.clock = ProgramClock()

    @workflow.run
    async def run(self) -> int:
        """Audit every cohort and return how many drifts are left."""
        cohorts = await workflow.execute_activity_method(AuditActivities.list_open_cohorts, summary="cohorts", **RECORD)
        left, failed = 0, []
        for cohort in cohorts:
            try:
                left += await self.audit(cohort)
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                # The others come first; the failure shows at the end.
                failed.append(cohort)
        if failed:
            raise ApplicationError(f"Not audited: {', '.join(failed)}. Their activities say why.")
        return left

    async def audit(self, cohort: str) -> int:
        """Audit one cohort, email staff about the drifts left, and return how many there are."""
        audit = await workflow.execute_activity_method(
            AuditActivities.audit_cohort,
            AuditCall(cohort_id=cohort, now=self.clock.now(), repair=True),
            summary=f"audit {cohort}",
            schedule_to_close_timeout=AUDITED_WITHIN,
            **BATCH,
        )
        if audit.left:
            await self.notify_staff(audit)
        return len(audit.left)

    async def notify_staff(self, audit: AuditResult) -> None:
        """Email staff what the audit could not repair."""
        now = self.clock.now()
        # The key has the week and the drifts: the same ones are reported again in another week only.
        subject = f"drift-{now:%G-%V}-{audit.fingerprint}"
        notifier = StaffNotifier(audit.cohort_id, self.clock)
        await notifier.notify(EmailKind.STAFF_NOTE, subject, now, StaffReason.DRIFT_FOUND)
