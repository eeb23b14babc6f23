"""How alike two phrases are, for proposals that a person looks at."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from domain.applications.csv.vocabulary import FILLERS
from domain.input_files.spelling import comparable

LIKELY_PERCENT = 72
MARGIN_PERCENT = 6
_ASIDE = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


class Likeness(NamedTuple):
    """What a phrase is most like, how much (0 to 100), and the known phrase that it was compared with."""

    meaning: str
    percent: float
    phrase: str


def likeness(phrase: str, known: str) -> float:
    """Return how alike two phrases are, 0 to 100: half for the words they share, half for all their words."""
    one, other = _telling(phrase), _telling(known)
    if re.findall(r"\d+", other) and re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def most_like(phrase: str, meanings: Mapping[str, Sequence[str]]) -> Likeness | None:
    """Return the one meaning that a phrase is clearly most like, with or without what it says in brackets."""
    found = sorted((closest(phrase, meaning, known) for meaning, known in meanings.items()), key=lambda each: -each[1])
    if not found or found[0].percent < LIKELY_PERCENT:
        return None
    if len(found) > 1 and found[0].percent - found[1].percent < MARGIN_PERCENT:
        return None
    return found[0]


def closest(phrase: str, meaning: str, known: Sequence[str]) -> Likeness:
    """Return how much a phrase is like the best of the phrases that mean the same."""
    spellings = {phrase, _ASIDE.sub(" ", phrase)}
    percent, best = max((likeness(spelling, each), each) for spelling in spellings for each in known)
    return Likeness(meaning, percent, best)


def _telling(phrase: str) -> str:
    words = _WORD.findall(comparable(phrase))
    return " ".join([word for word in words if word not in FILLERS] or words)
