"""The proof that a matching is optimal, and its check against the scores, independent of how it was found."""

from dataclasses import dataclass

import numpy as np

from domain.matching.scores import FORBIDDEN, UNPLACED, Capacities, Positions
from domain.matching.solver.costs import Costs, Real
from domain.matching.solver.coverage import Mask, largest_placement

# Below this size the sum of two duals and a cost is an exact whole number in floating point.
EXACT_BELOW = 2.0**51


@dataclass(frozen=True, eq=False)
class Proof:
    """The dual values of mentees and mentors, and the Hall set that explains who cannot be placed.

    ``hall_set`` marks mentees who share fewer places than they are, ``hall_neighbors`` the only mentors any of them may
    have; both are empty where everyone is placed. ``lowest`` is the score that the bottleneck objective asks of all
    matches, else 0.
    """

    mentee_duals: Real
    mentor_duals: Real
    hall_set: Mask
    hall_neighbors: Mask
    lowest: int = 0


def verify_proof(costs: Costs, mentor_of: Positions, capacities: Capacities, proof: Proof) -> bool:
    """Return whether every condition of the proof holds on the costs; then no better matching exists.

    The Hall set shows that no more can be placed (Hall 1935, König 1931), the duals that the sum of costs is least
    (complementary slackness), and placing fewer above ``lowest`` that the worst match cannot be better.
    """
    return (
        _most_are_placed(costs, mentor_of, capacities, proof)
        and _duals_are_tight(costs, mentor_of, capacities, proof)
        and _none_is_cheaper(costs, capacities, proof)
        and _worst_is_highest(costs, mentor_of, capacities, proof)
    )


def _most_are_placed(costs: Costs, mentor_of: Positions, capacities: Capacities, proof: Proof) -> bool:
    """Everyone outside the Hall set has a mentor, and the Hall set fills every place that any of it may take."""
    others = np.flatnonzero(~proof.hall_neighbors & (capacities > 0))
    if (costs.scores[np.ix_(np.flatnonzero(proof.hall_set), others)] != FORBIDDEN).any():
        return False
    if (mentor_of[~proof.hall_set] == UNPLACED).any():
        return False
    return bool(np.count_nonzero(mentor_of[proof.hall_set] != UNPLACED) == capacities[proof.hall_neighbors].sum())


def _duals_are_tight(costs: Costs, mentor_of: Positions, capacities: Capacities, proof: Proof) -> bool:
    """Every match costs exactly its two duals; who or what may stay unmatched has a dual of 0 or less."""
    rows, columns = proof.mentee_duals, proof.mentor_duals
    if max(np.abs(rows).max(initial=0), np.abs(columns).max(initial=0)) >= EXACT_BELOW:
        return False
    placed = np.flatnonzero(mentor_of != UNPLACED)
    taken = np.bincount(mentor_of[placed], minlength=len(capacities))
    spare = ~proof.hall_neighbors & (capacities > 0)
    matched = costs.pairs(placed, mentor_of[placed])
    broken = (
        (taken > capacities).any(),
        (columns[spare] > 0).any(),
        columns[spare & (taken < capacities)].any(),
        (rows[proof.hall_set] > 0).any(),
        rows[proof.hall_set & (mentor_of == UNPLACED)].any(),
        (matched != rows[placed] + columns[mentor_of[placed]]).any(),
    )
    return not any(broken)


def _none_is_cheaper(costs: Costs, capacities: Capacities, proof: Proof) -> bool:
    """No pair, within the Hall set and its neighbors or within the rest, costs less than its two duals."""
    for block in costs.row_blocks():
        above = costs.rows(block)
        above -= proof.mentee_duals[block, None]
        cheaper = above < proof.mentor_duals
        if cheaper.any() and (cheaper & (capacities > 0) & (proof.hall_set[block, None] == proof.hall_neighbors)).any():
            return False
    return True


def _worst_is_highest(costs: Costs, mentor_of: Positions, capacities: Capacities, proof: Proof) -> bool:
    """With the bottleneck objective, fewer could be placed on scores above ``lowest`` alone."""
    if not proof.lowest:
        return True
    placed = np.count_nonzero(mentor_of != UNPLACED)
    # One column for each place, as largest_placement expects.
    columns = np.repeat(np.arange(len(capacities)), capacities)
    higher = largest_placement(costs.scores[:, columns], proof.lowest + 1)
    return bool(np.count_nonzero(higher.place_of != UNPLACED) < placed)
