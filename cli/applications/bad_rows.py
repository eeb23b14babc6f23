"""Writing the rows of a folder's lists that cannot be used to a file of their own, each with the reason in front."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli.applications.refused_files import possible_files, refused_files
from cli.common.paths import cohort_in, folder_reading
from cli.common.private_files import check_private, write_private
from domain.applications.csv.applications import Files, Sheets, parse_sides, with_people
from domain.applications.csv.writing import write_rows
from domain.applications.import_comparison import refused_rows
from domain.cohort.folder import people_lists
from rehearsal.folder import folder_files
from schemas.applications.mapping import ColumnMapping
from schemas.cohort.folder import CohortFolder
from schemas.enums import TextEncoding
from schemas.errors import BadInput

OPTION = "--bad-rows"
BadRows = Annotated[
    Path | None,
    typer.Option(OPTION, metavar="FILE", help="Write the rows that cannot be used to this file, with the reasons."),
]


def check_bad_rows(file: Path | None, files: Files) -> None:
    """Refuse a place for bad rows that is there already or cannot be written."""
    for place in possible_files(file, files) if file else ():
        check_private(place, OPTION, force=False)


def write_bad_rows(file: Path | None, files: Files, mapping: ColumnMapping) -> None:
    """Write the rows of both sides' lists that cannot be used, and say where they are; nothing where there are none."""
    if file is None:
        return
    sheets, _ = parse_sides(files, mapping)
    sheets = with_people(sheets, files)
    bad: Sheets = {side: sheet for side, sheet in sheets.items() if any(line.problems for line in sheet.lines)}
    for side, place in refused_files(file, bad).items():
        header, rows = refused_rows(bad[side], (line for line in bad[side].lines if line.problems))
        write_private(place, write_rows(header, rows), OPTION, force=False)
        print(f"The rows of {bad[side].file} that cannot be used are in {place}.", file=sys.stderr)


def cohort_without_bad_rows(
    directory: Path, map_file: Path | None, encoding: TextEncoding | None, file: Path | None, *, yes: bool
) -> CohortFolder:
    """Read a cohort's folder as ``cohort_in`` does; rows that cannot be used are written to a file, if one is named."""
    if file is None:
        return cohort_in(directory, map_file, encoding, yes=yes)
    lists = people_lists([], folder_files(directory), needed=False)
    check_bad_rows(file, lists)
    try:
        return cohort_in(directory, map_file, encoding, yes=yes)
    except BadInput:
        # Whoever has to say yes to a mapping has done so, or is asked no more.
        write_bad_rows(file, lists, folder_reading(directory, map_file, encoding, yes=True) or ColumnMapping())
        raise
