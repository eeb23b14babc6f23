"""``mile cohort waive|accept|withdraw``: what staff make of somebody's application."""

from pathlib import Path

import typer

from cli.applications.list import applications_command, looks
from cli.cohort.options import NOTHING_WAS_DONE, CohortId, DryRun, NeededNote, Note, PersonId, with_cohort
from cli.common.servers import HERE, AsJson, Folder, print_json, staff_actor
from domain.applications.review import accept, waive_rules, withdraw
from runtime.clock import clock
from schemas.base import FrozenModel
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus
from schemas.errors import Refusal
from services.context import ServiceContext
from services.signals import ApplicantEmailsTrigger
from storage import application_review

waiving_app = typer.Typer()
waiving_app.command("applications")(applications_command)


class StandingChanged(FrozenModel):
    """Where somebody's application stood and stands; ``done`` is false in a dry run."""

    cohort: str
    person: str
    done: bool
    before: ApplicationStatus
    after: ApplicationStatus


@waiving_app.command("waive")
def waive_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Let somebody mentor although a rule of eligibility speaks against it; they are told."""
    _step(cohort, person, "waived", note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@waiving_app.command("accept")
def accept_command(
    cohort: CohortId,
    person: PersonId,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Take somebody from the waiting list, or back whose application was withdrawn by mistake; they are told."""
    _step(cohort, person, "accepted", note=note, dry_run=dry_run, as_json=as_json, folder=folder)


@waiving_app.command("withdraw")
def withdraw_command(
    cohort: CohortId,
    person: PersonId,
    note: NeededNote,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = HERE,
) -> None:
    """Withdraw somebody's application on their behalf; they are told, and are not matched."""
    _step(cohort, person, "withdrawn", note=note, dry_run=dry_run, as_json=as_json, folder=folder)


STEPS = {"waived": waive_rules, "accepted": accept, "withdrawn": withdraw}


def _step(
    cohort: str, person: str, action: str, *, note: str | None, dry_run: bool, as_json: bool, folder: Path
) -> None:
    if note is not None and not note.strip():
        raise Refusal("--note is empty; say why in a few words, which are kept for the audit.")

    async def deed(at: ServiceContext, _: CohortSettings) -> StandingChanged:
        now = clock(at.settings.clock_file).now(cohort)
        before, after = await application_review.change_status(
            at.pool, cohort, person, STEPS[action], now=now, dry_run=dry_run
        )
        if not dry_run:
            await at.audit(staff_actor(), action, cohort, person=person, before=before, after=after, note=note)
            await ApplicantEmailsTrigger(at.client, at.settings.task_queue).send_soon(cohort)
        return StandingChanged(cohort=cohort, person=person, done=not dry_run, before=before, after=after)

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    print(f"{person} {'is' if shown.done else 'would be'} {looks(shown.after)} in {cohort}; was {looks(shown.before)}.")
    if dry_run:
        print(NOTHING_WAS_DONE)
