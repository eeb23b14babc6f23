"""The proof that a matching is the best one, and its check against the scores, independent of how it was found."""

from dataclasses import dataclass

import numpy as np

from domain.matching.scores import FORBIDDEN, Capacities
from domain.matching.solver.costs import Costs, Real
from domain.matching.solver.coverage import UNPLACED, Mask, Positions, largest_placement

# Below this size sums of two prices and a cost are exact whole numbers in floating point.
EXACT_BELOW = 2.0**51


@dataclass(frozen=True, eq=False)
class Proof:
    """Prices of mentees and mentors, and who competes for too few mentors.

    ``crowd`` are the mentees among whom somebody stays unplaced, ``sought`` the only mentors any of them may
    have; both are empty where everyone is placed. ``lowest`` is the score that all matches reach by decision.
    """

    mentee_prices: Real
    mentor_prices: Real
    crowd: Mask
    sought: Mask
    lowest: int = 0


def verify_proof(costs: Costs, mentor_of: Positions, places: Capacities, proof: Proof) -> bool:
    """Check every condition of the proof on the costs; true only where no better matching can exist.

    That the most are placed follows from the crowd (Hall 1935, König 1931), that the sum of costs is the least from
    the prices (complementary slackness), that the worst match cannot be better from placing fewer above it.
    """
    return (
        _most_are_placed(costs, mentor_of, places, proof)
        and _prices_fit(costs, mentor_of, places, proof)
        and _none_is_cheaper(costs, places, proof)
        and _worst_is_highest(costs, mentor_of, places, proof)
    )


def _most_are_placed(costs: Costs, mentor_of: Positions, places: Capacities, proof: Proof) -> bool:
    """Everyone outside the crowd has a mentor, and the crowd has taken every place that any of it may take."""
    others = np.flatnonzero(~proof.sought & (places > 0))
    if (costs.scores[np.ix_(np.flatnonzero(proof.crowd), others)] != FORBIDDEN).any():
        return False
    if (mentor_of[~proof.crowd] == UNPLACED).any():
        return False
    return bool(np.count_nonzero(mentor_of[proof.crowd] != UNPLACED) == places[proof.sought].sum())


def _prices_fit(costs: Costs, mentor_of: Positions, places: Capacities, proof: Proof) -> bool:
    """Every match costs exactly its two prices; who or what may be left over has a price of nothing or less."""
    rows, columns = proof.mentee_prices, proof.mentor_prices
    if max(np.abs(rows).max(initial=0), np.abs(columns).max(initial=0)) >= EXACT_BELOW:
        return False
    placed = np.flatnonzero(mentor_of != UNPLACED)
    taken = np.bincount(mentor_of[placed], minlength=len(places))
    spare = ~proof.sought & (places > 0)
    matched = costs.pairs(placed, mentor_of[placed])
    broken = (
        (taken > places).any(),
        (columns[spare] > 0).any(),
        columns[spare & (taken < places)].any(),
        (rows[proof.crowd] > 0).any(),
        rows[proof.crowd & (mentor_of == UNPLACED)].any(),
        (matched != rows[placed] + columns[mentor_of[placed]]).any(),
    )
    return not any(broken)


def _none_is_cheaper(costs: Costs, places: Capacities, proof: Proof) -> bool:
    """No pair, of the crowd with a sought mentor or of the others with the others, costs less than its prices."""
    for block in costs.row_blocks():
        above = costs.rows(block)
        above -= proof.mentee_prices[block, None]
        cheaper = above < proof.mentor_prices
        if cheaper.any() and (cheaper & (places > 0) & (proof.crowd[block, None] == proof.sought)).any():
            return False
    return True


def _worst_is_highest(costs: Costs, mentor_of: Positions, places: Capacities, proof: Proof) -> bool:
    """Where the worst match was lifted, fewer could be placed on higher scores alone."""
    if not proof.lowest:
        return True
    placed = np.count_nonzero(mentor_of != UNPLACED)
    columns = np.repeat(np.arange(len(places)), places)
    higher = largest_placement(costs.scores[:, columns], proof.lowest + 1)
    return bool(np.count_nonzero(higher.place_of != UNPLACED) < placed)
