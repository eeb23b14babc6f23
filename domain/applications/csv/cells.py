"""The answers in the cells of one row: words translated into ours, lists split, empty cells left out."""

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


def word_translations(file_name: str, known_columns: Collection[str], values: Values) -> dict[str, dict[str, str]]:
    """Return for each column which of the file's words means which of ours; theirs are compared without case.

    Raises:
        BadInput: the mapping names a column that is not ours.
    """
    unknown = [column for column in values if column not in known_columns]
    if unknown:
        message = "is named by the mapping but is not one of our columns"
        raise BadInput(
            [Problem(file_name, message + did_you_mean(column, known_columns), None, column) for column in unknown]
        )
    return {
        column: {normalize(foreign_word): known_word for foreign_word, known_word in words.items()}
        for column, words in values.items()
    }


def row_answers(
    row: CsvRow, layout: ColumnLayout, words: Mapping[str, Mapping[str, str]]
) -> dict[str, str | list[str]]:
    """Return a row's answers by our column; empty ones are left out, lists are split at ``;``.

    A ' that keeps a spreadsheet from calculating with a cell is no part of the answer.
    """
    answers: dict[str, str | list[str]] = {}
    for column, places in layout.places.items():
        joint = ";" if column in _LISTS else " "
        cell = joint.join(filter(None, (unescape_formula(row.cells[place]).strip() for place in places)))
        answer = _in_our_words(column, cell, words.get(column, {}))
        if answer:
            answers[column] = answer
    return answers


def unprintable_problems(layout: ColumnLayout, row: CsvRow, answers: Mapping[str, str | list[str]]) -> list[Problem]:
    """Return a problem for each answer with characters nobody can see, or with a line break where one line is asked."""
    return [
        Problem(layout.file, _broken(column), row.number, layout.headings[column])
        for column, answer in answers.items()
        for text in ([answer] if isinstance(answer, str) else answer)
        if (_UNPRINTABLE if column in _LONG else _BROKEN).search(text)
    ]


def _broken(column: str) -> str:
    if column in _LONG:
        return "holds characters that cannot be shown; type it again"
    return "must stand on one line, without tabs or characters that cannot be shown; type it again"


def _in_our_words(column: str, cell: str, words: Mapping[str, str]) -> str | list[str]:
    text = words.get(normalize(cell), cell)
    if column not in _LISTS:
        return _allowed(column, text)
    items = (item.strip() for item in re.split(r"[;\n]" if ";" in text or "\n" in text else ",", text))
    return [_allowed(column, word) for item in items if (word := words.get(normalize(item), item))]


def _allowed(column: str, word: str) -> str:
    """Return “Goal setting” as goal_setting, and a word that is not ours as it was written."""
    known_words = _OUR_WORDS.get(column, frozenset())
    return folded if known_words and (folded := normalize(word)) in known_words else word
