"""Whether two places of work are the same employer, though people write its name in many ways."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from domain.input_files.spelling import comparable

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
    name = comparable(name)
    return Employer(_telling(name), _telling(re.split(r"\s-\s|[,:;(/]", name, maxsplit=1)[0]))


def _telling(name: str) -> str:
    words = [ABBREVIATIONS.get(word, word) for word in re.findall(r"\w+", name.replace("'", ""))]
    return " ".join([word for word in words if word not in STOP_WORDS] or words)


def is_same_employer(first: Employer, second: Employer) -> bool:
    """Tell whether two names mean one employer: alike but for a slip of the pen, or one a branch of the other.

    Alike means at least ``MIN_SIMILARITY_PERCENT`` by RapidFuzz's ratio, and the same distinguishing words.
    """
    if second.whole in (first.whole, first.head) or first.whole == second.head:
        return True
    return first.marks == second.marks and fuzz.ratio(first.whole, second.whole) >= MIN_SIMILARITY_PERCENT


def same_employer_table(row_names: Sequence[str], column_names: Sequence[str]) -> NDArray[np.bool_]:
    """Return a table of which names in the rows and in the columns are the same employer."""
    rows, columns = [parse_employer(name) for name in row_names], [parse_employer(name) for name in column_names]
    same = np.zeros((len(rows), len(columns)), np.bool_)
    for row, column in _alike([employer.whole for employer in rows], [employer.whole for employer in columns]):
        same[row, column] = is_same_employer(rows[row], columns[column])
    for row_part, column_part in (("whole", "head"), ("head", "whole")):
        columns_by_name: dict[str, list[int]] = {}
        for column, employer in enumerate(columns):
            columns_by_name.setdefault(getattr(employer, column_part), []).append(column)
        for row, employer in enumerate(rows):
            same[row, columns_by_name.get(getattr(employer, row_part), [])] = True
    return same


def _alike(row_names: Sequence[str], column_names: Sequence[str]) -> list[list[int]]:
    if not row_names or not column_names:
        return []
    likeness = process.cdist(
        row_names, column_names, scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY_PERCENT, dtype=np.uint8
    )
    # cdist leaves 0 where a pair is below the cutoff.
    similar_pairs: list[list[int]] = np.argwhere(likeness).tolist()
    return similar_pairs
