"""The cheapest way to give every row a column of its own, with prices that prove it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from domain.matching.costs import Costs, Real
from schemas.errors import MileError

DENSE_CELLS = 600 * 600
ROWS_AT_ONCE = 96


class Optimum(NamedTuple):
    """A column for every row, and the prices (dual values) of both; no pair costs less than its two prices."""

    column_of: NDArray[np.intp]
    row_prices: Real
    column_prices: Real


def dense_optimum(costs: Costs) -> Optimum:
    """Solve on the whole table at once; every row must be able to get a column (see ``coverage``).

    Costs are first lowered by the least of their row and, where every column is used, of their column: that changes no
    choice and spares the solver most of its search.
    """
    table = costs.rows(slice(None))
    by_row = table.min(axis=1)
    table -= by_row[:, None]
    square = table.shape[0] == table.shape[1]
    by_column = table.min(axis=0) if square else np.zeros(table.shape[1])
    table -= by_column
    lowered = priced(table, linear_sum_assignment(table)[1])
    # No column may be priced above nothing; where all are used, all prices may move together.
    column_prices = lowered.column_prices + by_column
    above = column_prices.max() if square else 0.0
    return Optimum(lowered.column_of, lowered.row_prices + by_row + above, column_prices - above)


def priced(table: Real, column_of: NDArray[np.intp]) -> Optimum:
    """Work out prices for an optimal matching by relaxation (Bellman 1958), from the costs alone.

    A column's price is what the cheapest chain of moves that ends in it saves: never more than nothing. If the matching
    were not optimal the chain would bite its own tail and saving would never end: that is an error of the programme.
    """
    matched = table[np.arange(len(column_of)), column_of]
    prices = np.zeros(table.shape[1])
    holder = np.full(table.shape[1], -1)
    holder[column_of] = np.arange(len(column_of))
    waiting = np.arange(len(column_of))
    for _ in range(len(column_of) + 1):
        before = prices.copy()
        for start in range(0, len(waiting), ROWS_AT_ONCE):
            rows = waiting[start : start + ROWS_AT_ONCE]
            offers = table[rows] + (prices[column_of[rows]] - matched[rows])[:, None]
            np.minimum(prices, offers.min(axis=0), out=prices)
        holders = holder[prices < before]
        waiting = holders[holders >= 0]
        if not len(waiting):
            return Optimum(column_of, matched - prices[column_of], prices)
    raise MileError("The matching found is not the best one: its prices do not settle.")
