"""How the files of another form may be read as ours: proposed from their headings and words, for a person to check."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.applications.csv.applications import SCHEMAS, Files
from domain.applications.csv.cells import ENUMERATIONS, NUMBERS, PEOPLE, UNDECIDED, row_answers
from domain.applications.csv.columns import columns_of, find_columns
from domain.applications.csv.heading_proposals import propose_headings
from domain.applications.csv.naming import Called, Directory
from domain.applications.csv.parsing import kept_rows, made_id, read_application_table
from domain.applications.csv.tables import CsvTable
from domain.applications.csv.unknown_words import ForeignFile, UnknownWord, unknown_words
from domain.applications.csv.vocabulary import NO_ANSWER
from domain.applications.csv.word_proposals import WordProposal, proposed_word, undecided_word
from domain.applications.csv.writing import STATUS, WHY
from domain.input_files.spelling import comparable, normalize
from schemas.applications.mapping import ColumnMapping, SideMapping
from schemas.applications.people import Application
from schemas.enums import Side
from schemas.errors import BadInput

_OFFERS_TO = re.compile(r"\b(willing|available|interested|able to|participate|commit|can you|would you|will you)\b")
_TAKING_PART = re.compile(
    r"\b(mentor|mentors|mentee|mentoring|mentorship|participate|take part|serve|program|commit|mile)\b"
)
# A question about more than taking part: whoever says no to it still takes part.
_OFFERS_MORE = re.compile(r"\b(two|second|more|another|also|again|additional|both|\d)\b")
_YES, _NO = re.compile(r"(yes|yeah|sure|i can|i will)\b"), re.compile(r"(no|not|sorry|i can't|i cannot|unable)\b")


class Guess(NamedTuple):
    """One thing that is proposed: what the file says, what it may mean, and what that is made from.

    ``kind`` is the table of a mapping.toml that it belongs to: "columns", "values" or "skip". ``rows`` counts where
    the word stands.
    """

    side: Side
    kind: str
    column: str
    theirs: str
    ours: str
    basis: str
    rows: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether only a person can decide it."""
        return UNDECIDED in {self.theirs, self.ours}


@dataclass(frozen=True)
class MappingProposal:
    """A mapping that reads two files, as far as it is known or likely, and what in it is only proposed.

    ``ignored`` are the headings of each side that nothing is read from.
    """

    mapping: ColumnMapping
    guesses: tuple[Guess, ...] = ()
    ignored: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)

    def basis(self, side: Side, kind: str, column: str, theirs: str) -> Guess | None:
        """Return what an entry of the mapping was proposed from, or nothing where somebody wrote it."""
        entry = (side, kind, column, theirs)
        return next((guess for guess in self.guesses if guess[:4] == entry), None)


def propose_mapping(
    files: Files, known: ColumnMapping, stored: Iterable[tuple[Side, Application]] = ()
) -> MappingProposal:
    """Return a mapping for two files, or one: what ``known`` lacks is proposed, what it says stays.

    Files in our own columns need none. Rows may name people of the files, and those ``stored`` before.

    Raises:
        BadInput: a file cannot be read, or the known mapping does not fit it.
    """
    read = {side: _read(side, *files[side], known.of(side)) for side in files}
    before = ((side, Called.of(person)) for side, person in stored)
    directory = Directory([*before, *(entry for file, _ in read.values() for entry in _people(file))])
    guesses: list[Guess] = []
    for side, (file, proposed) in read.items():
        if not _is_ours(side, file.table):
            guesses += [*proposed, *_word_guesses(file, directory)]
    sides = {side: _extended(known.of(side), [guess for guess in guesses if guess.side is side]) for side in Side}
    ignored = {side: file.layout.ignored for side, (file, _) in read.items() if file.layout.ignored}
    return MappingProposal(
        ColumnMapping(mentors=sides[Side.MENTOR], participants=sides[Side.MENTEE]), tuple(guesses), ignored
    )


