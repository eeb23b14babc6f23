"""What no person answered: characters nobody can see, a spreadsheet's errors, letters that were lost on the way."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from domain.applications.csv.columns import GOALS, ColumnLayout
from domain.applications.csv.tables import CsvRow
from domain.input_files.spelling import comparable, is_unseen
from domain.input_files.validation_messages import shown_value
from schemas.applications.people import MenteeApplication, MentorApplication, Words
from schemas.errors import Problem

_IN_OWN_WORDS = get_args(Words)[1]
_LONG = frozenset(GOALS) | {
    name
    for schema in (MentorApplication, MenteeApplication)
    for name, field in schema.model_fields.items()
    if _IN_OWN_WORDS in field.metadata
}
_NAMES = ("name", "library", "town", "role")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# The errors of Excel, Google Sheets and LibreOffice, and a number in a column that is too narrow.
_MACHINE_ERROR = re.compile(
    r"#(ref|value|name|null|num|spill|calc|error|field|blocked|connect|unknown|busy|external|python|data)[!?]"
    r"|#n/a|#div/0!|#getting_data|err:\d{3}|#{2,}|loading\.\.\."
)
_NO_NAMES = frozenset({"n/a", "null", "nan", "none", "nil", "tbd", "undefined", "(blank)"})
# Readings of UTF-8 as Windows-1252: a capital with a tilde or circumflex before a sign.
_MISREAD = re.compile(r"[ÃÂÅÄ][\x80-\xbf]|â€|ï»¿")

_MACHINE_MESSAGE = "holds an error of the spreadsheet, not an answer; correct it there"
_LOST_MESSAGE = "holds a � where a letter was lost; type it again"
_MISREAD_MESSAGE = "holds letters that were misread once, such as Ã© for é; type it again, or save the original anew"
_EMPTY_MESSAGE = "looks empty; every row needs an answer here"


def unusable_problems(layout: ColumnLayout, row: CsvRow, answers: Mapping[str, str | list[str]]) -> Iterator[Problem]:
    """Return a problem for each answer that cannot be what somebody answered, with its column as the file calls it."""
    for column, answer in answers.items():
        for text in dict.fromkeys(_texts(row, layout.places[column], answer)):
            if message := _why_unusable(column, text):
                shown = shown_value(text) if message in {_MACHINE_MESSAGE, _MISREAD_MESSAGE} else None
                yield Problem(layout.file, message, row.number, layout.headings[column], shown)


def _texts(row: CsvRow, places: Sequence[int], answer: str | list[str]) -> Iterator[str]:
    """Yield the parts of an answer, and the cells it was joined from that are errors though the answer is none."""
    if len(places) > 1:
        yield from filter(is_machine_error, (row.cells[place] for place in places))
    yield from [answer] if isinstance(answer, str) else answer


def _why_unusable(column: str, text: str) -> str | None:
    if (_UNPRINTABLE if column in _LONG else _BROKEN).search(text):
        return _broken(column)
    if is_machine_error(text):
        return _MACHINE_MESSAGE
    if not text.isascii() and "\ufffd" in text:
        return _LOST_MESSAGE
    if not text.isascii() and _is_misread(text):
        return _MISREAD_MESSAGE
    return _EMPTY_MESSAGE if column in _NAMES and _looks_empty(column, text) else None


def is_machine_error(text: str) -> bool:
    """Tell whether a cell holds an error of the spreadsheet."""
    # The longest error of a spreadsheet has 14 characters.
    return len(text) < 20 and _MACHINE_ERROR.fullmatch(comparable(text)) is not None


def _broken(column: str) -> str:
    if column in _LONG:
        return "holds characters that cannot be shown; type it again"
    return "must stand on one line, without tabs or characters that cannot be shown; type it again"


def _is_misread(text: str) -> bool:
    """Tell whether a text is UTF-8 that some program took for Windows-1252: read the right way it makes sense."""
    if not _MISREAD.search(text):
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _looks_empty(column: str, text: str) -> bool:
    kinds = "L" if column == "name" else "LN"
    says_something = any(unicodedata.category(char)[0] in kinds and not is_unseen(char) for char in text)
    return not says_something or (len(text) < 20 and comparable(text) in _NO_NAMES)
