"""Stable matching: no participant and mentor who would both rather have each other than what they got."""

import numpy as np
from numpy.typing import NDArray

from domain.matching.coverage import NOBODY, Positions
from domain.matching.scores import BLOCK_CELLS, FORBIDDEN, Places, Scores


def stable_places(scores: Scores) -> Positions:
    """Return a place per participant, or -1, so that no pair would rather have each other; one column is one place.

    Both sides want the highest score, so the pairs that are each other's best can be fixed at once, round by round
    (Preis 1999). Among equal scores the cell nearest the diagonal counts as better, for both sides alike.
    """
    place_of = np.full(len(scores), NOBODY, np.int64)
    rows, columns = np.arange(scores.shape[0]), np.arange(scores.shape[1])
    longest = max(scores.shape, default=1)
    while len(rows) and len(columns):
        best_of_row, best_of_column = _best(scores, rows, columns, longest)
        wanted = best_of_row[best_of_column[best_of_row] == np.arange(len(rows))]
        chosen = best_of_column[wanted]
        allowed = scores[rows[chosen], columns[wanted]] != FORBIDDEN
        if not allowed.any():
            break
        chosen, wanted = chosen[allowed], wanted[allowed]
        place_of[rows[chosen]] = columns[wanted]
        rows, columns = np.delete(rows, chosen), np.delete(columns, wanted)
    return place_of


def _best(
    scores: Scores, rows: NDArray[np.intp], columns: NDArray[np.intp], longest: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    best_of_row = np.empty(len(rows), np.intp)
    best_of_column = np.zeros(len(columns), np.intp)
    highest = np.full(len(columns), np.iinfo(np.int64).min)
    step = max(1, BLOCK_CELLS // len(columns))
    for start in range(0, len(rows), step):
        some = rows[start : start + step, None]
        wish = scores[some, columns].astype(np.int64) * longest - (columns - some) % longest
        best_of_row[start : start + step] = wish.argmax(axis=1)
        above = wish.max(axis=0) > highest
        best_of_column[above] = start + wish.argmax(axis=0)[above]
        highest = np.maximum(highest, wish.max(axis=0))
    return best_of_row, best_of_column


def blocking_pairs(scores: Scores, mentor_of: Positions, places: Places) -> int:
    """Count the allowed pairs who would both rather have each other than what they got or a place left empty.

    ``mentor_of`` gives a mentor or -1 per participant, ``places`` how many mentees each mentor can take.
    """
    placed = np.flatnonzero(mentor_of != NOBODY)
    own = np.full(len(scores), FORBIDDEN, np.int16)
    own[placed] = scores[placed, mentor_of[placed]]
    least = np.full(scores.shape[1], np.iinfo(np.int16).max)
    np.minimum.at(least, mentor_of[placed], own[placed])
    least[np.bincount(mentor_of[placed], minlength=scores.shape[1]) < places] = FORBIDDEN
    least[places == 0] = np.iinfo(np.int16).max
    step = max(1, BLOCK_CELLS // max(1, scores.shape[1]))
    return sum(
        int(
            np.count_nonzero(
                (scores[start : start + step] > own[start : start + step, None])
                & (scores[start : start + step] > least)
            )
        )
        for start in range(0, len(scores), step)
    )
