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


def compute_duals_on_cells(column_of: Index, rows: Index, columns: Index, worth: Real, column_duals: Real) -> Optimum:
    """Return duals over some cells alone, which come in order of row, by shortest paths as ``compute_duals`` does.

    Chains begin with the values of ``column_duals``: the nearer they are to duals of the whole table, the more of its
    other cells the result holds for.
    """
    width = len(column_duals)
    matched = worth[column_of[rows] == columns]
    unmatched = np.flatnonzero(np.bincount(column_of, minlength=width) == 0)
    prices = column_duals.copy()
    prices[unmatched] = prices.max()
    # A chain of no move, for nothing, leads to every column.
    every = np.arange(width)
    ends = np.append(columns, every)
    # NumPy sorts 16-bit integers by radix, much faster than wider ones.
    by_column = np.argsort(ends.astype(np.min_scalar_type(width)), kind="stable")
    starts = np.searchsorted(ends[by_column], every)
    through = np.append(column_of[rows], every)[by_column]
    saved = np.append(worth - matched[rows], np.zeros(width))[by_column]
    chains = np.empty_like(saved)
    for _ in range(width + 1):
        np.take(prices, through, out=chains, mode="clip")
        chains += saved
        offers = np.minimum.reduceat(chains, starts)
        # Unmatched columns are all had for nothing, so no column has a higher dual than any of them.
        if len(unmatched):
            np.minimum(offers, offers[unmatched].min(), out=offers)
        if (offers == prices).all():
            # Only differences count: all duals may shift until the highest of a column, and of unmatched ones, is 0.
            prices -= prices.max()
            return Optimum(column_of, matched - prices[column_of], prices)
        prices = offers
    raise not_optimal()


def not_optimal() -> MileError:
    """Return the error for a matching that turns out not to be optimal."""
    return MileError("The matching found is not the best one: its dual values do not converge.")
