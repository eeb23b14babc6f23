"""Whether two places of work are the same employer, though people write its name in many ways."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

MIN_SIMILARITY_PERCENT = 92
ABBREVIATIONS = {"st": "saint", "univ": "university", "lib": "library", "co": "county", "mn": "minnesota"}
STOP_WORDS = {"the", "of", "and", "at", "public", "library", "libraries", "system", "inc"}
DISTINGUISHING_WORDS = {
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "upper",
    "lower",
}


@dataclass(frozen=True)
class Employer:
    """A place of work reduced to what tells it from others; ``head`` is the part before a branch or department."""

    whole: str
    head: str

    @property
    def marks(self) -> frozenset[str]:
        """Return the words in which a small difference means another employer: numbers and points of the compass."""
        return frozenset(
            word for word in self.whole.split() if word in DISTINGUISHING_WORDS or any(map(str.isdigit, word))
        )


def parse_employer(name: str) -> Employer:
    """Reduce a library's name to its telling words."""
    return Employer(_telling(name), _telling(re.split(r"\s[-–—]\s|[,:;(/]", name, maxsplit=1)[0]))


def _telling(name: str) -> str:
    words = [ABBREVIATIONS.get(word, word) for word in re.findall(r"\w+", name.casefold().replace("'", ""))]
    return " ".join([word for word in words if word not in STOP_WORDS] or words)


def is_same_employer(one: Employer, other: Employer) -> bool:
    """Tell whether two names mean one employer: alike but for a slip of the pen, or one a branch of the other."""
    if other.whole in (one.whole, one.head) or one.whole == other.head:
        return True
    return one.marks == other.marks and fuzz.ratio(one.whole, other.whole) >= MIN_SIMILARITY_PERCENT


def same_employer_table(ones: Sequence[str], others: Sequence[str]) -> NDArray[np.bool_]:
    """Return which of ``ones`` (rows) are the same employer as which of ``others`` (columns)."""
    rows, columns = [parse_employer(name) for name in ones], [parse_employer(name) for name in others]
    same = np.zeros((len(rows), len(columns)), np.bool_)
    for row, column in _alike([each.whole for each in rows], [each.whole for each in columns]):
        same[row, column] = is_same_employer(rows[row], columns[column])
    for mine, theirs in (("whole", "head"), ("head", "whole")):
        at: dict[str, list[int]] = {}
        for column, each in enumerate(columns):
            at.setdefault(getattr(each, theirs), []).append(column)
        for row, each in enumerate(rows):
            same[row, at.get(getattr(each, mine), [])] = True
    return same


def _alike(ones: Sequence[str], others: Sequence[str]) -> list[list[int]]:
    if not ones or not others:
        return []
    likeness = process.cdist(ones, others, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY_PERCENT, dtype=np.uint8)
    found: list[list[int]] = np.argwhere(likeness).tolist()
    return found
