"""``mile cohort export|next``: applications as files, to correct, to archive, or for the next class."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.options import CohortId, DryRun, Force
from cli.common.private_files import check_private, write_private
from cli.common.servers import LOCAL_FOLDER, Folder, call_service, staff_actor
from domain.applications.csv.writing import write_people
from schemas.applications.imports import StoredApplication
from schemas.enums import Side
from schemas.errors import Refusal
from services.applications.exports import export_applications, preview_take_along, take_along
from services.context import ServiceContext

FILES = {Side.MENTOR: "mentors.csv", Side.MENTEE: "participants.csv"}
OPTIONS = {Side.MENTOR: "--mentors", Side.MENTEE: "--participants"}
INTO = "--into"
Csv = Annotated[Path | None, typer.Option(metavar="CSV", help="Where to write their applications. Optional.")]
Excel = Annotated[bool, typer.Option("--excel", help="Add a byte order mark, so that Excel shows every letter.")]


def export_command(
    cohort: CohortId,
    mentors: Csv = None,
    participants: Csv = None,
    everybody: Annotated[
        bool, typer.Option("--all", help="Include applications that are waiting, ineligible or withdrawn.")
    ] = False,
    excel: Excel = False,
    force: Force = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Write applications to CSV files that mile cohort import can read. Only you can read the files."""
    places = {side: path for side, path in ((Side.MENTOR, mentors), (Side.MENTEE, participants)) if path}
    if not places:
        raise Refusal("Say where to write: --mentors CSV, --participants CSV, or both.")
    if len({path.absolute() for path in places.values()}) < len(places):
        raise Refusal("--mentors and --participants name the same file; name two.")
    for side, path in places.items():
        check_private(path, OPTIONS[side], force=force)

    async def export(context: ServiceContext) -> tuple[StoredApplication, ...]:
        return await export_applications(context, staff_actor(), cohort, places, everybody=everybody)

    counts = _write(call_service(folder, export), places, excel=excel, force=force)
    for side, count in counts.items():
        print(f"{places[side]}: {people_count(side, count)} of {cohort}.")


def next_command(
    cohort: CohortId,
    into: Annotated[Path, typer.Option(INTO, metavar="DIR", help="The folder of the next class.")],
    dry_run: DryRun = False,
    excel: Excel = False,
    force: Force = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Move people without a pair to the next class, where they go first."""
    places = {side: into / name for side, name in FILES.items()}
    for path in places.values():
        check_private(path, INTO, force=force)

    async def export(context: ServiceContext) -> tuple[StoredApplication, ...]:
        if dry_run:
            return await preview_take_along(context, cohort)
        return await take_along(context, staff_actor(), cohort)

    people = call_service(folder, export)
    counts = {side: count for side in places if (count := sum(person.side is side for person in people))}
    if not dry_run:
        needed = {side: path for side, path in places.items() if side in counts}
        _write(people, needed, excel=excel, force=force, status=False)
    for side, count in counts.items():
        print(f"{places[side]}: {people_count(side, count)} without a pair in {cohort}.")
    print("Nothing was written. Leave out --dry-run to do it." if dry_run else ASK_AGAIN)


ASK_AGAIN = (
    "They have new ids, and whom they ranked, ruled out or report to is left out: the ids of the next class mean other "
    "people. Ask them again, then: mile cohort import"
)


def people_count(side: Side, count: int) -> str:
    """Return how many people of a side, such as 1 mentor."""
    people = OPTIONS[side][2:]
    return f"{count} {people.removesuffix('s') if count == 1 else people}"


def _write(
    people: Iterable[StoredApplication],
    places: Mapping[Side, Path],
    *,
    excel: bool,
    force: bool,
    status: bool = True,
) -> dict[Side, int]:
    counts = {}
    for side, path in places.items():
        of_side = [person for person in people if person.side is side]
        write_private(path, write_people(side, of_side, excel=excel, status=status), OPTIONS[side], force=force)
        counts[side] = len(of_side)
    return counts
