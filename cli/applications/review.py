"""``mile cohort waive|accept|withdraw``: staff's decisions about an application."""

from pathlib import Path

import typer

from cli.applications.list import applications_command
from cli.cohort.options import CohortId, DryRun, NeededNote, Note, PersonId
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from schemas.errors import Refusal
from services.applications.review import Decision, ReviewResult, preview_review, review
from services.context import ServiceContext

review_app = typer.Typer()
review_app.command("applications")(applications_command)


@review_app.command("waive")
def waive_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make an exception: accept a mentor who does not meet a requirement. They get an email."""
    _review(cohort, person, Decision.WAIVE, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@review_app.command("accept")
def accept_command(
    cohort: CohortId,
    person: PersonId,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Accept an application from the waiting list, or one withdrawn by mistake. They get an email."""
    _review(cohort, person, Decision.ACCEPT, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@review_app.command("withdraw")
def withdraw_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Withdraw an application for someone. They get an email and are not matched."""
    _review(cohort, person, Decision.WITHDRAW, note=note, dry_run=dry_run, as_json=as_json, folder=folder)


def _review(
    cohort: str, person: str, decision: Decision, *, note: str | None, dry_run: bool, as_json: bool, folder: Path
) -> None:
    if note is not None and not note.strip():
        raise Refusal("--note is empty; say why in a few words. They go in the audit log.")

    async def decide(context: ServiceContext) -> ReviewResult:
        if dry_run:
            return await preview_review(context, cohort, person, decision)
        return await review(context, staff_actor(), cohort, person, decision, note=note)

    result = call_service(folder, decide)
    print_result(result, [result.describe()], as_json=as_json)
