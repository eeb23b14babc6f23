"""``mile cohort map``: proposes how the two files of another form are read, in a file to look over."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from cli.applications.reading import Encoding, proposal_lines
from cli.cohort.options import Force
from cli.common.private_files import write_private
from domain.applications.csv.applications import Files, parse_sides, people_of, with_people
from domain.applications.csv.mapping import read_mapping
from domain.applications.csv.mapping_writing import write_mapping
from domain.applications.csv.parsed_file import reading_notes
from domain.applications.csv.proposal import MappingProposal, propose_mapping
from domain.cohort.folder import MAPPING, SETTINGS, WORKBOOKS, people_lists
from rehearsal.folder import folder_files
from schemas.applications.mapping import ColumnMapping
from schemas.errors import BadInput, Problem, Refusal

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="A folder with mentors.csv and participants.csv.")]


def map_command(directory: Directory, encoding: Encoding = None, force: Force = False) -> None:
    """Propose how to read the files of another form, and write it to DIR/mapping.toml to look over."""
    contents = folder_files(directory)
    problems: list[Problem] = []
    files = people_lists(problems, contents, needed=False)
    if not files:
        raise Refusal(_without_lists(directory, contents))
    if problems:
        raise BadInput(problems)
    known = read_mapping(MAPPING, contents[MAPPING]) if MAPPING in contents else ColumnMapping()
    proposal = propose_mapping(files, known.saved_as(encoding) if encoding else known)
    if not proposal.guesses:
        print(f"Nothing more to propose for {' and '.join(name for name, _ in files.values())}.")
    else:
        write_private(directory / MAPPING, write_mapping(proposal), str(directory), force=force)
        print("\n".join(proposal_lines(files, proposal.guesses)))
    print("\n".join(_next_lines(directory, files, proposal)))


def _without_lists(directory: Path, names: Iterable[str]) -> str:
    tables = [name for name in names if name.lower().endswith((".csv", *WORKBOOKS))]
    found = f" It has {', '.join(tables)}: rename them." if tables else " Put your files there by these names."
    return f"{directory} has neither mentors.csv nor participants.csv.{found}"


def _next_lines(directory: Path, files: Files, proposal: MappingProposal) -> Iterator[str]:
    """Say what is still in the way of reading the files, so that it can be corrected in one go."""
    sheets, problems = parse_sides(files, proposal.mapping)
    sheets = with_people(sheets, files)
    problems += [problem for sheet in sheets.values() for problem in sheet.all_problems]
    yield from (note for sheet in sheets.values() for note in reading_notes(sheet))
    for sheet in sheets.values():
        yield f"{sheet.file}: {len(people_of(sheet))} of {len(sheet.lines)} people can be read."
    if problems:
        yield "To correct in the files themselves:"
        yield from (f"  {problem}" for problem in problems)
    if undecided := sum(guess.is_open for guess in proposal.guesses):
        yield f'To decide in {directory / MAPPING}: {undecided}, each where a "?" stands.'
    if proposal.guesses:
        yield f"Look over {directory / MAPPING}. Then: mile cohort create {directory} --dry-run"
    if not (directory / SETTINGS).exists():
        yield f"{directory} has no {SETTINGS} yet: copy the one of an earlier class or of examples, and change it."
