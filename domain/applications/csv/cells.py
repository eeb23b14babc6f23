"""What the cells of one row answer: words put into ours, lists taken apart, empty cells left out."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import get_args

from domain.applications.csv.columns import GOALS, ColumnLayout, Values
from domain.applications.csv.tables import CsvRow
from domain.applications.csv.writing import unescape_formula
from domain.input_files.spelling import did_you_mean, normalize
from schemas.applications.people import MenteeApplication, MentorApplication, Words
from schemas.enums import Availability, GoalArea, LibraryType, WorkingStyle
from schemas.errors import BadInput, Problem

_ENUMERATIONS: Mapping[str, type[StrEnum]] = {
    "library_type": LibraryType,
    "working_style": WorkingStyle,
    "availability": Availability,
    "offers": GoalArea,
    "wants": GoalArea,
}
_OUR_WORDS = {column: frozenset(map(str, words)) for column, words in _ENUMERATIONS.items()}
_LISTS = frozenset({"availability", "offers", "wants", "ranks", "vetoes", "conflicts"})
_IN_OWN_WORDS = get_args(Words)[1]
_LONG = frozenset(GOALS) | {
    name
    for schema in (MentorApplication, MenteeApplication)
    for name, field in schema.model_fields.items()
    if _IN_OWN_WORDS in field.metadata
}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def word_translations(file_name: str, ours: Collection[str], values: Values) -> dict[str, dict[str, str]]:
    """Return for each column which of the file's words means which of ours; theirs are compared without case.

    Raises:
        BadInput: the mapping names a column that is not ours.
    """
    unknown = [column for column in values if column not in ours]
    if unknown:
        message = "is named by the mapping but is not one of our columns"
        raise BadInput([Problem(file_name, message + did_you_mean(each, ours), None, each) for each in unknown])
    return {column: {normalize(theirs): own for theirs, own in words.items()} for column, words in values.items()}


def row_answers(
    row: CsvRow, layout: ColumnLayout, words: Mapping[str, Mapping[str, str]]
) -> dict[str, str | list[str]]:
    """Return a row's answers by our column; empty ones are left out, lists are taken apart at ``;``.

    A ' that keeps a spreadsheet from calculating with a cell is no part of the answer.
    """
    given: dict[str, str | list[str]] = {}
    for column, places in layout.places.items():
        joint = ";" if column in _LISTS else " "
        cell = joint.join(filter(None, (unescape_formula(row.cells[place]).strip() for place in places)))
        answer = _in_our_words(column, cell, words.get(column, {}))
        if answer:
            given[column] = answer
    return given


def unprintable_problems(layout: ColumnLayout, row: CsvRow, given: Mapping[str, str | list[str]]) -> list[Problem]:
    """Return a problem for each answer with characters nobody can see, or with a line break where one line is asked."""
    return [
        Problem(layout.file, _broken(column), row.number, layout.headings[column])
        for column, answer in given.items()
        for text in ([answer] if isinstance(answer, str) else answer)
        if (_UNPRINTABLE if column in _LONG else _BROKEN).search(text)
    ]


def _broken(column: str) -> str:
    if column in _LONG:
        return "holds characters that cannot be shown; type it again"
    return "must stand on one line, without tabs or characters that cannot be shown; type it again"


def _in_our_words(column: str, cell: str, words: Mapping[str, str]) -> str | list[str]:
    whole = words.get(normalize(cell), cell)
    if column not in _LISTS:
        return _allowed(column, whole)
    items = (item.strip() for item in re.split(r"[;\n]" if ";" in whole or "\n" in whole else ",", whole))
    return [_allowed(column, own) for item in items if (own := words.get(normalize(item), item))]


def _allowed(column: str, word: str) -> str:
    """Return “Goal setting” as goal_setting, and a word that is not ours as it was written."""
    ours = _OUR_WORDS.get(column, frozenset())
    return folded if ours and (folded := normalize(word)) in ours else word
