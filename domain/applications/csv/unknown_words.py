"""The words of a foreign file that are neither ours nor in its mapping, column by column."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from domain.applications.csv.cells import (
    ENUMERATIONS,
    LISTS,
    NUMBERS,
    Vocabulary,
    cell_text,
    list_items,
    translated,
    vocabulary,
)
from domain.applications.csv.columns import ColumnLayout
from domain.applications.csv.naming import Directory, written_names
from domain.applications.csv.tables import CsvTable
from domain.applications.csv.unusable import is_machine_error
from domain.applications.csv.word_proposals import proposed_word
from domain.input_files.spelling import comparable, normalize
from schemas.applications.mapping import SideMapping
from schemas.enums import Side

_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_NO_PARTNER = frozenset({"vetoes", "conflicts"})


class UnknownWord(NamedTuple):
    """A word as the file has it, and in how many rows."""

    word: str
    rows: int


class ForeignFile(NamedTuple):
    """One side's file of another form, where it has our columns, and what is known of its words."""

    side: Side
    table: CsvTable
    layout: ColumnLayout
    mapping: SideMapping


def unknown_words(file: ForeignFile, column: str, directory: Directory) -> list[UnknownWord]:
    """Return the words of one column that nobody knows, as often as they stand, in the order of the rows."""
    words = vocabulary(file.mapping.values.get(column, {}))
    found: Counter[str] = Counter()
    spellings: dict[str, str] = {}
    for row in file.table.rows:
        cell = cell_text(column, row, file.layout.places[column])
        if not cell or normalize(cell) in words.meanings:
            continue
        for word in dict.fromkeys(_unknown(file.side, column, cell, words, directory)):
            if is_machine_error(word):  # to be corrected where it stands, whatever it might mean
                continue
            found[spellings.setdefault(normalize(word), word)] += 1
    return [UnknownWord(word, rows) for word, rows in found.items()]


def _unknown(side: Side, column: str, cell: str, words: Vocabulary, directory: Directory) -> Iterator[str]:
    if column in LISTS:
        yield from _unknown_items(column, cell, words)
    elif column in ENUMERATIONS:
        yield from [] if _is_ours(column, cell) else [cell]
    elif column in NUMBERS:
        yield from [] if _NUMBER.fullmatch(cell) else [cell]
    else:
        yield from _unknown_people(side, column, cell, words, directory)


def _unknown_items(column: str, cell: str, words: Vocabulary) -> Iterator[str]:
    """Yield the unknown items of a list; one that makes sense only with the unknown one before it contains a comma."""
    joint: list[str] = []
    for item in list_items(cell, words):
        both = f"{joint[-1]}, {item}" if joint else ""
        if both in cell and _are_one(column, joint[-1:], item, words) and proposed_word(column, both):
            joint[-1] = both
        else:
            joint.append(item)
    yield from (item for item in joint if not _is_known(column, item, words))


def _are_one(column: str, before: list[str], item: str, words: Vocabulary) -> bool:
    """Tell whether an item that is like nothing may belong to the one before it, which nobody knows either."""
    unknown = not any(_is_known(column, each, words) for each in (*before, item))
    return bool(before) and unknown and proposed_word(column, item) is None


def _is_known(column: str, item: str, words: Vocabulary) -> bool:
    return normalize(item) in words.meanings or _is_ours(column, item)


def _unknown_people(side: Side, column: str, cell: str, words: Vocabulary, directory: Directory) -> Iterator[str]:
    names = [name for name in written_names(cell, directory, side.partner) if normalize(name) not in words.meanings]
    lost = [name for name in names if not _is_somebody(side, column, name, directory)]
    # A sentence is one answer, though commas cut it.
    yield from [cell] if lost and len(lost) == len(names) else lost


def _is_somebody(side: Side, column: str, name: str, directory: Directory) -> bool:
    if len(directory.ids(side.partner, name)) == 1:
        return True
    own = directory.ids(side, name) if column in _NO_PARTNER else set()
    return bool(own) and comparable(name) not in map(comparable, own)


def _is_ours(column: str, word: str) -> bool:
    return translated(column, word, Vocabulary()) in set(map(str, ENUMERATIONS[column]))
