"""The cheapest matching of large tables: candidate cells first, then all others are priced out by the duals."""

import numpy as np

from domain.matching.scores import BLOCK_CELLS, Scores
from domain.matching.solver.costs import Costs
from domain.matching.solver.duals import Index, Optimum
from domain.matching.solver.restricted_lp import ascending, solve_on_cells

CANDIDATES_PER_ROW = 16
MAX_ADDED_PER_ROW = 16


def solve_sparse(costs: Costs, column_of: Index) -> Optimum:
    """Solve on candidate cells, add those with a negative reduced cost, and repeat until there are none.

    ``column_of`` is any full matching, which makes sure that the cells contain one. The last duals hold for every cell,
    so the result is the optimum of the whole table, not an approximation.
    """
    shape = costs.scores.shape
    cells = np.concatenate([_candidate_cells(costs), np.ravel_multi_index((np.arange(shape[0]), column_of), shape)])
    while True:
        cells = ascending(cells)
        optimum = solve_on_cells(costs, cells, np.zeros(shape[1]))
        violated = _violated_cells(costs, optimum)
        if not len(violated):
            return optimum
        cells = np.concatenate([cells, violated])


def _candidate_cells(costs: Costs) -> Index:
    scores, (rows, columns) = costs.scores, costs.scores.shape
    cells = [_best_by_row(scores)]
    best = _best_by_row(scores.T)
    cells.append((best % rows) * columns + best // rows)
    # A pair of the earlier run may be the cheapest of its row whatever it scores.
    if costs.bonus:
        for block in costs.row_blocks():
            row, column = np.nonzero(costs.row_labels[block, None] == costs.column_labels)
            cells.append((row + block.start) * columns + column)
    return np.concatenate(cells)


def _best_by_row(scores: Scores) -> Index:
    """Return each row's best cells; of equal ones those next to the diagonal, so that rows differ in theirs."""
    rows, columns = scores.shape
    count = min(CANDIDATES_PER_ROW, columns)
    step = max(1, BLOCK_CELLS // columns)
    best = np.empty((rows, count), np.intp)
    for start in range(0, rows, step):
        row_numbers = np.arange(start, min(start + step, rows))[:, None]
        preferences = (
            scores[start : start + step].astype(np.int64) * columns - (np.arange(columns) - row_numbers) % columns
        )
        best[start : start + step] = row_numbers * columns + np.argpartition(preferences, -count, axis=1)[:, -count:]
    return best.ravel()


def _violated_cells(costs: Costs, optimum: Optimum) -> Index:
    columns = costs.scores.shape[1]
    count = min(MAX_ADDED_PER_ROW, columns)
    cells = [np.zeros(0, np.intp)]
    for block in costs.row_blocks():
        reduced_costs = costs.rows(block) - optimum.row_duals[block, None] - optimum.column_duals
        rows = np.flatnonzero(reduced_costs.min(axis=1) < 0)
        if not len(rows):
            continue
        lowest = np.argpartition(reduced_costs[rows], count - 1, axis=1)[:, :count]
        violated = np.take_along_axis(reduced_costs[rows], lowest, axis=1) < 0
        cells.append(((rows + block.start)[:, None] * columns + lowest)[violated])
    return np.concatenate(cells)
