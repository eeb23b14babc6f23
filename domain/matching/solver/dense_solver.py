"""The cheapest full matching of the rows, on a table small enough to be kept in memory."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from domain.matching.solver.costs import Costs
from domain.matching.solver.duals import Index, Optimum, compute_duals
from domain.matching.solver.restricted_lp import solve_by_column_generation

MAX_DENSE_CELLS = 600 * 600
# Below this size the whole table is solved sooner than a few pairs of it are picked.
MAX_WHOLE_TABLE_CELLS = 80 * 80


def solve_dense(costs: Costs, column_of: Index) -> Optimum:
    """Return the optimum of a whole table; ``column_of`` is any full matching of its rows (see ``coverage``).

    Costs are first reduced by the least of their row and, where every column is used, of their column: that changes no
    choice and spares the solver most of its search.
    """
    table = costs.table()
    by_row = table.min(axis=1)
    table -= by_row[:, None]
    square = table.shape[0] == table.shape[1]
    by_column = table.min(axis=0) if square else np.zeros(table.shape[1])
    table -= by_column
    optimum = solve_by_column_generation(table, column_of) if table.size > MAX_WHOLE_TABLE_CELLS else None
    optimum = optimum or compute_duals(table, linear_sum_assignment(table)[1])
    # A column's dual may not exceed 0; where all columns are used, all duals may shift together.
    column_duals = optimum.column_duals + by_column
    above = column_duals.max() if square else 0.0
    return Optimum(optimum.column_of, optimum.row_duals + by_row + above, column_duals - above)
