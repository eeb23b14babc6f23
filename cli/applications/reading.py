"""What commands that read people's files share: the mapping, how letters were saved, and a yes to what is proposed."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from domain.applications.csv.applications import Files
from domain.applications.csv.mapping import choices, read_mapping, undecided
from domain.applications.csv.proposal import Guess, MappingProposal, is_another_form, propose_mapping
from schemas.applications.mapping import ColumnMapping
from schemas.applications.people import Application
from schemas.enums import Side, TextEncoding
from schemas.errors import BadInput, Refusal

MapFile = Annotated[
    Path | None, typer.Option("--map", metavar="FILE", help="How to read files of another form, a mapping.toml.")
]
Encoding = Annotated[
    TextEncoding | None, typer.Option("--encoding", help="How the files were saved, where they do not say so.")
]
YesToProposal = Annotated[bool, typer.Option("--yes", help="Read other forms as proposed, and say yes to the step.")]
PROPOSED = "Proposed for files of another form:"
ASK = "Read the files like this?"
_WHERE = "in a mapping.toml, which mile cohort map DIR writes, and add --map FILE."
HOW_TO_SAY_YES = f"If this is right, add --yes. If not, correct it {_WHERE}"
HOW_TO_DECIDE = f'Each "?" needs a decision. Write it down {_WHERE}'
# Without these, what is proposed is no reading of a list of people.
_TELLING = {"name", "email"}


def mapping_for(
    files: Files,
    known: ColumnMapping,
    encoding: TextEncoding | None = None,
    *,
    stored: Iterable[tuple[Side, Application]] = (),
    yes: bool = False,
) -> ColumnMapping:
    """Return how files are read: as is known, and as proposed where somebody says yes to it.

    ``stored`` are people whom the files may name although none of their rows is about them. Raises Refusal where nobody
    does, or where something is left to decide.
    """
    known = known.saved_as(encoding) if encoding else known
    try:
        proposal = propose_mapping(files, known, stored)
    except BadInput:
        # Read without a mapping, another form would be refused heading by heading.
        if any(is_another_form(side, *files[side], known.of(side)) for side in files):
            raise
        return known  # said with everything else when the files are read
    if not proposal.guesses:
        return known
    if senseless := _senseless_sides(proposal):
        # What is wrong with these is said when they are read; the others are read as proposed.
        sides = {side: known.of(side) if side in senseless else proposal.mapping.of(side) for side in Side}
        return ColumnMapping(mentors=sides[Side.MENTOR], participants=sides[Side.MENTEE])
    lines = [PROPOSED, *proposal_lines(files, proposal.guesses)]
    if any(guess.is_open for guess in proposal.guesses):
        raise Refusal("\n".join([*lines, HOW_TO_DECIDE]))
    if yes or _says_yes(lines):
        return proposal.mapping
    raise Refusal("\n".join([*lines, HOW_TO_SAY_YES]))


def mapping_in(file: Path | None) -> ColumnMapping:
    """Read a mapping.toml that leaves nothing open; raises BadInput otherwise. No file is an empty mapping."""
    if file is None:
        return ColumnMapping()
    mapping = read_mapping(file.name, content_of(file))
    if problems := undecided(file.name, mapping):
        raise BadInput(problems)
    return mapping


def proposal_lines(files: Files, guesses: Iterable[Guess]) -> Iterator[str]:
    """Say what is proposed, file by file, and from what."""
    for side in Side:
        of_side = [guess for guess in guesses if guess.side is side]
        if of_side:
            yield f"  {files[side][0]}"
            yield from (f"    {_proposed(guess)}" for guess in of_side)


def content_of(path: Path) -> bytes:
    """Return what a file contains; raises Refusal where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}); check the name and try again.") from None


def _senseless_sides(proposal: MappingProposal) -> set[Side]:
    """Return the sides of whose files a proposal makes no list of people, although it proposes headings for them."""
    found = Counter(guess.side for guess in proposal.guesses if guess.column in _TELLING and not guess.is_open)
    sides = {guess.side for guess in proposal.guesses if guess.kind == "columns"}
    return {side for side in sides if found[side] < len(_TELLING)}


def _proposed(guess: Guess) -> str:
    if guess.kind == "columns":
        return f"{guess.column}: " + (f"? {guess.basis}" if guess.is_open else f"{guess.theirs} ({guess.basis})")
    rows = f"{guess.rows} {'row' if guess.rows == 1 else 'rows'}"
    if guess.kind == "skip":
        return f"left out: {rows} with “{guess.theirs}” under {guess.column} ({guess.basis})"
    if guess.is_open:
        return f"{guess.column}: ? “{guess.theirs}” ({rows}): {choices(guess.column)}"
    meaning = f"means {guess.ours}" if guess.ours else "is no answer"
    return f"{guess.column}: “{guess.theirs}” {meaning} ({guess.basis}; {rows})"


def _says_yes(lines: Iterable[str]) -> bool:
    if not sys.stdin.isatty():
        return False
    print("\n".join(lines), file=sys.stderr)
    return typer.confirm(ASK, err=True)
