"""Stable matching: no mentee and mentor prefer each other to those they are matched with."""

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import BLOCK_CELLS, FORBIDDEN, UNPLACED, Capacities, Positions, Scores, row_blocks

Index = NDArray[np.intp]


# Below this share of mentees placed in one pass, another pass over the table is slower than sorting it once.
SORTED_BELOW = 0.02


def stable_placement(scores: Scores) -> Positions:
    """Return a place per mentee, or -1, so that there is no blocking pair; one column is one place.

    Both sides want the highest score, so the pairs that are each other's best can be fixed at once, pass by pass
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


def _preferences(scores: Scores, rows: Index, columns: Index) -> NDArray[np.int64]:
    """Return how each pair ranks for both sides: by score, among equal scores by nearness to the diagonal."""
    longest = max(scores.shape)
    table = scores[rows[:, None], columns].astype(np.int64)
    preferences: NDArray[np.int64] = table * longest - (columns - rows[:, None]) % longest
    return preferences


def _best(scores: Scores, rows: Index, columns: Index) -> tuple[Index, Index]:
    best_of_row = np.empty(len(rows), np.intp)
    best_of_column = np.zeros(len(columns), np.intp)
    highest = np.full(len(columns), np.iinfo(np.int64).min)
    step = max(1, BLOCK_CELLS // len(columns))
    for start in range(0, len(rows), step):
        preferences = _preferences(scores, rows[start : start + step], columns)
        best_of_row[start : start + step] = preferences.argmax(axis=1)
        above = preferences.max(axis=0) > highest
        best_of_column[above] = start + preferences.argmax(axis=0)[above]
        highest = np.maximum(highest, preferences.max(axis=0))
    return best_of_row, best_of_column


class _PreferenceLists:
    """The preference lists of one side, best first, and the position that each has reached."""

    def __init__(self, lists: NDArray[np.int32], others: int) -> None:
        self.lists, self.at, self.taken = lists, np.zeros(len(lists), np.intp), np.zeros(others, np.bool_)

    def best(self, people: Index) -> Index:
        """Return for each of ``people`` the best of their list that is not taken; there must be one."""
        behind = people
        while len(behind):
            behind = behind[self.taken[self.lists[behind, self.at[behind]]]]
            self.at[behind] += 1
        return self.lists[people, self.at[people]].astype(np.intp)


def _place_by_lists(scores: Scores, rows: Index, columns: Index, place_of: Positions) -> None:
    """Continue where passes fix few pairs, as when all prefer the same: sort preferences once, then go down them."""
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
        by_column.taken[chosen] = by_row.taken[taken] = True
        open_rows, open_columns = open_rows[~by_column.taken[open_rows]], open_columns[~by_row.taken[open_columns]]


def _sorted(scores: Scores, rows: Index, columns: Index, *, by_row: bool) -> NDArray[np.int32]:
    sorted_side, other_side = (rows, columns) if by_row else (columns, rows)
    lists = np.empty((len(sorted_side), len(other_side)), np.int32)
    step = max(1, BLOCK_CELLS // max(1, len(other_side)))
    for start in range(0, len(sorted_side), step):
        batch = sorted_side[start : start + step]
        preferences = _preferences(scores, batch, columns) if by_row else _preferences(scores, rows, batch).T
        lists[start : start + step] = np.argsort(-preferences, axis=1)
    return lists


def count_blocking_pairs(scores: Scores, mentor_of: Positions, capacities: Capacities) -> int:
    """Count the allowed pairs that both prefer to their match, or to having none (Gale & Shapley 1962).

    ``mentor_of`` has a mentor or -1 per mentee, ``capacities`` how many mentees each mentor can take.
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
