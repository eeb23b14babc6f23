"""What is wrong with an answer or a setting, in words a volunteer understands."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.input_files.spelling import did_you_mean
from schemas.addresses import NOT_PLAIN
from schemas.cohort.settings import ONE_LINE, ONE_PLAIN_LINE, SEVERAL_LINES

_WHOLE_NUMBER = "must be a whole number, such as 7"
_IN_DIGITS = "must be a whole number, in digits and nothing else"
_DATE = "must be a date, such as 2019-05-10"
_TIME = "must be a time of day, such as 09:00:00"
_MOMENT = "must be a moment with its time zone, such as 2019-03-15T17:00:00-05:00"
_ALLOWED = "is not one of the allowed words; write one of: {expected}"
_EMAIL = "is not an email address; write one such as name@example.org"
_NOT_PLAIN = (
    "has letters before the @ that not every mail server takes; write one in plain letters, such as name@example.org"
)
_SECTION = "must be a section: its name in square brackets on one line, its settings on the lines below"
_UNFORESEEN = "cannot be understood; compare it with the example cohort"

# Each kind of error the validation knows, as a sentence; what stands in braces comes from the error itself.
_SENTENCES = {
    "missing": "is missing; fill it in",
    "string_type": "must be words in quotation marks",
    "string_too_short": "must not be empty; fill it in",
    "string_too_long": "is too long; shorten it to at most {max_length} characters",
    "int_type": _WHOLE_NUMBER + ", without quotation marks",
    "int_parsing": _IN_DIGITS,
    "int_parsing_size": _IN_DIGITS,
    "int_from_float": _IN_DIGITS,
    "greater_than_equal": "is too small; write {ge} or more",
    "less_than_equal": "is too large; write {le} or less",
    "bool_type": "must be true or false, without quotation marks",
    "bool_parsing": "must be yes or no",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
    "too_short": "must hold at least one; add it",
    "enum": _ALLOWED,
    "literal_error": _ALLOWED,
    "tuple_type": "must be a list in square brackets, such as [10]",
    "model_type": _SECTION,
    "dict_type": _SECTION,
    NOT_PLAIN: _NOT_PLAIN,
}

_DAYS = {
    "greater_than_equal": "is too early; write a day from {ge} on",
    "less_than_equal": "is too late; write a day up to {le}",
}

PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$": "must be letters, digits, - and _ only, at most 32, such as M01",
    r"^[a-z0-9][a-z0-9-]{0,39}$": "must be small letters, digits and - only, at most 40, such as mile-2019",
    r"^[a-z][a-z0-9_]{0,39}$": "must be small letters, digits and _ only, at most 40, such as friday_morning",
    ONE_LINE: "must stand on one line, without invisible control characters",
    SEVERAL_LINES: "must be without invisible control characters",
    ONE_PLAIN_LINE: 'must stand on one line without any of @ : , " < > and without invisible control characters',
}


def error_sentence(error: ErrorDetails) -> str:
    """Return what is wrong and what to do about it, without a word about software."""
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS.get(context["pattern"], _UNFORESEEN)
    if error["type"] == "value_error":
        # An address is refused with the parser's reason; our own rules are refused with our own sentence.
        return _EMAIL if "reason" in context else str(context["error"])
    # The bound of a day is given as text, that of a number as a number.
    if isinstance(context.get("ge", context.get("le")), str):
        return _DAYS[error["type"]].format_map(context)
    if "expected" in context:
        return _allowed(str(context["expected"]), error["input"])
    return _SENTENCES.get(error["type"], _UNFORESEEN).format_map(context)


def shown_value(value: Any) -> str | None:
    """Return a value as an error shows it: shortened, and nothing for whole sections and empty cells."""
    if value is None or value == "" or isinstance(value, dict | list | tuple):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def relevant_errors(error: ValidationError) -> Iterator[ErrorDetails]:
    """Return each error on its own, without links to anybody's manual.

    A list whose only item is wrong counts as empty too, which says nothing more.
    """
    details = error.errors(include_url=False)
    inner = {detail["loc"][:-2] for detail in details} | {detail["loc"][:-1] for detail in details}
    yield from (detail for detail in details if detail["type"] != "too_short" or detail["loc"] not in inner)


def _allowed(expected: str, value: Any) -> str:
    words: Iterable[str] = expected.replace("' or '", "', '").strip("'").split("', '")
    words = list(words)
    return _ALLOWED.format(expected=", ".join(words)) + did_you_mean(str(value), words)
