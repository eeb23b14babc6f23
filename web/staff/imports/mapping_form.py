"""How files of another form are read, as drop-downs: each of our columns a heading, each of their words a meaning."""

import json
from collections.abc import Iterable, Iterator, Mapping

from domain.applications.csv.applications import SCHEMAS
from domain.applications.csv.cells import ENUMERATIONS, PEOPLE, UNDECIDED
from domain.applications.csv.columns import columns_of
from domain.applications.csv.parsing import read_application_table
from domain.applications.csv.proposal import Guess, MappingProposal
from domain.labels import label
from schemas.applications.mapping import ColumnMapping, SideMapping
from schemas.base import FrozenModel
from schemas.enums import Side
from schemas.forms.questions import Choice
from services.applications.uploads import Uploads

NO_HEADING = Choice(value="", label="(not in this file)")
NO_ANSWER = Choice(value="", label="(no answer)")
DECIDE = Choice(value=UNDECIDED, label="Please choose")


# What staff call our columns, where the column's own name says too little.
_COLUMNS = {
    "town": "City",
    "role": "Job title",
    "library_type": "Kind of library",
    "library_type_wish": "Wishes for the same or another kind of library",
    "ranks": "Would like best",
    "vetoes": "Asked not to be matched with",
    "conflicts": "Staff keep apart from",
    "years": "Years in libraries",
    "offers": "Can help with",
    "wants": "Goals are about",
    "capacity": "How many they can mentor",
    "last_attended": "Year of their own class",
    "about": "About them as a mentor",
    "waited": "Goes first",
}
_HOW_TO_TYPE = "A number. Leave it empty for no answer."
_HOW_TO_NAME = "An id, an address or a name of the other list. Leave it empty for no one."


class MappingField(FrozenModel):
    """One thing to choose: what it is about, what it is proposed from, and what may be chosen.

    Without ``choices`` it is typed. ``key`` tells the form what a word or an answer belongs to.
    """

    name: str
    words: str
    basis: str = ""
    choices: tuple[Choice, ...] = ()
    typed: str = ""
    key: str = ""
    problem: str = ""
    is_box: bool = False

    @property
    def described_by(self) -> str:
        """Return the ids of what describes this field, for aria-describedby."""
        parts = {"hint": self.basis, "problem": self.problem}
        return " ".join(f"{self.name}-{part}" for part, shown in parts.items() if shown)


class SideFields(FrozenModel):
    """What is chosen for one file."""

    file: str
    columns: tuple[MappingField, ...]
    words: tuple[MappingField, ...]
    left_out: tuple[MappingField, ...]
    ignored: tuple[str, ...]

    @property
    def problems(self) -> tuple[MappingField, ...]:
        """Return what only a person can decide."""
        return tuple(field for field in (*self.columns, *self.words) if field.problem)


def mapping_fields(uploads: Uploads, proposal: MappingProposal, *, strict: bool) -> tuple[SideFields, ...]:
    """Return what is proposed for each file, to choose otherwise; with ``strict``, what is open has a problem."""
    return tuple(
        _side_fields(uploads, proposal, side, strict=strict)
        for side in uploads
        # A file in our own columns has nothing to choose.
        if proposal.mapping.of(side).columns
    )


def _side_fields(uploads: Uploads, proposal: MappingProposal, side: Side, *, strict: bool) -> SideFields:
    upload, mapping = uploads[side], proposal.mapping.of(side)
    guesses = [guess for guess in proposal.guesses if guess.side is side]
    table = read_application_table(upload.file_name, upload.content, columns_of(SCHEMAS[side]), mapping)
    return SideFields(
        file=upload.file_name,
        columns=tuple(
            _columns(side, mapping, [heading for heading in table.header if heading], guesses, strict=strict)
        ),
        words=tuple(
            _word(side, number, guess, strict=strict)
            for number, guess in enumerate(guess for guess in guesses if guess.kind == "values")
        ),
        left_out=tuple(_left_out(side, mapping, guesses)),
        ignored=proposal.ignored.get(side, ()),
    )


def _left_out(side: Side, mapping: SideMapping, guesses: Iterable[Guess]) -> Iterator[MappingField]:
    bases = {
        (guess.column, guess.theirs): f"{guess.basis}; {_rows(guess)}" for guess in guesses if guess.kind == "skip"
    }
    entries = [(heading, word) for heading, words in mapping.skip.items() for word in words]
    for number, (heading, word) in enumerate(entries):
        yield MappingField(
            name=f"{side}.skip.{number}",
            words=f"Leave out rows with “{word}” under “{heading}”",
            basis=bases.get((heading, word), ""),
            typed="yes",
            key=json.dumps([heading, word]),
            is_box=True,
        )


