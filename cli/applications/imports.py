"""``mile cohort import``: both sides' applications from files, compared with those saved, all or nothing."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.applications.reading import Encoding, MapFile, YesToProposal, content_of, mapping_for, mapping_in
from cli.applications.refused_files import possible_files, refused_files
from cli.cohort.options import CohortId, DryRun, Force, Note
from cli.common.private_files import check_private, write_private
from cli.common.results import effect_lines
from cli.common.servers import LOCAL_FOLDER, AsJson, Folder, call_service, print_json, staff_actor
from cli.common.steps import announce
from domain.applications.csv.applications import Files, Sheets, parse_sides
from domain.applications.csv.parsed_file import ParsedFile
from domain.applications.csv.writing import write_rows
from domain.applications.import_comparison import EXTRA_COLUMNS, ImportComparison, refused_rows
from schemas.applications.imports import ImportResult, RefusedRow
from schemas.applications.mapping import ColumnMapping
from schemas.enums import Side
from schemas.errors import BadInput, Problem, Refusal
from services.applications.imports import count_rows, import_applications, known_reading, preview_import
from services.context import ServiceContext

SKIP = "--skip-bad-rows"
SHOWN = 20
NOTHING_WAS_SAVED = "Nothing was saved. Leave out --dry-run to import it."
Csv = Annotated[Path | None, typer.Option(metavar="CSV", help="Their file. Optional.")]


def import_command(
    cohort: CohortId,
    mentors: Csv = None,
    participants: Csv = None,
    skip: Annotated[
        Path | None,
        typer.Option(SKIP, metavar="FILE", help="Import the good rows, and write the bad ones to this file."),
    ] = None,
    map_file: MapFile = None,
    encoding: Encoding = None,
    yes: YesToProposal = False,
    force: Force = False,
    note: Note = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
    folder: Folder = LOCAL_FOLDER,
) -> None:
    """Import applications from CSV files or workbooks. This adds and changes people. It removes no one."""
    files = {side: path for side, path in ((Side.MENTOR, mentors), (Side.MENTEE, participants)) if path}
    _check_places(files, skip, force=force)
    contents = _contents(files)
    known = call_service(folder, lambda context: known_reading(context, cohort))
    given = mapping_in(map_file).filled_up(known.mapping)
    mapping = mapping_for(contents, given, encoding, stored=known.people, yes=yes)
    sheets = _parsed(contents, mapping)

    async def run(context: ServiceContext) -> tuple[ImportResult, ImportComparison]:
        previewed = await preview_import(context, cohort, sheets)
        # Before the yes: some say what to correct first.
        for reading_note in previewed[1].notes:
            print(reading_note, file=sys.stderr)
        if dry_run:
            return previewed
        # Where rows are refused nothing is saved, so nobody is emailed.
        if previewed[0].preview and (skip or not previewed[0].refused):
            announce(previewed[0].preview, yes=yes)
        return await import_applications(
            context, staff_actor(), cohort, sheets, mapping=mapping, skip_bad_rows=skip is not None, note=note
        )

    imported, comparison = call_service(folder, run)
    if skip and imported.saved:
        imported = imported.model_copy(update={"refused_files": _write_refused(skip, sheets, comparison, force=force)})
    if as_json:
        print_json(imported)
    else:
        print("\n".join(_lines(imported, skipping=skip is not None)))
    # Last, after the lists: the exit status says that nothing was imported.
    if imported.refused and skip is None:
        raise Refusal(_refusal(comparison))
    if imported.preview and not as_json:
        print("\n".join((*effect_lines(imported.preview), NOTHING_WAS_SAVED)))


def _check_places(files: Mapping[Side, Path], skip: Path | None, *, force: bool) -> None:
    """Refuse a call without files, and a place for refused rows that cannot be written or is one of the files."""
    if not files:
        raise Refusal("Say which file to import: --mentors CSV, --participants CSV, or both.")
    for place in possible_files(skip, files) if skip else ():
        if place.absolute() in {path.absolute() for path in files.values()}:
            raise Refusal(f"{SKIP} {place} is a file that is imported; name another one.")
        check_private(place, SKIP, force=force)


def _parsed(contents: Files, mapping: ColumnMapping) -> Sheets:
    """Read the files row by row; raises BadInput with what is wrong with either of them as a whole."""
    sheets, problems = parse_sides(contents, mapping, beside=EXTRA_COLUMNS)
    if problems:
        raise BadInput(problems)
    return sheets


def _contents(files: Mapping[Side, Path]) -> Files:
    # Two files of one name, from two folders: a problem must say which of them it is in.
    alike = len({path.name for path in files.values()}) < len(files)
    return {side: (str(path) if alike else path.name, content_of(path)) for side, path in files.items()}


def _write_refused(
    file: Path, sheets: Mapping[Side, ParsedFile[Any]], comparison: ImportComparison, *, force: bool
) -> tuple[str, ...]:
    refused = {side: lines for side, lines in comparison.refused.items() if lines}
    places = refused_files(file, refused)
    for side, place in places.items():
        header, rows = refused_rows(sheets[side], refused[side])
        write_private(place, write_rows(header, rows), SKIP, force=force)
    return tuple(map(str, places.values()))


def _lines(imported: ImportResult, *, skipping: bool) -> Iterator[str]:
    counts = ", ".join(f"{number} {name}" for name, number in count_rows(imported).items())
    yield f"{imported.cohort}: {counts}."
    if imported.added:
        yield f"  Added: {_some(imported.added)}"
    for change in imported.changed[:SHOWN]:
        yield f"  Changed: {change.id} ({', '.join(change.columns)})"
    if len(imported.changed) > SHOWN:
        yield f"  Changed: {len(imported.changed) - SHOWN} more; --json lists all."
    for words, ids in (
        ("In no row, and left as they are", imported.absent),
        ("Had no mentor in their last class, so they go first", imported.waited),
        ("Changed their address, so their links and the calendars on their page end", imported.links_revoked),
        ("Begun by page with an address of these files, and closed because nobody went on with it", imported.closed),
    ):
        if ids:
            yield f"  {words}: {_some(ids)}"
    for link in imported.write_again:
        yield f"  To write to them again: mile mentorship resend {link.mentorship} --side {link.side}"
    if skipping:
        yield from (f"  Refused: {_problem(row)}" for row in imported.refused[:SHOWN])
    if imported.refused_files:
        files = " and ".join(imported.refused_files)
        yield f"  The refused rows are in {files}: correct them there and import that file."


def _some(ids: Sequence[str]) -> str:
    suffix = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + suffix


def _problem(row: RefusedRow) -> str:
    return str(Problem(row.file, row.why, row.row, row.column, row.value))


def _refusal(result: ImportComparison) -> str:
    rows = sum(len(lines) for lines in result.refused.values())
    bad = "1 row cannot" if rows == 1 else f"{rows} rows cannot"
    return (
        f"{BadInput(result.problems)}\nNothing was imported, because {bad} be used. Correct the file, or import the "
        f"other rows with {SKIP} FILE."
    )
