"""``mile cohort audit``: PostgreSQL compared with Temporal, and the differences as sentences."""

from typing import Annotated

import typer
from rich.console import Console

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from schemas.audit import AuditResult, Drift, DriftKind
from services.context import ServiceContext
from services.drift_audit.auditor import audit_drift

ASK_THE_OPERATOR = "ask the operator: the Temporal UI says why"
# For each kind: the problem, with the columns, milestones or responses, and advice where it cannot be repaired.
WORDS = {
    DriftKind.STAGE: (
        "is listed with another stage than its workflow: {what}",
        "nothing: the workflow gets there by itself",
    ),
    DriftKind.COHORT_WITHOUT_WORKFLOW: (
        "has no workflow",
        "ask the operator whether one was ended, and restore it from Temporal's backup",
    ),
    DriftKind.NOT_STARTED: ("should have started and has not", "start the one it takes over from again"),
    DriftKind.WITHOUT_WORKFLOW: (
        "has started but has no workflow any more, so nothing more will happen",
        "repair the mentorship that it takes over from first",
    ),
    DriftKind.WITHOUT_ROW: (
        "has a workflow but no row, so its people can't get emails",
        "start the cohort's mentorships again if it is one of them, or end the workflow if it is of no cohort",
    ),
    DriftKind.INTERRUPTED: ("was ended from outside before its time", ASK_THE_OPERATOR),
    DriftKind.STUCK: ("cannot go on, because a step of its workflow fails again and again", ASK_THE_OPERATOR),
    DriftKind.UNRESPONSIVE: ("does not answer", ASK_THE_OPERATOR),
    DriftKind.PROGRESS: ("has other columns than its workflow: {what}", ""),
    DriftKind.PLAN: ("has another plan than its workflow: {what}", ""),
    DriftKind.CLOSINGS: (
        "has milestones that closed here or in its workflow only: {what}",
        "ask the operator whether Temporal was restored from a backup; the workflow closes them in time",
    ),
    DriftKind.RESPONSES: ("does not know of saved answers: {what}", ""),
    DriftKind.RESPONSES_LOST: (
        "was told of answers that are no longer stored: {what}",
        "ask who gave them to answer again (mile mentorship resend)",
    ),
    DriftKind.DECISIONS: (
        "has not heard of what staff decided: {what}",
        "staff decided otherwise since, or it is too late: if it still holds, make it again",
    ),
    DriftKind.DECISIONS_UNRECORDED: ("has made decisions that the audit log does not show: {what}", ""),
    DriftKind.PUBLICATION: ("does not know that match run {what} is published", ""),
    DriftKind.PUBLICATION_LOST: (
        "has published match run {what}, which is no longer stored",
        "ask the operator to restore a newer backup of PostgreSQL",
    ),
}


def audit_command(
    cohort: Annotated[str, typer.Argument(metavar="ID", help="The id in its cohort.toml, such as mile-2019.")],
    repair: Annotated[bool, typer.Option("--repair", help="Repair what can be repaired without a decision.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be repaired.")] = False,
    everybody: Annotated[
        bool,
        typer.Option("--everybody", help="Ask every mentorship's workflow. Takes longer."),
    ] = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Compare a cohort's rows with its workflows. Changes nothing without --repair."""
    with Console(stderr=True).status("auditing") as status:

        def show_progress(done: int) -> None:
            status.update(f"auditing: {done} mentorships")

        async def run(context: ServiceContext) -> AuditResult:
            changes = repair and not dry_run
            return await audit_drift(
                context, staff_actor(), cohort, repair=changes, everybody=everybody, reached=show_progress
            )

        audit = call_service(folder, run)
    if as_json:
        print_json(audit)
    else:
        print("\n".join(lines_of(audit)))


def lines_of(audit: AuditResult) -> list[str]:
    """Return what an audit found as sentences, one for each drift, what is left first."""
    compared = f"{audit.mentorships} mentorships compared, {audit.inspected} of them inspected closely"
    if not audit.drifts:
        return [f"{audit.cohort_id} agrees with Temporal: {compared}."]
    lines = [_line(drift) for drift in sorted(audit.drifts, key=lambda drift: (drift.repaired, drift.repairable))]
    repairable = sum(drift.repairable for drift in audit.left)
    advice = [f"To repair what can be repaired: mile cohort audit {audit.cohort_id} --repair"] if repairable else []
    return [f"{audit.cohort_id}: {compared}.", *lines, *advice]


def _line(drift: Drift) -> str:
    problem, advice = WORDS[drift.kind]
    done = "repaired" if drift.repaired else "can be repaired" if drift.repairable else advice
    return f"  {drift.id} {problem.format(what=', '.join(drift.what))} - {done}."
