"""The cheapest largest placement: split where some must stay unplaced, solve each part, join the duals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import UNPLACED, Positions
from domain.matching.solver import dense_solver
from domain.matching.solver.costs import Costs, Real
from domain.matching.solver.coverage import Placement
from domain.matching.solver.dense_solver import solve_dense
from domain.matching.solver.duals import Optimum
from domain.matching.solver.restricted_lp import solve_by_column_generation
from domain.matching.solver.sparse_solver import solve_sparse

Index = NDArray[np.intp]

# Up to this size the whole table is solved sooner than a few cells of it are picked.
MAX_WHOLE_TABLE_CELLS = 80 * 80
# Up to this size there is memory for the tables by which they are picked.
MAX_PICKED_TABLE_CELLS = 4_000 * 4_000


@dataclass(frozen=True, eq=False)
class Solution:
    """A place, or -1, for every mentee, and the duals of mentees and places."""

    place_of: Positions
    mentee_duals: Real
    place_duals: Real


def solve_placement(costs: Costs, placement: Placement) -> Solution:
    """Return the cheapest matching among those that place the most.

    The Hall set and its places are a problem of their own (Dulmage & Mendelsohn 1958): in every largest matching the
    Hall set fills all of these places, and everyone else has one of the others. So in each part one side is matched
    completely, and leaving somebody out needs no cost.
    """
    solution = Solution(
        np.full(len(placement.place_of), UNPLACED, np.int64),
        np.zeros(costs.scores.shape[0]),
        np.zeros(costs.scores.shape[1]),
    )
    if not placement.hall_set.any():
        return Solution(*_solve_part(costs, placement.place_of))
    _fill_rest(costs, placement, solution)
    _fill_hall_set(costs, placement, solution)
    return solution


def _solve_part(costs: Costs, column_of: Positions) -> Optimum:
    if not costs.scores.size:
        return Optimum(column_of, np.zeros(costs.scores.shape[0]), np.zeros(costs.scores.shape[1]))
    picked = MAX_WHOLE_TABLE_CELLS < costs.scores.size <= MAX_PICKED_TABLE_CELLS
    if picked and (optimum := solve_by_column_generation(costs, column_of)):
        return optimum
    return solve_dense(costs) if costs.scores.size <= dense_solver.MAX_DENSE_CELLS else solve_sparse(costs, column_of)


def _fill_rest(costs: Costs, placement: Placement, solution: Solution) -> None:
    rows, columns = np.flatnonzero(~placement.hall_set), np.flatnonzero(~placement.hall_neighbors)
    if not len(rows):
        return
    part = _solve_part(costs.submatrix(rows, columns), np.searchsorted(columns, placement.place_of[rows]))
    solution.place_of[rows] = columns[part.column_of]
    solution.mentee_duals[rows], solution.place_duals[columns] = part.row_duals, part.column_duals


def _fill_hall_set(costs: Costs, placement: Placement, solution: Solution) -> None:
    rows, columns = np.flatnonzero(placement.hall_set), np.flatnonzero(placement.hall_neighbors)
    if not len(columns):
        return
    # Here the places are the side that is matched completely, so they become the rows.
    placed = rows[placement.place_of[rows] != UNPLACED]
    holder = np.empty(len(columns), np.intp)
    holder[np.searchsorted(columns, placement.place_of[placed])] = np.searchsorted(rows, placed)
    part = _solve_part(costs.submatrix(rows, columns).transposed(), holder)
    solution.place_of[rows[part.column_of]] = columns
    solution.place_duals[columns], solution.mentee_duals[rows] = part.row_duals, part.column_duals
