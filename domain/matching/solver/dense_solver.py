"""The cheapest full matching of the rows, on a table small enough to be kept in memory."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from domain.matching.solver.costs import Costs
from domain.matching.solver.duals import Optimum, compute_duals

MAX_DENSE_CELLS = 600 * 600


def solve_dense(costs: Costs) -> Optimum:
    """Return the optimum of a whole table.

    Costs are first reduced by the least of their row and, where every column is used, of their column: that changes no
    choice and spares the solver most of its search.
    """
    table = costs.table()
    by_row = table.min(axis=1)
    table -= by_row[:, None]
    square = table.shape[0] == table.shape[1]
    by_column = table.min(axis=0) if square else np.zeros(table.shape[1])
    table -= by_column
    optimum = compute_duals(table, linear_sum_assignment(table)[1])
    # A column's dual may not exceed 0; where all columns are used, all duals may shift together.
    column_duals = optimum.column_duals + by_column
    above = column_duals.max() if square else 0.0
    return Optimum(optimum.column_of, optimum.row_duals + by_row + above, column_duals - above)
