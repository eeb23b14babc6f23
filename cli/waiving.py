"""``mile cohort applications|waive|accept|withdraw``: who has applied, where that stands, and what staff make of it."""

from pathlib import Path
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from activities.letters import Nudge
from cli.cohort_options import NOTHING_WAS_DONE, CohortId, DryRun, NeededNote, Note, PersonId, with_cohort
from cli.servers import HERE, AsJson, Folder, Servers, print_json
from cli.tables import table_of
from domain.standings import accepted, waived, withdrawn
from domain.window import window_state
from runtime.clock import clock
from schemas.base import Value
from schemas.cohort import CohortSettings
from schemas.errors import Refusal
from schemas.importing import ApplicationLine
from schemas.words import Side, Standing, WindowState
from storage import applicants, standings

LOOKS = {Standing.INELIGIBLE: "not eligible", Standing.WAITING: "on the waiting list"}

waiving_app = typer.Typer()


class StandingChanged(Value):
    """Where somebody's application stood and stands; ``done`` is false in a dry run."""

    cohort: str
    person: str
    done: bool
    before: Standing
    after: Standing


class ApplicationsShown(Value):
    """Everybody who applied or began to, and the places there are; nothing anybody wrote."""

    cohort: str
    state: WindowState
    mentor_places: int
    participants: int
    places_missing: int
    applications: tuple[ApplicationLine, ...]


@waiving_app.command("applications")
def applications_command(cohort: CohortId, as_json: AsJson = False, folder: Folder = HERE) -> None:
    """List who has applied and where that stands: what is missing, when it was handed in, which places are needed."""

    async def deed(at: Servers, settings: CohortSettings) -> tuple[ApplicationsShown, str]:
        places = await applicants.places(at.pool, cohort)
        shown = ApplicationsShown(
            cohort=cohort,
            state=window_state(settings, clock(at.settings.clock_file).now(cohort)),
            mentor_places=places.mentor_places,
            participants=places.participants,
            places_missing=places.missing,
            applications=await standings.application_lines(at.pool, cohort),
        )
        return shown, settings.time_zone

    shown, time_zone = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    console = Console(highlight=False, markup=False)
    console.print(_table(shown, ZoneInfo(time_zone)))
    console.print(f"Places with accepted mentors: {shown.mentor_places}, for {shown.participants} participants.")
    if shown.places_missing:
        console.print(f"Mentors still needed: {shown.places_missing}")


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


STEPS = {"waived": waived, "accepted": accepted, "withdrawn": withdrawn}


def _step(
    cohort: str, person: str, action: str, *, note: str | None, dry_run: bool, as_json: bool, folder: Path
) -> None:
    if note is not None and not note.strip():
        raise Refusal("--note is empty; say why in a few words, which are kept for the audit.")

    async def deed(at: Servers, _: CohortSettings) -> StandingChanged:
        now = clock(at.settings.clock_file).now(cohort)
        before, after = await standings.change_standing(
            at.pool, cohort, person, STEPS[action], now=now, dry_run=dry_run
        )
        if not dry_run:
            await at.note(action, cohort, person=person, before=before, after=after, note=note)
            await Nudge(at.client, at.settings.task_queue).letters_waiting(cohort)
        return StandingChanged(cohort=cohort, person=person, done=not dry_run, before=before, after=after)

    shown = with_cohort(cohort, folder, deed)
    if as_json:
        print_json(shown)
        return
    print(
        f"{person} {'is' if shown.done else 'would be'} {_looks(shown.after)} in {cohort}; was {_looks(shown.before)}."
    )
    if dry_run:
        print(NOTHING_WAS_DONE)


def _table(shown: ApplicationsShown, zone: ZoneInfo) -> Table:
    table = table_of(f"Applications to {shown.cohort}", "id", "name", "side", "standing", "missing", "handed in")
    for one in shown.applications:
        table.add_row(
            one.id,
            one.name,
            "mentor" if one.side is Side.MENTOR else "participant",
            _standing(one),
            str(one.missing) if one.missing else "complete",
            f"{one.submitted_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.submitted_at else "–",
        )
    return table


def _standing(one: ApplicationLine) -> str:
    if one.standing is None:
        return "not handed in"
    return (
        _looks(one.standing) + (", rules waived" if one.rules_waived else "") + (", goes first" if one.waited else "")
    )


def _looks(standing: Standing) -> str:
    return LOOKS.get(standing, standing)
