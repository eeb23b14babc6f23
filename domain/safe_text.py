"""People's own words, made safe to quote in a sentence, a list or an email."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from schemas.applications.people import Person

# Characters that turn the direction of what follows, so that a sentence of ours would read as another one.
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(words: str) -> str:
    """Return words on one line, without control characters: a name must never start a header or a paragraph."""
    # Nearly all words; looking at each character takes twenty times as long.
    if words.isascii() and words.isprintable():
        return " ".join(words.split())
    words = encodable(words)
    visible = (" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in words if not _turns(char))
    return " ".join("".join(visible).split())


def encodable(words: str) -> str:
    """Return words that UTF-8 can hold: a lone surrogate, half of a character, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", words)


def text_lines(words: str) -> tuple[str, ...]:
    """Return somebody's words line by line as they wrote them, without empty lines at either end."""
    return tuple(one_line(line) for line in words.strip().splitlines())


def _turns(char: str) -> bool:
    return unicodedata.bidirectional(char) in _TURNING


def _on_one_line(person: Person) -> Person:
    tidy = {field: one_line(getattr(person, field)) for field in ("name", "library", "town", "role")}
    return person.model_copy(update=tidy)


SafeLine = Annotated[str, AfterValidator(one_line)]
SafePerson = Annotated[Person, AfterValidator(_on_one_line)]
