"""What another mentor for somebody would cost the whole program, exactly, without solving again."""

from collections.abc import Sequence

import numpy as np

from domain.matching.scores import FORBIDDEN, UNPLACED, Capacities, Positions, Scores
from domain.matching.solver.assignment import Assignment
from domain.matching.solver.certificate import Proof
from domain.matching.solver.costs import AimWeights, Costs, Real
from schemas.matching.results import COST_UNKNOWN, Alternative

MAX_ALTERNATIVES = 3
COSTS_A_PLACEMENT = "leaves one more mentee without a mentor, or a match worse than the worst"
MAX_MENTORS = 600


def exchange_costs(costs: Costs, proof: Proof, mentor_of: Positions, capacities: Capacities) -> tuple[Real, Real]:
    """Return the reduced costs of all pairs, and the cheapest chain of moves between any two mentors.

    Both tables are in the costs' own unit and at least 0. The first has a row for each mentee and is infinite where the
    pair is forbidden or would place fewer. The second has a row and a column for each mentor and two more: a place left
    free, and no mentor. Its entry is the least cost of freeing a place at the one by filling a place at the other.
    """
    mentors = len(capacities)
    spare, nobody = mentors, mentors + 1
    reduced_costs = costs.rows(slice(None)) - proof.mentee_duals[:, None] - proof.mentor_duals
    # A pair across the border of the Hall set would leave one more mentee unplaced, whatever it costs.
    reduced_costs[proof.hall_set[:, None] != proof.hall_neighbors] = np.inf
    reduced_costs[:, capacities == 0] = np.inf
    chain_costs = np.full((mentors + 2, mentors + 2), np.inf)
    mentor_or_nobody = np.where(mentor_of == UNPLACED, nobody, mentor_of)
    np.minimum.at(chain_costs[:, :mentors], mentor_or_nobody, reduced_costs)
    np.minimum.at(chain_costs[:, nobody], mentor_or_nobody[proof.hall_set], -proof.mentee_duals[proof.hall_set])
    outside = ~proof.hall_neighbors & (capacities > 0)
    chain_costs[spare, :mentors][outside] = -proof.mentor_duals[outside]
    taken = np.bincount(mentor_of[mentor_of != UNPLACED], minlength=mentors)
    chain_costs[:mentors, spare][outside & (taken < capacities)] = 0
    np.fill_diagonal(chain_costs, 0)
    # The cheapest chain between any two, by way of each third (Floyd 1962, Warshall 1962): cubic time, hence
    # MAX_MENTORS.
    for through in range(mentors + 2):
        np.minimum(chain_costs, chain_costs[:, through, None] + chain_costs[through], out=chain_costs)
    return reduced_costs, chain_costs


class Alternatives:
    """The other mentors each mentee of a match run could have, and what the program would lose by each.

    The cost is exact: the reduced cost of the pair plus the shortest chain of moves that makes room for it. It is not
    known for pinned mentees, for stable matchings, and above ``MAX_MENTORS``, where all chains take too long: there a
    pin and a second run show it.
    """

    def __init__(self, scores: Scores, assignment: Assignment) -> None:
        self._scores, self._mentor_of = scores, assignment.mentor_of
        self._costs: Real = np.full(scores.shape, np.inf)
        self._levels: AimWeights | None = None
        self._free = frozenset(assignment.certificate.mentees.tolist())
        certificate = assignment.certificate
        if certificate.proof and certificate.costs and scores.shape[1] <= MAX_MENTORS:
            free, mentor_of = certificate.mentees, assignment.mentor_of[certificate.mentees]
            reduced_costs, chain_costs = exchange_costs(
                certificate.costs, certificate.proof, mentor_of, certificate.capacities
            )
            freed_from = np.where(mentor_of == UNPLACED, scores.shape[1] + 1, mentor_of)
            self._costs[free] = reduced_costs + chain_costs[:-2, freed_from].T
            self._levels = certificate.costs.aim_weights

    def of(self, mentee: int, mentor_ids: Sequence[str]) -> tuple[Alternative, ...]:
        """Return the mentors that would cost the program least, at most three; of equal cost the best scoring."""
        allowed = np.flatnonzero(self._scores[mentee] != FORBIDDEN)
        others = allowed[allowed != self._mentor_of[mentee]]
        costs, scores = self._costs[mentee, others], self._scores[mentee, others]
        cheapest = others[np.lexsort((-scores, costs))[:MAX_ALTERNATIVES]]
        return tuple(self.one(mentee, mentor, mentor_ids) for mentor in cheapest.tolist())

    def one(self, mentee: int, mentor: int, mentor_ids: Sequence[str]) -> Alternative:
        """Return what the program would lose by one other mentor of a mentee."""
        mentor_id = mentor_ids[mentor]
        score, cost = int(self._scores[mentee, mentor]), float(self._costs[mentee, mentor])
        if self._levels is None or not np.isfinite(cost):
            note = COSTS_A_PLACEMENT if self._levels and mentee in self._free else COST_UNKNOWN
            return Alternative(mentor=mentor_id, score=score, program_cost=None, note=note)
        *aims, points = self._levels.differences(cost)
        return Alternative(mentor=mentor_id, score=score, program_cost=points, note=_note(*aims))


def _note(waiting: int, changes: int, *under: int) -> str:
    """Say what changes besides points; counts under a line include those under the lines below it."""
    lines = (
        ("the poor line", "the fair line") if len(under) == 2 else tuple(f"line {n}" for n in range(1, 1 + len(under)))
    )
    counted = [
        (waiting, "who waited left out"),
        (changes, "changed"),
        *zip(under, (f"under {line}" for line in lines), strict=True),
    ]
    return "; ".join(f"{abs(count)} {'more' if count > 0 else 'fewer'} {what}" for count, what in counted if count)
