"""``mile cohort waive|accept|wait|withdraw|uninvite|allow``: decisions about applicants and past ones."""

from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, DryRun, NeededNote, Note, PersonId
from cli.common.results import print_result
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, staff_actor
from cli.common.steps import Yes, take_step
from services.applications.past_mentors import UninviteResult, preview_uninvite, uninvite
from services.applications.review import Decision, ReviewResult, preview_review, review
from services.applications.stopped_emails import AllowResult, allow, preview_allow
from services.context import ServiceContext


def waive_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Make an exception: accept a mentor who does not meet a requirement. They get an email."""
    _review(cohort, person, Decision.WAIVE, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def accept_command(
    cohort: CohortId,
    person: PersonId,
    note: Note = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Accept an application from the waiting list, or one withdrawn by mistake. They get an email."""
    _review(cohort, person, Decision.ACCEPT, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def wait_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Put an application on the waiting list. They get an email and are not matched unless accepted later."""
    _review(cohort, person, Decision.WAIT, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def withdraw_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Withdraw an application for someone. They get an email and are not matched."""
    _review(cohort, person, Decision.WITHDRAW, note=note, dry_run=dry_run, yes=yes, as_json=as_json, folder=folder)


def uninvite_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    undo: Annotated[bool, typer.Option("--undo", help="Invite them again.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Invite someone of an earlier class no more to be a mentor, because they asked for that."""

    async def use_case(context: ServiceContext) -> UninviteResult:
        if dry_run:
            return await preview_uninvite(context, cohort, person, undo=undo)
        return await uninvite(context, staff_actor(), cohort, person, note=note, undo=undo)

    result = call_service(folder, use_case)
    print_result(result, [result.describe()], as_json=as_json)


def allow_command(
    cohort: CohortId,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The address whose owner asks for it.")],
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Email an address again when it is typed on the public pages, though its owner had stopped that."""

    async def use_case(context: ServiceContext) -> AllowResult:
        if dry_run:
            return await preview_allow(context, cohort, address)
        return await allow(context, staff_actor(), cohort, address, note=note)

    result = call_service(folder, use_case)
    print_result(result, [result.describe()], as_json=as_json)


def _review(
    cohort: str,
    person: str,
    decision: Decision,
    *,
    note: str | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    folder: Path,
) -> None:
    async def preview(context: ServiceContext) -> ReviewResult:
        return await preview_review(context, cohort, person, decision)

    async def decide(context: ServiceContext) -> ReviewResult:
        return await review(context, staff_actor(), cohort, person, decision, note=note)

    result = take_step(folder, preview, decide, dry_run=dry_run, yes=yes)
    print_result(result, [result.describe()], as_json=as_json)
