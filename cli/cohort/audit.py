"""``mile cohort audit``: PostgreSQL compared with Temporal, and the differences as sentences."""

from typing import Annotated

import typer
from rich.console import Console

from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from domain.audit_words import audit_lines
from schemas.audit import AuditResult
from services.context import ServiceContext
from services.drift_audit.auditor import audit_drift


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
    """Return what an audit found, and the command that repairs what can be repaired."""
    repairable = any(drift.repairable for drift in audit.left)
    advice = [f"To repair what can be repaired: mile cohort audit {audit.cohort_id} --repair"] if repairable else []
    return [*audit_lines(audit), *advice]
