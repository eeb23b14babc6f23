"""The search for a matching of everyone who is not pinned: the optimal one with its proof, or a stable one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.matching.scores import FORBIDDEN, MAX_SCORE, Capacities, Scores, score_submatrix
from domain.matching.solver.canonical_order import canonical_order
from domain.matching.solver.certificate import Proof, verify_proof
from domain.matching.solver.costs import Costs
from domain.matching.solver.coverage import UNPLACED, Placement, Positions, largest_placement
from domain.matching.solver.objective import MatchingAims, best_bottleneck
from domain.matching.solver.solution import Solution, solve_placement
from domain.matching.solver.stable import count_blocking_pairs, stable_placement


@dataclass(frozen=True, eq=False)
class OptimalityCertificate:
    """Whether what was found was checked and is right.

    ``proof`` and the ``costs`` it refers to cover the ``mentees`` not pinned, in the order given, and the
    ``places`` left; a stable matching has neither, its check is that no blocking pair exists.
    """

    valid: bool
    mentees: Positions
    places: Capacities
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
    scores: Scores, places: Capacities, aim: MatchingAims, at_most: int = MAX_SCORE
) -> tuple[Positions, OptimalityCertificate]:
    """Return the best mentor for every mentee, or -1, and the checked proof.

    ``at_most`` is the lowest score among the pins, above which lifting the worst match has no aim.
    """
    places = np.minimum(places, np.count_nonzero(scores != FORBIDDEN, axis=0))
    arranged = _canonical_problem(scores, places, aim)
    placement = largest_placement(arranged.scores)
    lowest = 0
    if aim.objective == "bottleneck":
        lowest = best_bottleneck(arranged.scores, placement, at_most)
        placement = placement._replace(place_of=largest_placement(arranged.scores, lowest).place_of)
    costs = aim.costs(scores, min(arranged.scores.shape), lowest=lowest, someone_waits=bool(placement.crowd.any()))
    solution = solve_placement(costs.part(arranged.mentees, arranged.mentor_of_place, arranged.scores), placement)
    mentor_of = arranged.mentors(solution.place_of)
    proof = _proof(arranged, placement, solution, len(places), lowest if lowest < at_most else 0)
    return mentor_of, OptimalityCertificate(
        verify_proof(costs, mentor_of, places, proof), aim.mentees, places, costs, proof
    )


def find_stable(scores: Scores, places: Capacities, aim: MatchingAims) -> tuple[Positions, OptimalityCertificate]:
    """Return a stable mentor for every mentee, or -1, and whether no blocking pair was found."""
    places = np.minimum(places, np.count_nonzero(scores != FORBIDDEN, axis=0))
    arranged = _canonical_problem(scores, places, aim)
    mentor_of = arranged.mentors(stable_placement(arranged.scores))
    return mentor_of, OptimalityCertificate(count_blocking_pairs(scores, mentor_of, places) == 0, aim.mentees, places)


def _canonical_problem(scores: Scores, places: Capacities, aim: MatchingAims) -> _CanonicalProblem:
    rows, columns = canonical_order(scores, aim.waited.astype(np.int64), places)
    mentor_of_place = np.repeat(columns, places[columns])
    return _CanonicalProblem(score_submatrix(scores, rows, mentor_of_place), rows, mentor_of_place)


def _proof(arranged: _CanonicalProblem, placement: Placement, solution: Solution, mentors: int, lowest: int) -> Proof:
    mentee_prices = np.zeros(len(arranged.mentees))
    mentee_prices[arranged.mentees] = solution.mentee_prices
    crowd = np.zeros(len(arranged.mentees), np.bool_)
    crowd[arranged.mentees] = placement.crowd
    # Places of one mentor cost the same; where only some are taken, the dearest, at nothing, is the free one.
    mentor_prices = np.full(mentors, -np.inf)
    np.maximum.at(mentor_prices, arranged.mentor_of_place, solution.place_prices)
    mentor_prices[np.isneginf(mentor_prices)] = 0
    sought = np.zeros(mentors, np.bool_)
    sought[arranged.mentor_of_place[placement.sought]] = True
    return Proof(mentee_prices, mentor_prices, crowd, sought, lowest)
