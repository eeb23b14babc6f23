"""The cheapest matching of large tables: promising pairs first, then every pair left out is checked against prices."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from domain.matching.costs import Costs, Real
from domain.matching.optimum import Optimum
from domain.matching.scores import BLOCK_CELLS, Scores
from schemas.errors import MileError

Index = NDArray[np.intp]

PROMISING = 16
ADDED_AT_ONCE = 16


def sparse_optimum(costs: Costs, column_of: Index) -> Optimum:
    """Solve on few pairs, price out all others, add those that would pay, and repeat until none does.

    ``column_of`` is any full matching: it makes sure that the few pairs hold one. The last prices hold for every pair,
    so the result is the optimum of the whole table, not an approximation.
    """
    shape = costs.scores.shape
    cells = np.concatenate([_promising(costs), np.ravel_multi_index((np.arange(shape[0]), column_of), shape)])
    while True:
        cells = np.unique(cells)
        optimum = _optimum_of(costs, cells)
        paying = _paying(costs, optimum)
        if not len(paying):
            return optimum
        cells = np.concatenate([cells, paying])


def _promising(costs: Costs) -> Index:
    scores, (rows, columns) = costs.scores, costs.scores.shape
    cells = [_best_by_row(scores)]
    best = _best_by_row(scores.T)
    cells.append((best % rows) * columns + best // rows)
    if costs.bonus:
        for block in costs.blocks():
            row, column = np.nonzero(costs.row_labels[block, None] == costs.column_labels)
            cells.append((row + block.start) * columns + column)
    return np.concatenate(cells)


def _best_by_row(scores: Scores) -> Index:
    """Return each row's best cells; among equals those next to the diagonal, so that rows differ in what they want."""
    rows, columns = scores.shape
    count = min(PROMISING, columns)
    step = max(1, BLOCK_CELLS // columns)
    best = np.empty((rows, count), np.intp)
    for start in range(0, rows, step):
        own = np.arange(start, min(start + step, rows))[:, None]
        wish = scores[start : start + step].astype(np.int64) * columns - (np.arange(columns) - own) % columns
        best[start : start + step] = own * columns + np.argpartition(wish, -count, axis=1)[:, -count:]
    return best.ravel()


def _optimum_of(costs: Costs, cells: Index) -> Optimum:
    rows, columns = np.divmod(cells, costs.scores.shape[1])
    worth = costs.pairs(rows, columns)
    allowed = np.isfinite(worth)
    rows, columns, worth = rows[allowed], columns[allowed], worth[allowed]
    # The solver takes a stored zero for a missing pair, so the least cost is made 1.
    graph = csr_array((worth - worth.min() + 1, (rows, columns)), shape=costs.scores.shape)
    column_of = min_weight_full_bipartite_matching(graph)[1].astype(np.intp)
    by_column = np.argsort(columns, kind="stable")
    return _priced(costs, column_of, rows[by_column], columns[by_column], worth[by_column])


def _priced(costs: Costs, column_of: Index, rows: Index, columns: Index, worth: Real) -> Optimum:
    """Work out prices as ``optimum.priced`` does, over these pairs alone, which come in order of column."""
    matched = costs.pairs(np.arange(len(column_of)), column_of)
    saved = worth - matched[rows]
    prices = np.zeros(costs.scores.shape[1])
    reached, starts = np.unique(columns, return_index=True)
    through = column_of[rows]
    for _ in range(len(column_of) + 1):
        offers = np.minimum.reduceat(saved + prices[through], starts)
        if (offers >= prices[reached]).all():
            return Optimum(column_of, matched - prices[column_of], prices)
        prices[reached] = np.minimum(prices[reached], offers)
    raise MileError("The matching found is not the best one: its prices do not settle.")


def _paying(costs: Costs, optimum: Optimum) -> Index:
    columns = costs.scores.shape[1]
    count = min(ADDED_AT_ONCE, columns)
    found = [np.zeros(0, np.intp)]
    for block in costs.blocks():
        gain = costs.rows(block) - optimum.row_prices[block, None] - optimum.column_prices
        rows = np.flatnonzero(gain.min(axis=1) < 0)
        if not len(rows):
            continue
        most = np.argpartition(gain[rows], count - 1, axis=1)[:, :count]
        pays = np.take_along_axis(gain[rows], most, axis=1) < 0
        found.append(((rows + block.start)[:, None] * columns + most)[pays])
    return np.concatenate(found)