def _columns(
    side: Side, mapping: SideMapping, headings: list[str], guesses: Iterable[Guess], *, strict: bool
) -> Iterator[MappingField]:
    needed = {name for name, field in SCHEMAS[side].model_fields.items() if field.is_required() and name != "id"}
    of_columns = {guess.column: guess for guess in guesses if guess.kind == "columns"}
    for column in columns_of(SCHEMAS[side]):
        chosen, guess = mapping.columns.get(column, ""), of_columns.get(column)
        # Two halves of a name, and the choices of a ranking, are several headings in one.
        offered = dict.fromkeys([*headings, *([chosen] if chosen not in {"", UNDECIDED} else [])])
        is_open = chosen == UNDECIDED
        yield MappingField(
            name=f"{side}.columns.{column}",
            words=f"{_called(column)}{' (needed)' if column in needed else ''}",
            basis=guess.basis if guess else "",
            choices=(DECIDE if is_open else NO_HEADING, *(Choice(value=one, label=one) for one in offered)),
            typed=chosen,
            problem="Choose the heading that has it." if strict and is_open else "",
        )


def _word(side: Side, number: int, guess: Guess, *, strict: bool) -> MappingField:
    enumeration = ENUMERATIONS.get(guess.column)
    offered = () if enumeration is None else tuple(Choice(value=one, label=label(one)) for one in enumeration)
    first = (DECIDE,) if guess.is_open else ()
    none = () if guess.column == "library_type" else (NO_ANSWER,)
    return MappingField(
        name=f"{side}.words.{number}",
        words=f"{_called(guess.column)}: “{guess.theirs}”",
        basis=_word_basis(guess),
        choices=(*first, *offered, *none) if offered else (),
        typed=guess.ours if offered or not guess.is_open else "",
        key=json.dumps([guess.column, guess.theirs]),
        problem="Choose what it means." if strict and guess.is_open else "",
    )


def _called(column: str) -> str:
    return _COLUMNS.get(column, label(column).capitalize())


def _word_basis(guess: Guess) -> str:
    if not guess.is_open:
        return f"{guess.basis}; {_rows(guess)}"
    if guess.column in ENUMERATIONS:
        return _rows(guess)
    return f"{_HOW_TO_NAME if guess.column in PEOPLE else _HOW_TO_TYPE} ({_rows(guess)})"


def _rows(guess: Guess) -> str:
    return f"{guess.rows} {'row' if guess.rows == 1 else 'rows'}"


def chosen_mapping(uploads: Uploads, known: ColumnMapping, posted: Mapping[str, str]) -> ColumnMapping:
    """Return how files are read with what was chosen on the page."""
    sides = {side: _chosen(side, known.of(side), posted) if side in uploads else known.of(side) for side in Side}
    return ColumnMapping(mentors=sides[Side.MENTOR], participants=sides[Side.MENTEE])


def _chosen(side: Side, known: SideMapping, posted: Mapping[str, str]) -> SideMapping:
    prefix = f"{side}.columns."
    columns = {name.removeprefix(prefix): words for name, words in posted.items() if name.startswith(prefix)}
    if not columns:
        return known
    values = {column: dict(words) for column, words in known.values.items()}
    for (column, theirs), ours in _keyed(side, "words", posted):
        # What nobody decided is proposed again.
        if ours != UNDECIDED:
            values.setdefault(column, {})[theirs] = ours
    skip = {heading: tuple(words) for heading, words in known.skip.items()}
    for (heading, theirs), box in _keyed(side, "skip", posted):
        others = tuple(word for word in skip.get(heading, ()) if word != theirs)
        skip[heading] = (*others, theirs) if box else others
    return known.model_copy(
        update={
            "columns": {column: heading for column, heading in columns.items() if heading},
            "values": values,
            "skip": {heading: words for heading, words in skip.items() if words},
        }
    )


def _keyed(side: Side, kind: str, posted: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for name, key in posted.items():
        start, _, end = name.rpartition(".")
        if start == f"{side}.{kind}.key" and (parts := _parts(key)):
            yield parts, posted.get(f"{side}.{kind}.{end}", "")


def _parts(key: str) -> tuple[str, str] | None:
    try:
        column, theirs = json.loads(key)
    except (ValueError, TypeError):
        return None
    return str(column), str(theirs)
