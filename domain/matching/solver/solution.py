"""The best use of places: split where some must stay without one, solve each part, and bring the prices together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.solver import dense_solver as optima
from domain.matching.solver.costs import Costs, Real
from domain.matching.solver.coverage import UNPLACED, Placement, Positions
from domain.matching.solver.dense_solver import solve_dense
from domain.matching.solver.duals import Optimum
from domain.matching.solver.sparse_solver import solve_sparse

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Solution:
    """A place, or -1, for every mentee, and the prices of mentees and places."""

    place_of: Positions
    mentee_prices: Real
    place_prices: Real


def solve_placement(costs: Costs, placement: Placement) -> Solution:
    """Return the cheapest matching among those that place the most.

    The crowd and the places it seeks are a problem of their own (Dulmage & Mendelsohn 1958): in every largest matching
    the crowd fills all of these places, and everyone else finds one of the others. So in each part one side is
    matched whole, and leaving somebody out never needs to be given a cost.
    """
    found = Solution(
        np.full(len(placement.place_of), UNPLACED, np.int64),
        np.zeros(costs.scores.shape[0]),
        np.zeros(costs.scores.shape[1]),
    )
    if not placement.crowd.any():
        return Solution(*_solve_part(costs, placement.place_of))
    _fill_rest(costs, placement, found)
    _fill_hall_set(costs, placement, found)
    return found


def _solve_part(costs: Costs, column_of: Positions) -> Optimum:
    if not costs.scores.size:
        return Optimum(column_of, np.zeros(costs.scores.shape[0]), np.zeros(costs.scores.shape[1]))
    if costs.scores.size <= optima.MAX_DENSE_CELLS:
        return solve_dense(costs, column_of)
    return solve_sparse(costs, column_of)


def _fill_rest(costs: Costs, placement: Placement, found: Solution) -> None:
    rows, columns = np.flatnonzero(~placement.crowd), np.flatnonzero(~placement.sought)
    if not len(rows):
        return
    part = _solve_part(costs.part(rows, columns), np.searchsorted(columns, placement.place_of[rows]))
    found.place_of[rows] = columns[part.column_of]
    found.mentee_prices[rows], found.place_prices[columns] = part.row_prices, part.column_prices


def _fill_hall_set(costs: Costs, placement: Placement, found: Solution) -> None:
    rows, columns = np.flatnonzero(placement.crowd), np.flatnonzero(placement.sought)
    if not len(columns):
        return
    placed = rows[placement.place_of[rows] != UNPLACED]
    holder = np.empty(len(columns), np.intp)
    holder[np.searchsorted(columns, placement.place_of[placed])] = np.searchsorted(rows, placed)
    part = _solve_part(costs.part(rows, columns).turned(), holder)
    found.place_of[rows[part.column_of]] = columns
    found.place_prices[columns], found.mentee_prices[rows] = part.row_prices, part.column_prices
