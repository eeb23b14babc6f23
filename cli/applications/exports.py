"""``mile cohort export|next``: applications as files, to be mended, kept, or taken along to a new class."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, DryRun, Force, with_cohort
from cli.common.private_files import check_private, write_private
from cli.common.servers import HERE, Folder, staff_actor
from domain.applications.csv.writing import write_people
from domain.applications.review import carry_over
from schemas.applications.imports import StoredApplication
from schemas.cohort.settings import CohortSettings
from schemas.enums import ApplicationStatus, Side
from schemas.errors import Refusal
from services.context import ServiceContext
from storage import application_review, imports

FILES = {Side.MENTOR: "mentors.csv", Side.MENTEE: "participants.csv"}
OPTIONS = {Side.MENTOR: "--mentors", Side.MENTEE: "--participants"}
INTO = "--into"
Csv = Annotated[Path | None, typer.Option(metavar="CSV", help="Where to write their applications; may be left out.")]
Excel = Annotated[bool, typer.Option("--excel", help="Begin files with what lets Excel show every letter.")]

export_app = typer.Typer()


@export_app.command("export")
def export_command(
    cohort: CohortId,
    mentors: Csv = None,
    participants: Csv = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Those too who are not accepted: waiting, not eligible, withdrawn.")
    ] = False,
    excel: Excel = False,
    force: Force = False,
    folder: Folder = HERE,
) -> None:
    """Write applications to CSV files that mile cohort import reads back; only you may read them."""
    places = {side: path for side, path in ((Side.MENTOR, mentors), (Side.MENTEE, participants)) if path}
    if not places:
        raise Refusal("Say where to write: --mentors CSV, --participants CSV, or both.")
    if len({path.absolute() for path in places.values()}) < len(places):
        raise Refusal("--mentors and --participants name the same file; name two.")
    for side, path in places.items():
        check_private(path, OPTIONS[side], force=force)

    async def deed(at: ServiceContext, _: CohortSettings) -> dict[Side, int]:
        found = await imports.stored_applications(at.pool, cohort)
        shown = [one for one in found if everybody or one.standing is ApplicationStatus.ACCEPTED]
        counts = _write(shown, places, excel=excel, force=force)
        await _note(at, "exported", cohort, counts)
        return counts

    for side, count in with_cohort(cohort, folder, deed).items():
        print(f"{places[side]}: {how_many(side, count)} of {cohort}.")


@export_app.command("next")
def next_command(
    cohort: CohortId,
    into: Annotated[Path, typer.Option(INTO, metavar="DIR", help="The folder of the next class.")],
    dry_run: DryRun = False,
    excel: Excel = False,
    force: Force = False,
    folder: Folder = HERE,
) -> None:
    """Take those without a pair to the next class, first in line: who waits, and whom no published pair names."""
    places = {side: into / name for side, name in FILES.items()}
    for path in places.values():
        check_private(path, INTO, force=force)

    async def deed(at: ServiceContext, _: CohortSettings) -> dict[Side, int]:
        left = carry_over(await application_review.unpaired(at.pool, cohort))
        there = {side: path for side, path in places.items() if any(one.side is side for one in left)}
        if not there:
            raise Refusal(f"Nobody of {cohort} is left: none waits, and nobody is without a pair.")
        if dry_run:
            return {side: sum(one.side is side for one in left) for side in there}
        counts = _write(left, there, excel=excel, force=force, standing=False)
        await _note(at, "taken_along", cohort, counts)
        return counts

    for side, count in with_cohort(cohort, folder, deed).items():
        print(f"{places[side]}: {how_many(side, count)} without a pair in {cohort}.")
    print("Nothing was written. Leave out --dry-run to do it." if dry_run else ASK_AGAIN)


ASK_AGAIN = (
    "They have new ids, and whom they ranked, ruled out or report to is left out: the ids of the next class mean other "
    "people. Ask them again, then: mile cohort import"
)


def how_many(side: Side, count: int) -> str:
    """Return how many people of a side, such as 1 mentor."""
    people = OPTIONS[side][2:]
    return f"{count} {people.removesuffix('s') if count == 1 else people}"


def _write(
    people: Iterable[StoredApplication],
    places: Mapping[Side, Path],
    *,
    excel: bool,
    force: bool,
    standing: bool = True,
) -> dict[Side, int]:
    counts = {}
    for side, path in places.items():
        of_side = [one for one in people if one.side is side]
        write_private(path, write_people(side, of_side, excel=excel, standing=standing), OPTIONS[side], force=force)
        counts[side] = len(of_side)
    return counts


async def _note(at: ServiceContext, action: str, cohort: str, counts: Mapping[Side, int]) -> None:
    await at.audit(staff_actor(), action, cohort, mentors=counts.get(Side.MENTOR), mentees=counts.get(Side.MENTEE))
