"""The cheapest matching of large tables: promising pairs first, then every pair left out is checked against prices."""

import numpy as np

from domain.matching.scores import BLOCK_CELLS, Scores
from domain.matching.solver.costs import Costs
from domain.matching.solver.duals import Index, Optimum
from domain.matching.solver.restricted_lp import solve_on_cells

CANDIDATES_PER_ROW = 16
MAX_ADDED_PER_ROW = 16


def solve_sparse(costs: Costs, column_of: Index) -> Optimum:
    """Solve on few pairs, price out all others, add those that would pay, and repeat until none does.

    ``column_of`` is any full matching: it makes sure that the few pairs hold one. The last prices hold for every pair,
    so the result is the optimum of the whole table, not an approximation.
    """
    shape = costs.scores.shape
    cells = np.concatenate([_candidate_cells(costs), np.ravel_multi_index((np.arange(shape[0]), column_of), shape)])
    while True:
        cells = np.unique(cells)
        worth = costs.pairs(*np.divmod(cells, shape[1]))
        allowed = np.isfinite(worth)
        optimum = solve_on_cells(shape, cells[allowed], worth[allowed])
        paying = _violated_cells(costs, optimum)
        if not len(paying):
            return optimum
        cells = np.concatenate([cells, paying])


def _candidate_cells(costs: Costs) -> Index:
    scores, (rows, columns) = costs.scores, costs.scores.shape
    cells = [_best_by_row(scores)]
    best = _best_by_row(scores.T)
    cells.append((best % rows) * columns + best // rows)
    if costs.bonus:
        for block in costs.row_blocks():
            row, column = np.nonzero(costs.row_labels[block, None] == costs.column_labels)
            cells.append((row + block.start) * columns + column)
    return np.concatenate(cells)


def _best_by_row(scores: Scores) -> Index:
    """Return each row's best cells; among equals those next to the diagonal, so that rows differ in what they want."""
    rows, columns = scores.shape
    count = min(CANDIDATES_PER_ROW, columns)
    step = max(1, BLOCK_CELLS // columns)
    best = np.empty((rows, count), np.intp)
    for start in range(0, rows, step):
        own = np.arange(start, min(start + step, rows))[:, None]
        wish = scores[start : start + step].astype(np.int64) * columns - (np.arange(columns) - own) % columns
        best[start : start + step] = own * columns + np.argpartition(wish, -count, axis=1)[:, -count:]
    return best.ravel()


def _violated_cells(costs: Costs, optimum: Optimum) -> Index:
    columns = costs.scores.shape[1]
    count = min(MAX_ADDED_PER_ROW, columns)
    found = [np.zeros(0, np.intp)]
    for block in costs.row_blocks():
        gain = costs.rows(block) - optimum.row_prices[block, None] - optimum.column_prices
        rows = np.flatnonzero(gain.min(axis=1) < 0)
        if not len(rows):
            continue
        most = np.argpartition(gain[rows], count - 1, axis=1)[:, :count]
        pays = np.take_along_axis(gain[rows], most, axis=1) < 0
        found.append(((rows + block.start)[:, None] * columns + most)[pays])
    return np.concatenate(found)
