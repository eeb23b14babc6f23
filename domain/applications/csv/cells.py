"""The answers in the cells of one row: words translated into ours, lists split, empty cells left out."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from html import unescape
from typing import NamedTuple

from domain.applications.csv.columns import ColumnLayout, Values
from domain.applications.csv.tables import CsvRow
from domain.applications.csv.writing import unescape_formula
from domain.input_files.spelling import as_typed, did_you_mean, normalize, plain
from schemas.enums import Availability, GoalArea, LibraryType, LibraryTypeWish, WorkingStyle
from schemas.errors import BadInput, Problem

ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    "library_type": LibraryType,
    "working_style": WorkingStyle,
    "availability": Availability,
    "library_type_wish": LibraryTypeWish,
    "offers": GoalArea,
    "wants": GoalArea,
}
NUMBERS = frozenset({"years", "capacity", "last_attended"})
# Whom an answer names: by id, name or address, found once both files are read.
PEOPLE = frozenset({"ranks", "vetoes", "conflicts", "reports_to"})
LISTS = frozenset({"availability", "offers", "wants"})
# What is still to be decided in a mapping.
UNDECIDED = "?"
_OUR_WORDS = {column: frozenset(map(str, words)) for column, words in ENUMERATIONS.items()}
_OF_FIXED_KIND = frozenset({"id", "email", "waited", "status"}) | NUMBERS | PEOPLE | LISTS | ENUMERATIONS.keys()
_SEPARATORS = re.compile(r"([;,\n])")


class Vocabulary(NamedTuple):
    """What a file's words in one column mean; ``most_parts`` is how many separators the longest of them contains."""

    meanings: Mapping[str, str] = {}
    most_parts: int = 0


def word_translations(file_name: str, known_columns: Collection[str], values: Values) -> dict[str, Vocabulary]:
    """Return for each column which of the file's words means which of ours; theirs are compared as ``normalize`` does.

    Raises:
        BadInput: the mapping names a column that is not ours.
    """
    unknown = [column for column in values if column not in known_columns]
    if unknown:
        message = "is named by the mapping but is not one of our columns"
        raise BadInput(
            [Problem(file_name, message + did_you_mean(column, known_columns), None, column) for column in unknown]
        )
    return {column: vocabulary(meanings) for column, meanings in values.items()}


def vocabulary(meanings: Mapping[str, str]) -> Vocabulary:
    """Return what the words of one column mean; theirs are compared as ``normalize`` does."""
    most_parts = max((len(_SEPARATORS.findall(unescape(theirs))) for theirs in meanings), default=0)
    return Vocabulary({normalize(theirs): ours for theirs, ours in meanings.items()}, most_parts)


def row_answers(row: CsvRow, layout: ColumnLayout, words: Mapping[str, Vocabulary]) -> dict[str, str | list[str]]:
    """Return a row's answers by our column; empty ones are left out, lists are split at ``;`` or at commas.

    A ' that keeps a spreadsheet from calculating with a cell is no part of the answer.
    """
    answers: dict[str, str | list[str]] = {}
    for column, places in layout.places.items():
        if not places and column not in words:
            continue
        answer = _in_our_words(column, cell_text(column, row, places), words.get(column, Vocabulary()))
        if answer:
            answers[column] = answer
    return answers


def cell_text(column: str, row: CsvRow, places: Sequence[int]) -> str:
    """Return what a row has in the places of one of our columns; several are joined."""
    joint = ";" if column in LISTS | PEOPLE else " "
    return joint.join(filter(None, (_cell(column, row.cells[place]) for place in places)))


def list_items(cell: str, words: Vocabulary) -> Iterator[str]:
    """Return the items of a cell; a word of the mapping is found first, although it contains a separator.

    The rest is split at ``;`` and line breaks where it has some, and otherwise at commas.
    """
    parts = _SEPARATORS.split(cell)
    rest: list[str] = []
    at = 0
    while at < len(parts):
        end = _end_of_known_word(parts, at, words)
        if end:
            yield from _split("".join(rest))
            yield "".join(parts[at:end]).strip()
            rest, at = [], end + 1
        else:
            rest += parts[at : at + 2]
            at += 2
    yield from _split("".join(rest))


def translated(column: str, word: str, words: Vocabulary) -> str:
    """Return a word as we write it: by the mapping, or “Goal setting” as goal_setting; otherwise as it was written."""
    ours = words.meanings.get(normalize(word), word) if words.meanings else word
    known_words = _OUR_WORDS.get(column)
    return folded if known_words and (folded := normalize(ours)) in known_words else ours


def _cell(column: str, cell: str) -> str:
    cell = unescape_formula(cell).strip()
    if column not in _OF_FIXED_KIND:
        return as_typed(cell)
    if column in PEOPLE:
        cell = cell.replace("\n", ";")
    return plain(unescape(cell) if column in LISTS | PEOPLE else cell).strip()


def _in_our_words(column: str, cell: str, words: Vocabulary) -> str | list[str]:
    if column in PEOPLE:
        return _named_people(cell, words)
    if column not in LISTS:
        return translated(column, cell, words)
    whole = words.meanings.get(normalize(cell)) if words.meanings else None
    items = [whole] if whole is not None else [translated(column, item, words) for item in list_items(cell, words)]
    # One word of theirs may mean several of ours: "Any time".
    ours = (translated(column, word, Vocabulary()) for item in items for word in _split(item))
    return list(dict.fromkeys(ours))


def _named_people(cell: str, words: Vocabulary) -> str:
    """Return a cell that names people, with those whom the mapping knows; a name may contain a comma."""
    if not words.meanings or normalize(cell) in words.meanings:
        return translated("", cell, words)
    items = list(list_items(cell, words))
    known = any(normalize(item) in words.meanings for item in items)
    return ";".join(filter(None, (translated("", item, words) for item in items))) if known else cell


def _end_of_known_word(parts: list[str], start: int, words: Vocabulary) -> int | None:
    ends = range(min(len(parts), start + 2 * words.most_parts + 1), start + 2, -2)
    return next((end for end in ends if normalize("".join(parts[start:end])) in words.meanings), None)


def _split(text: str) -> list[str]:
    items = re.split(r"[;\n]" if ";" in text or "\n" in text else ",", text)
    return [stripped for item in items if (stripped := item.strip())]
