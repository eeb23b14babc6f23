"""The prices that prove a matching to be the cheapest: what each row and each column costs in it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.matching.solver.costs import Real
from schemas.errors import MileError

Index = NDArray[np.intp]

BLOCK_ROWS = 96


class Optimum(NamedTuple):
    """A column for every row, and the prices (dual values) of both; no pair costs less than its two prices."""

    column_of: Index
    row_prices: Real
    column_prices: Real


def compute_duals(table: Real, column_of: Index) -> Optimum:
    """Work out prices for an optimal matching by relaxation (Bellman 1958), from the costs alone.

    A column's price is what the cheapest chain of moves that ends in it saves: never more than nothing. If the matching
    were not optimal the chain would bite its own tail and saving would never end: that is an error of the program.
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
        holders = holder[prices < before]
        waiting = holders[holders >= 0]
        if not len(waiting):
            return Optimum(column_of, matched - prices[column_of], prices)
    raise not_optimal()


def compute_duals_on_cells(column_of: Index, rows: Index, columns: Index, worth: Real, width: int) -> Optimum:
    """Work out prices as ``priced`` does, over some pairs alone, which come in order of row."""
    matched = worth[column_of[rows] == columns]
    # Small numbers are sorted by radix, in one go.
    by_column = np.argsort(columns.astype(np.min_scalar_type(width)), kind="stable")
    rows, columns = rows[by_column], columns[by_column]
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    at = np.zeros(width, np.intp)
    at[columns[starts]] = np.arange(len(starts))
    saved, through = worth[by_column] - matched[rows], at[column_of[rows]]
    found, chains = np.zeros(len(starts)), np.empty_like(saved)
    for _ in range(len(column_of) + 1):
        np.take(found, through, out=chains, mode="clip")
        chains += saved
        offers = np.minimum.reduceat(chains, starts)
        if (offers >= found).all():
            prices = np.zeros(width)
            prices[columns[starts]] = found
            return Optimum(column_of, matched - prices[column_of], prices)
        np.minimum(found, offers, out=found)
    raise not_optimal()


def not_optimal() -> MileError:
    """Return the error of a matching that prices show not to be the best one."""
    return MileError("The matching found is not the best one: its prices do not settle.")