def _read(side: Side, name: str, content: bytes, known: SideMapping) -> tuple[ForeignFile, list[Guess]]:
    """Return a file as the known mapping reads it, and where that has no columns, the proposed ones."""
    schema = SCHEMAS[side]
    table = read_application_table(name, content, columns_of(schema), known)
    if _is_ours(side, table):
        return ForeignFile(side, table, find_columns(table, columns_of(schema), (), {}), SideMapping()), []
    guesses: list[Guess] = []
    if not known.columns:
        guesses += [
            Guess(side, "columns", column, heading, column, basis)
            for column, heading, basis in propose_headings(table, schema)
        ]
        guesses += [] if known.skip else _skip_guesses(side, table)
    mapping = _extended(known, guesses)
    rows, _ = kept_rows(table, mapping)
    decided = {column: heading for column, heading in mapping.columns.items() if heading != UNDECIDED}
    layout = find_columns(table, columns_of(schema), (), decided)
    return ForeignFile(side, table._replace(rows=rows), layout, mapping), guesses


def is_another_form(side: Side, name: str, content: bytes, known: SideMapping) -> bool:
    """Tell whether a file has other columns than ours, and the known mapping does not say which."""
    try:
        table = read_application_table(name, content, columns_of(SCHEMAS[side]), known)
    except BadInput:
        return False
    return not known.columns and not _is_ours(side, table)


def _is_ours(side: Side, table: CsvTable) -> bool:
    """Tell whether a file is meant to have our columns, though perhaps with a slip in one: its own refusal says more.

    It has all that we need, or ids and mostly our columns.
    """
    schema, header = SCHEMAS[side], set(filter(None, map(normalize, table.header)))
    ours = header & set(map(normalize, [*columns_of(schema), STATUS, WHY]))
    needed = {name for name, field in schema.model_fields.items() if field.is_required() and name != "id"}
    return needed <= header or ("id" in header and len(ours) * 3 >= len(header) * 2)


def _skip_guesses(side: Side, table: CsvTable) -> Iterator[Guess]:
    """Yield the answers "no" to a question whether somebody can take part."""
    for place, heading in enumerate(table.header):
        answers = Counter(row.cells[place].strip() for row in table.rows if row.cells[place].strip())
        no = [answer for answer in answers if _NO.match(comparable(answer))]
        yes = [answer for answer in answers if _YES.match(comparable(answer))]
        asked = comparable(heading)
        if yes and _OFFERS_TO.search(asked) and _TAKING_PART.search(asked) and not _OFFERS_MORE.search(asked):
            for answer in no:
                yield Guess(side, "skip", heading, answer, "left out", "says no to taking part", answers[answer])


def _extended(mapping: SideMapping, guesses: Iterable[Guess]) -> SideMapping:
    columns, skip = dict(mapping.columns), dict(mapping.skip)
    values = {column: dict(words) for column, words in mapping.values.items()}
    for guess in guesses:
        if guess.kind == "columns":
            columns[guess.column] = guess.theirs
        elif guess.kind == "skip":
            skip[guess.column] = (*skip.get(guess.column, ()), guess.theirs)
        else:
            values.setdefault(guess.column, {})[guess.theirs] = guess.ours
    return mapping.model_copy(update={"columns": columns, "values": values, "skip": skip})


def _people(file: ForeignFile) -> Iterator[tuple[Side, Called]]:
    """Yield everybody of a file by what others may call them, whatever is wrong with the rest of their row."""
    for row in file.table.rows:
        answers = {"id": made_id(SCHEMAS[file.side], row)} | row_answers(row, file.layout, {})
        yield (
            file.side,
            Called(*(str(answers.get(column, "")) for column in ("id", "name", "preferred_name", "email"))),
        )


def _word_guesses(file: ForeignFile, directory: Directory) -> Iterator[Guess]:
    """Yield a meaning for each word that is neither ours nor in the mapping, and how many rows have it."""
    columns = [column for column in (*ENUMERATIONS, *NUMBERS, *PEOPLE) if file.layout.places.get(column)]
    for column in sorted(columns, key=list(file.layout.places).index):
        for word in unknown_words(file, column, directory):
            meaning, basis = _meaning(file.side, column, word, directory)
            yield Guess(file.side, "values", column, word.word, meaning, basis, word.rows)


def _meaning(side: Side, column: str, unknown: UnknownWord, directory: Directory) -> WordProposal:
    if column not in PEOPLE:
        return proposed_word(column, unknown.word) or undecided_word()
    if comparable(unknown.word).rstrip(".!") in NO_ANSWER:
        return WordProposal("", "nobody")
    near = directory.closest(side.partner, unknown.word)
    if len(near) == 1:
        return WordProposal(near[0].email or near[0].id, f"like “{near[0].name}”")
    # Whoever somebody reports to matters only where it is a possible partner.
    return undecided_word() if near or column != "reports_to" else WordProposal("", "in neither list")
