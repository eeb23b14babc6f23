"""The cheapest matching on few cells of the table, optimal for all once no other cell has a negative reduced cost."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from domain.matching.scores import FORBIDDEN, Scores
from domain.matching.solver.costs import Costs, Real
from domain.matching.solver.coverage import Mask
from domain.matching.solver.duals import Index, Optimum, compute_duals_on_cells

Gaps = NDArray[np.int16] | NDArray[np.float32]

# Measured on random scores and on people's answers: with these the first cells nearly always contain the optimum.
CELLS_PER_ROW = 10
SINKHORN_ROUNDS = 8
TEMPERATURE = 0.3
MIN_SHARE = 1e-12
MAX_CELL_SHARE = 0.2
SAMPLED_CELLS = 4096
MAX_ROUNDS = 4
# On random scores no column is a candidate three times as often as the average; on real answers the best mentors are.
MAX_COLUMN_DEMAND = 3


def solve_by_column_generation(costs: Costs, column_of: Index) -> Optimum | None:
    """Solve on candidate cells, add those with a negative reduced cost, and repeat until there are none.

    The duals then hold for the whole table. ``column_of`` is any full matching. Returns None where this would be no
    faster than all cells at once, as where many cost the same.
    """
    shape = costs.scores.shape
    cells, column_duals = _candidate_cells(costs.scores)
    cells = np.append(cells, np.ravel_multi_index((np.arange(shape[0]), column_of), shape))
    for _ in range(MAX_ROUNDS):
        cells = ascending(cells)
        if len(cells) > MAX_CELL_SHARE * costs.scores.size:
            return None
        optimum = solve_on_cells(costs, cells, column_duals)
        violated = _violated_cells(costs, optimum)
        if not len(violated):
            return optimum
        cells, column_duals = np.append(cells, violated), optimum.column_duals
    return None


def ascending(cells: Index) -> Index:
    """Return cells in ascending order, each once."""
    # NumPy's ``unique`` hashes them first, which takes five times as long.
    cells = np.sort(cells, kind="stable")
    return cells[np.diff(cells, prepend=-1) > 0]


def solve_on_cells(costs: Costs, cells: Index, column_duals: Real) -> Optimum:
    """Return the optimum over some ``cells`` of a table, ascending positions, without those that are forbidden.

    There must be a full matching of the rows among them. For ``column_duals`` see ``compute_duals_on_cells``.
    """
    shape = costs.scores.shape
    rows, columns = np.divmod(cells, shape[1])
    worth = costs.pairs(rows, columns)
    allowed = np.isfinite(worth)
    if not allowed.all():
        rows, columns, worth = rows[allowed], columns[allowed], worth[allowed]
    starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(np.int32)
    # The solver takes a stored zero for a missing pair, so the least cost is made 1.
    graph = csr_array((worth - worth.min() + 1, columns.astype(np.int32), starts), shape=shape)
    column_of = min_weight_full_bipartite_matching(graph)[1].astype(np.intp)
    return compute_duals_on_cells(column_of, rows, columns, worth, column_duals)


def _candidate_cells(scores: Scores) -> tuple[Index, Real]:
    """Return the cells that score nearest to the best of their row and column, and first values of the columns' duals.

    Where many rows share their best columns, they are the nearest by estimated duals. Scores do here instead of costs:
    whatever they miss has a negative reduced cost.
    """
    rows, columns = scores.shape
    allowed = scores != FORBIDDEN
    if np.count_nonzero(allowed) <= MAX_COLUMN_DEMAND * CELLS_PER_ROW * rows:
        return np.flatnonzero(allowed), np.zeros(columns)
    gaps = scores.max(axis=1)[:, None] - scores
    column_gaps = gaps.min(axis=0)
    # A column that may stay unmatched is no cheaper than the cheapest that is needed.
    last = np.partition(column_gaps, rows - 1)[rows - 1]
    spare = column_gaps > last
    column_gaps[spare] = last
    gaps -= column_gaps
    column_duals = column_gaps.astype(np.float64)
    quantile = _quantile(gaps)
    nearest = np.flatnonzero(gaps <= quantile)
    if np.bincount(nearest % columns).max() <= MAX_COLUMN_DEMAND * CELLS_PER_ROW:
        return nearest, column_duals
    row_estimates, column_estimates = _estimated_duals(gaps, TEMPERATURE * max(quantile, 1.0), spare)
    column_duals += column_estimates
    reduced = gaps - row_estimates[:, None]
    reduced -= column_estimates
    return np.flatnonzero(reduced <= _quantile(reduced)), column_duals


def _violated_cells(costs: Costs, optimum: Optimum) -> Index:
    """Return the cells that cost less than their two duals."""
    cells = [np.zeros(0, np.intp)]
    for block in costs.row_blocks():
        above = costs.rows(block)
        above -= optimum.row_duals[block, None]
        violated = above < optimum.column_duals
        if violated.any():
            cells.append(np.flatnonzero(violated) + block.start * violated.shape[1])
    return np.concatenate(cells)


def _quantile(gaps: Gaps) -> float:
    """Return the gap that ``CELLS_PER_ROW`` cells a row do not exceed, from a sample of the table."""
    # An odd step, so that the sample does not stay in a few columns.
    sample = gaps.ravel()[:: gaps.size // SAMPLED_CELLS | 1]
    rank = CELLS_PER_ROW * len(sample) // gaps.shape[1]
    quantile: float = np.partition(sample, rank)[rank].item()
    return quantile


def _estimated_duals(gaps: Gaps, temperature: float, spare: Mask) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return dual values estimated by entropic transport (Sinkhorn 1967; Cuturi 2013), rounded to whole numbers.

    ``temperature`` is in units of score. Rounding, and einsum rather than a matrix product whose sums depend on
    threads, keep the last digits of a processor's arithmetic from deciding anything.
    """
    shares = np.multiply(gaps, -1 / temperature, dtype=np.float32)
    np.exp(shares, out=shares)
    rows, columns = np.ones(len(shares), np.float32), np.ones(shares.shape[1], np.float32)
    # A spare column costs nothing until more than one row wants it.
    least = np.where(spare, np.float32(1), np.float32(MIN_SHARE))
    for _ in range(SINKHORN_ROUNDS):
        rows = 1 / np.maximum(np.einsum("ij,j->i", shares, columns), np.float32(MIN_SHARE))
        columns = 1 / np.maximum(np.einsum("ij,i->j", shares, rows), least)
    row_duals, column_duals = (np.rint(temperature * np.log(side, dtype=np.float64)) for side in (rows, columns))
    return row_duals.astype(np.float32), column_duals.astype(np.float32)
