"""The cheapest matching on few cells of the table, optimal for all once no other cell has a negative reduced cost."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from domain.matching.scores import row_blocks
from domain.matching.solver.costs import Real
from domain.matching.solver.coverage import Mask
from domain.matching.solver.duals import Index, Optimum, compute_duals_on_cells

CELLS_PER_ROW = 8
MAX_CELL_SHARE = 0.2
SAMPLED_CELLS = 4096
MAX_ROUNDS = 4
# On random scores no column is a candidate three times as often as the average; on real answers the best mentors are.
MAX_COLUMN_DEMAND = 3
# Measured on both: with these the first cells chosen nearly always contain the optimum.
SINKHORN_ROUNDS = 12
TEMPERATURE = 0.3
MIN_SHARE = 1e-12


def solve_on_cells(shape: tuple[int, int], cells: Index, worth: Real) -> Optimum:
    """Return the optimum over some ``cells`` of a table, ascending positions, whose finite costs are ``worth``.

    There must be a full matching of the rows among them.
    """
    rows, columns = np.divmod(cells, shape[1])
    starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(np.int32)
    # The solver takes a stored zero for a missing pair, so the least cost is made 1.
    graph = csr_array((worth - worth.min() + 1, columns.astype(np.int32), starts), shape=shape)
    column_of = min_weight_full_bipartite_matching(graph)[1].astype(np.intp)
    return compute_duals_on_cells(column_of, rows, columns, worth, shape[1])


def solve_by_column_generation(table: Real, column_of: Index) -> Optimum | None:
    """Solve on candidate cells, add those with a negative reduced cost, and repeat until there are none.

    The duals then hold for the whole table, whose costs are 0 or more. ``column_of`` is any full matching. Returns None
    where this would be no faster than all cells at once, as where many cost the same or most are forbidden.
    """
    selected = _candidate_cells(table)
    selected[np.arange(len(table)), column_of] = True
    for _ in range(MAX_ROUNDS):
        cells = np.flatnonzero(selected)
        if len(cells) > MAX_CELL_SHARE * table.size:
            return None
        optimum = solve_on_cells(table.shape, cells, table.ravel()[cells])
        violated = _violated_cells(table, optimum)
        if not violated.any():
            return optimum
        selected |= violated
    return None


def _candidate_cells(table: Real) -> Mask:
    """Mark the cheapest cells; where many rows share their best columns, the cheapest by estimated reduced cost."""
    quantile = _cost_quantile(table)
    if not np.isfinite(quantile):
        return np.isfinite(table)
    cheap = table <= quantile
    if np.bincount(np.flatnonzero(cheap) % table.shape[1]).max() <= MAX_COLUMN_DEMAND * CELLS_PER_ROW:
        return cheap
    row_duals, column_duals = _estimated_duals(table, TEMPERATURE * max(quantile, 1.0))
    above = table - row_duals[:, None]
    above -= column_duals
    candidates: Mask = (above <= _cost_quantile(above)) & (table < np.inf)
    return candidates


def _violated_cells(table: Real, optimum: Optimum) -> Mask:
    """Mark the cells that cost less than their two duals."""
    violated = np.empty(table.shape, np.bool_)
    for block in row_blocks(*table.shape):
        np.less(table[block] - optimum.row_duals[block, None], optimum.column_duals, out=violated[block])
    return violated


def _cost_quantile(table: Real) -> float:
    """Return the cost that ``CELLS_PER_ROW`` cells a row do not exceed, from a sample of the table."""
    # An odd step, so that the sample does not stay in a few columns.
    sample = table.ravel()[:: table.size // SAMPLED_CELLS | 1]
    rank = CELLS_PER_ROW * len(sample) // table.shape[1]
    return float(np.partition(sample, rank)[rank])


def _estimated_duals(table: Real, temperature: float) -> tuple[Real, Real]:
    """Return dual values estimated by entropic transport (Sinkhorn 1967; Cuturi 2013), rounded to whole numbers.

    ``temperature`` is in units of cost. Rounding, and einsum rather than a matrix product whose sums depend on threads,
    keep the last digits of a processor's arithmetic from deciding anything.
    """
    shares = np.multiply(table, -1 / temperature, dtype=np.float32, casting="unsafe")
    np.exp(shares, out=shares)
    rows, columns = np.ones(len(table), np.float32), np.ones(table.shape[1], np.float32)
    # A column that may stay unmatched has a dual of 0 until more than one row wants it.
    least = MIN_SHARE if table.shape[0] == table.shape[1] else 1.0
    for _ in range(SINKHORN_ROUNDS):
        rows = 1 / np.maximum(np.einsum("ij,j->i", shares, columns), np.float32(MIN_SHARE))
        columns = 1 / np.maximum(np.einsum("ij,i->j", shares, rows), np.float32(least))
    return np.rint(temperature * np.log(rows, dtype=np.float64)), np.rint(
        temperature * np.log(columns, dtype=np.float64)
    )
