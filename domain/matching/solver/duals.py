"""The dual values that prove a matching to be the cheapest."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.solver.costs import Real
from schemas.errors import MileError

Index = NDArray[np.intp]

BLOCK_ROWS = 96


class Optimum(NamedTuple):
    """A column for every row, and the dual values of both: no pair costs less than its two duals."""

    column_of: Index
    row_duals: Real
    column_duals: Real


def compute_duals(table: Real, column_of: Index) -> Optimum:
    """Return the duals of an optimal matching, by shortest paths on the costs (Bellman 1958).

    A column's dual is the cost of the cheapest chain of moves that ends in it, at most 0. A matching that is not
    optimal has a negative cycle, and the relaxation does not end: raises MileError, an error of the program.
    """
    matched = table[np.arange(len(column_of)), column_of]
    prices = np.zeros(table.shape[1])
    holder = np.full(table.shape[1], -1)
    holder[column_of] = np.arange(len(column_of))
    waiting = np.arange(len(column_of))
    for _ in range(len(column_of) + 1):
        before = prices.copy()
        for start in range(0, len(waiting), BLOCK_ROWS):
            rows = waiting[start : start + BLOCK_ROWS]
            offers = table[rows] + (prices[column_of[rows]] - matched[rows])[:, None]
            np.minimum(prices, offers.min(axis=0), out=prices)
        # Only a row whose own column became cheaper can make another column cheaper.
        holders = holder[prices < before]
        waiting = holders[holders >= 0]
        if not len(waiting):
            return Optimum(column_of, matched - prices[column_of], prices)
    raise not_optimal()


def compute_duals_on_cells(column_of: Index, rows: Index, columns: Index, worth: Real, width: int) -> Optimum:
    """Return duals as ``compute_duals`` does, over some cells alone, which come in order of row."""
    matched = worth[column_of[rows] == columns]
    # NumPy sorts 16-bit integers by radix, much faster than wider ones.
    by_column = np.argsort(columns.astype(np.min_scalar_type(width)), kind="stable")
    rows, columns = rows[by_column], columns[by_column]
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    group_of_column = np.zeros(width, np.intp)
    group_of_column[columns[starts]] = np.arange(len(starts))
    saved, through = worth[by_column] - matched[rows], group_of_column[column_of[rows]]
    column_duals, chains = np.zeros(len(starts)), np.empty_like(saved)
    for _ in range(len(column_of) + 1):
        np.take(column_duals, through, out=chains, mode="clip")
        chains += saved
        offers = np.minimum.reduceat(chains, starts)
        if (offers >= column_duals).all():
            prices = np.zeros(width)
            prices[columns[starts]] = column_duals
            return Optimum(column_of, matched - prices[column_of], prices)
        np.minimum(column_duals, offers, out=column_duals)
    raise not_optimal()


def not_optimal() -> MileError:
    """Return the error for a matching that turns out not to be optimal."""
    return MileError("The matching found is not the best one: its dual values do not converge.")
