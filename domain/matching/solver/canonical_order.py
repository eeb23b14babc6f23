"""An order of mentees and mentors that depends on their scores alone, so that row order decides nothing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import MAX_SCORE, Scores, row_blocks

Keys = NDArray[np.uint64]

MAX_REFINEMENTS = 4


class CanonicalOrder(NamedTuple):
    """Positions into the rows and the columns of a score table."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]


def _mixed(keys: Keys) -> Keys:
    """Scatter 64-bit keys (the finalizer of splitmix64, Steele, Lea & Flood 2014)."""
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Keys = keys ^ (keys >> np.uint64(31))
    return mixed


# The last entry stands for a forbidden pair, whose score is -1.
_CODES = _mixed(np.arange(1, MAX_SCORE + 3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _refined(scores: Scores, row_keys: Keys, column_keys: Keys) -> tuple[Keys, Keys]:
    """Return keys of rows refined by the columns' keys, then keys of columns refined by the rows' new ones."""
    refined, sums = np.empty_like(row_keys), np.zeros_like(column_keys)
    for block in row_blocks(*scores.shape):
        codes = np.take(_CODES, scores[block], mode="wrap")
        # Sums of unsigned 64-bit numbers wrap around, so the order of their terms changes nothing.
        refined[block] = _mixed(np.einsum("ij,j->i", codes, column_keys) + row_keys[block])
        sums += np.einsum("ij,i->j", codes, refined[block])
    return refined, _mixed(sums + column_keys)


def _distinct(keys: Keys) -> int:
    return len(set(keys.tolist()))


def canonical_order(scores: Scores, row_marks: NDArray[np.int64], column_marks: NDArray[np.int64]) -> CanonicalOrder:
    """Return an order of rows and columns that any shuffling of the same table leads to.

    Rows are distinguished by their scores, columns by theirs, then rows by the columns in which those scores are, and
    so on (color refinement). Rows that stay equal keep their order: they are nearly always the same.
    ``row_marks`` and ``column_marks`` are what else distinguishes them (waited before, capacity).
    """
    row_keys, column_keys = _mixed(row_marks.astype(np.uint64)), _mixed(column_marks.astype(np.uint64) + np.uint64(1))
    distinct = (0, 0)
    for _ in range(MAX_REFINEMENTS):
        row_keys, column_keys = _refined(scores, row_keys, column_keys)
        now_distinct = (_distinct(row_keys), _distinct(column_keys))
        if now_distinct in (distinct, scores.shape):
            break
        distinct = now_distinct
    return CanonicalOrder(np.argsort(row_keys, kind="stable"), np.argsort(column_keys, kind="stable"))
