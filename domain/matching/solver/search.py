"""The search for a matching of everyone who is not pinned: the optimal one with its proof, or a stable one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import FORBIDDEN, MAX_SCORE, UNPLACED, Capacities, Positions, Scores, score_submatrix
from domain.matching.solver.canonical_order import canonical_order
from domain.matching.solver.certificate import Proof, verify_proof
from domain.matching.solver.costs import Costs
from domain.matching.solver.coverage import Placement, largest_placement
from domain.matching.solver.objective import MatchingAims, best_bottleneck
from domain.matching.solver.solution import Solution, solve_placement
from domain.matching.solver.stable import count_blocking_pairs, stable_placement


@dataclass(frozen=True, eq=False)
class OptimalityCertificate:
    """Whether a matching was checked against its proof and holds.

    ``proof`` and the ``costs`` it refers to cover the ``mentees`` without a pin, in the order given, and the
    ``capacities`` that pins leave. A stable matching has neither: its check is that no blocking pair exists.
    """

    valid: bool
    mentees: Positions
    capacities: Capacities
    costs: Costs | None = None
    proof: Proof | None = None


@dataclass(frozen=True, eq=False)
class _CanonicalProblem:
    """Mentees and single places in an order that no shuffling of the input changes."""

    scores: Scores
    mentees: NDArray[np.intp]
    mentor_of_place: NDArray[np.intp]

    def mentors(self, place_of: Positions) -> Positions:
        """Return the mentor of every mentee, in the order given at first."""
        mentor_of = np.full(len(self.mentees), UNPLACED, np.int64)
        placed = place_of != UNPLACED
        mentor_of[self.mentees[placed]] = self.mentor_of_place[place_of[placed]]
        return mentor_of


def find_optimal(
    scores: Scores, capacities: Capacities, aim: MatchingAims, at_most: int = MAX_SCORE
) -> tuple[Positions, OptimalityCertificate]:
    """Return the best mentor for every mentee, or -1, and the checked proof.

    ``at_most`` is the lowest score among the pins: the worst match cannot be better than that.
    """
    # Places beyond the mentees a mentor may have would only enlarge the table.
    capacities = np.minimum(capacities, (scores != FORBIDDEN).sum(axis=0, dtype=np.int32))
    arranged = _canonical_problem(scores, capacities, aim)
    placement = largest_placement(arranged.scores)
    lowest = 0
    if aim.objective == "bottleneck":
        lowest = best_bottleneck(arranged.scores, placement, at_most)
        # As many are placed as without the line, so the Hall set found before still proves it.
        placement = placement._replace(place_of=largest_placement(arranged.scores, lowest).place_of)
    costs = aim.costs(scores, min(arranged.scores.shape), lowest=lowest, some_left_out=bool(placement.hall_set.any()))
    solution = solve_placement(costs.submatrix(arranged.mentees, arranged.mentor_of_place, arranged.scores), placement)
    mentor_of = arranged.mentors(solution.place_of)
    # Where the worst match is a pin, nothing can lift it, and there is nothing to prove.
    proof = _proof(arranged, placement, solution, len(capacities), lowest if lowest < at_most else 0)
    return mentor_of, OptimalityCertificate(
        verify_proof(costs, mentor_of, capacities, proof), aim.mentees, capacities, costs, proof
    )


def find_stable(scores: Scores, capacities: Capacities, aim: MatchingAims) -> tuple[Positions, OptimalityCertificate]:
    """Return a stable mentor for every mentee, or -1, and whether no blocking pair was found."""
    capacities = np.minimum(capacities, (scores != FORBIDDEN).sum(axis=0, dtype=np.int32))
    arranged = _canonical_problem(scores, capacities, aim)
    mentor_of = arranged.mentors(stable_placement(arranged.scores))
    valid = count_blocking_pairs(scores, mentor_of, capacities) == 0
    return mentor_of, OptimalityCertificate(valid, aim.mentees, capacities)


def _canonical_problem(scores: Scores, capacities: Capacities, aim: MatchingAims) -> _CanonicalProblem:
    rows, columns = canonical_order(scores, aim.waited.astype(np.int64), capacities)
    mentor_of_place = np.repeat(columns, capacities[columns])
    return _CanonicalProblem(score_submatrix(scores, rows, mentor_of_place), rows, mentor_of_place)


def _proof(arranged: _CanonicalProblem, placement: Placement, solution: Solution, mentors: int, lowest: int) -> Proof:
    mentee_duals = np.zeros(len(arranged.mentees))
    mentee_duals[arranged.mentees] = solution.mentee_duals
    hall_set = np.zeros(len(arranged.mentees), np.bool_)
    hall_set[arranged.mentees] = placement.hall_set
    # Places of one mentor cost the same; where some stay free, their dual is 0, the largest.
    mentor_duals = np.full(mentors, -np.inf)
    np.maximum.at(mentor_duals, arranged.mentor_of_place, solution.place_duals)
    mentor_duals[np.isneginf(mentor_duals)] = 0
    hall_neighbors = np.zeros(mentors, np.bool_)
    hall_neighbors[arranged.mentor_of_place[placement.hall_neighbors]] = True
    return Proof(mentee_duals, mentor_duals, hall_set, hall_neighbors, lowest)
