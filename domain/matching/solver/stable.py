"""Stable matching: no mentee and mentor who would both rather have each other than what they got."""

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import BLOCK_CELLS, FORBIDDEN, Capacities, Scores, row_blocks
from domain.matching.solver.coverage import UNPLACED, Positions

Index = NDArray[np.intp]


# Below this share of mentees placed in a round, going over the whole table again is slower than sorting it once.
SORTED_BELOW = 0.02


def stable_placement(scores: Scores) -> Positions:
    """Return a place per mentee, or -1, so that no pair would rather have each other; one column is one place.

    Both sides want the highest score, so the pairs that are each other's best can be fixed at once, round by round
    (Preis 1999). Among equal scores the cell nearest the diagonal counts as better, for both sides alike.
    """
    place_of = np.full(len(scores), UNPLACED, np.int64)
    rows, columns = np.arange(scores.shape[0]), np.arange(scores.shape[1])
    while len(rows) and len(columns):
        best_of_row, best_of_column = _best(scores, rows, columns)
        proposed = best_of_row[best_of_column[best_of_row] == np.arange(len(rows))]
        chosen = best_of_column[proposed]
        allowed = scores[rows[chosen], columns[proposed]] != FORBIDDEN
        chosen, proposed = chosen[allowed], proposed[allowed]
        place_of[rows[chosen]] = columns[proposed]
        is_slow = len(chosen) < SORTED_BELOW * len(rows)
        rows, columns = np.delete(rows, chosen), np.delete(columns, proposed)
        if is_slow:
            _place_by_lists(scores, rows, columns, place_of)
            break
    return place_of


def _wishes(scores: Scores, rows: Index, columns: Index) -> NDArray[np.int64]:
    """Return how much each pair is wished for: by score, among equal scores by nearness to the diagonal."""
    longest = max(scores.shape)
    table = scores[rows[:, None], columns].astype(np.int64)
    wishes: NDArray[np.int64] = table * longest - (columns - rows[:, None]) % longest
    return wishes


def _best(scores: Scores, rows: Index, columns: Index) -> tuple[Index, Index]:
    best_of_row = np.empty(len(rows), np.intp)
    best_of_column = np.zeros(len(columns), np.intp)
    highest = np.full(len(columns), np.iinfo(np.int64).min)
    step = max(1, BLOCK_CELLS // len(columns))
    for start in range(0, len(rows), step):
        wishes = _wishes(scores, rows[start : start + step], columns)
        best_of_row[start : start + step] = wishes.argmax(axis=1)
        above = wishes.max(axis=0) > highest
        best_of_column[above] = start + wishes.argmax(axis=0)[above]
        highest = np.maximum(highest, wishes.max(axis=0))
    return best_of_row, best_of_column


class _PreferenceLists:
    """Everybody's wishes on one side, best first, and how far each has come; nobody is asked twice."""

    def __init__(self, lists: NDArray[np.int32], others: int) -> None:
        self.lists, self.at, self.gone = lists, np.zeros(len(lists), np.intp), np.zeros(others, np.bool_)

    def best(self, people: Index) -> Index:
        """Return the best one not gone for everybody in ``still``; there must be one."""
        behind = people
        while len(behind):
            behind = behind[self.gone[self.lists[behind, self.at[behind]]]]
            self.at[behind] += 1
        return self.lists[people, self.at[people]].astype(np.intp)


def _place_by_lists(scores: Scores, rows: Index, columns: Index, place_of: Positions) -> None:
    """Go on where rounds fix few pairs, as when all want the same: sort all wishes once, then go down the lists."""
    by_row = _PreferenceLists(_sorted(scores, rows, columns, by_row=True), len(columns))
    by_column = _PreferenceLists(_sorted(scores, rows, columns, by_row=False), len(rows))
    open_rows, open_columns = np.arange(len(rows)), np.arange(len(columns))
    while len(open_rows) and len(open_columns):
        best = np.empty(len(columns), np.intp)
        best[open_columns] = by_column.best(open_columns)
        proposed = by_row.best(open_rows)
        mutual = best[proposed] == open_rows
        allowed = scores[rows[open_rows[mutual]], columns[proposed[mutual]]] != FORBIDDEN
        chosen, taken = open_rows[mutual][allowed], proposed[mutual][allowed]
        if not len(chosen):
            return
        place_of[rows[chosen]] = columns[taken]
        by_column.gone[chosen] = by_row.gone[taken] = True
        open_rows, open_columns = open_rows[~by_column.gone[open_rows]], open_columns[~by_row.gone[open_columns]]


def _sorted(scores: Scores, rows: Index, columns: Index, *, by_row: bool) -> NDArray[np.int32]:
    sorted_side, other_side = (rows, columns) if by_row else (columns, rows)
    lists = np.empty((len(sorted_side), len(other_side)), np.int32)
    step = max(1, BLOCK_CELLS // max(1, len(other_side)))
    for start in range(0, len(sorted_side), step):
        batch = sorted_side[start : start + step]
        wishes = _wishes(scores, batch, columns) if by_row else _wishes(scores, rows, batch).T
        lists[start : start + step] = np.argsort(-wishes, axis=1)
    return lists


def count_blocking_pairs(scores: Scores, mentor_of: Positions, capacities: Capacities) -> int:
    """Count the allowed pairs who would both rather have each other than what they got or a place left empty.

    ``mentor_of`` gives a mentor or -1 per mentee, ``places`` how many mentees each mentor can take.
    """
    placed = np.flatnonzero(mentor_of != UNPLACED)
    own = np.full(len(scores), FORBIDDEN, np.int16)
    own[placed] = scores[placed, mentor_of[placed]]
    least = np.full(scores.shape[1], np.iinfo(np.int16).max, np.int16)
    np.minimum.at(least, mentor_of[placed], own[placed])
    least[np.bincount(mentor_of[placed], minlength=scores.shape[1]) < capacities] = FORBIDDEN
    least[capacities == 0] = np.iinfo(np.int16).max
    return sum(
        int(np.count_nonzero((scores[block] > own[block, None]) & (scores[block] > least)))
        for block in row_blocks(*scores.shape)
    )
