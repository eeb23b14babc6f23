"""An order of participants and mentors that depends on their scores alone, so that row order decides nothing."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import BLOCK_CELLS, HIGHEST, Scores

Keys = NDArray[np.uint64]

REFINED_AT_MOST = 4


class Order(NamedTuple):
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
_CODES = _mixed(np.arange(1, HIGHEST + 3, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))


def _row_keys(scores: Scores, column_keys: Keys) -> Keys:
    step = max(1, BLOCK_CELLS // max(1, scores.shape[1]))
    blocks = [_CODES[scores[start : start + step]] @ column_keys for start in range(0, len(scores), step)]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.uint64)


def _column_keys(scores: Scores, row_keys: Keys) -> Keys:
    step = max(1, BLOCK_CELLS // max(1, scores.shape[1]))
    keys = np.zeros(scores.shape[1], np.uint64)
    for start in range(0, len(scores), step):
        keys += row_keys[start : start + step] @ _CODES[scores[start : start + step]]
    return keys


def order(scores: Scores, row_marks: NDArray[np.int64], column_marks: NDArray[np.int64]) -> Order:
    """Return an order of rows and columns that any shuffling of the same table leads to.

    Rows are told apart by the scores in them, columns by theirs, then rows by which columns the scores stand in, and
    so on (colour refinement). What cannot be told apart so keeps its place: nearly always because it is the same.
    ``row_marks`` and ``column_marks`` are what else distinguishes them (waited before, places on offer).
    """
    row_keys, column_keys = _mixed(row_marks.astype(np.uint64)), _mixed(column_marks.astype(np.uint64) + np.uint64(1))
    told_apart = (0, 0)
    for _ in range(REFINED_AT_MOST):
        row_keys = _mixed(_row_keys(scores, column_keys) + row_keys)
        column_keys = _mixed(_column_keys(scores, row_keys) + column_keys)
        found = (len(np.unique(row_keys)), len(np.unique(column_keys)))
        if found in (told_apart, scores.shape):
            break
        told_apart = found
    return Order(np.argsort(row_keys, kind="stable"), np.argsort(column_keys, kind="stable"))
