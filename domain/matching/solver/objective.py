"""The objectives staff choose from, made into one cost per pair."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from domain.matching.scores import MAX_SCORE, UNPLACED, Positions, Scores
from domain.matching.solver.costs import Costs, Whole, aim_weights, cost_by_score
from domain.matching.solver.coverage import Mask, Placement, largest_placement
from schemas.cohort.settings import Objective
from schemas.errors import Refusal


@dataclass(frozen=True, eq=False)
class MatchingAims:
    """An objective for some ``mentees``, and what it needs to know: who waited, whom an earlier run gave them."""

    objective: Objective
    bands: tuple[int, ...]
    mentees: Positions
    waited: Mask
    earlier: Whole

    def __post_init__(self) -> None:
        if self.objective not in ("bands", "total", "bottleneck", "stable"):
            raise Refusal(f"There is no objective {self.objective!r}: choose bands, total, bottleneck or stable.")

    def of(self, mentees: Positions) -> "MatchingAims":
        """Return the same aim for some of the mentees."""
        waited, earlier = self.waited[mentees], self.earlier[mentees]
        return replace(self, mentees=mentees, waited=waited, earlier=earlier)

    def costs(self, scores: Scores, matches: int, *, lowest: int, some_left_out: bool) -> Costs:
        """Return the costs of all pairs for at most so many matches; scores below ``lowest`` are forbidden.

        Raises Refusal where the aims cannot be told apart exactly among so many.
        """
        bands = self.bands if self.objective == "bands" else ()
        # Each aim uses up exact digits, so those that can make no difference are left out.
        waiting = some_left_out and bool(self.waited.any())
        worth = aim_weights(bands, matches, change=bool((self.earlier != UNPLACED).any()), waiting=waiting)
        by_score = cost_by_score(bands, worth.per_band)
        by_score[:lowest] = np.inf
        return Costs(
            scores=scores,
            by_score=by_score,
            aim_weights=worth,
            row_labels=self.earlier,
            column_labels=np.arange(scores.shape[1]),
            bonus=worth.change,
            row_extra=np.where(self.waited, -float(worth.waiting), 0.0),
            column_extra=np.zeros(scores.shape[1]),
        )


def matching_aims(
    objective: Objective, bands: tuple[int, ...], mentees: int, waited: ArrayLike | None, earlier: ArrayLike | None
) -> MatchingAims:
    """Return the aim for so many mentees, or raise Refusal where what is known about them does not fit."""
    who_waited = np.zeros(mentees, np.bool_) if waited is None else np.asarray(waited, np.bool_)
    had = np.full(mentees, UNPLACED, np.int64) if earlier is None else np.asarray(earlier, np.int64)
    if who_waited.shape != (mentees,) or had.shape != (mentees,):
        raise Refusal(f"Who waited and the earlier mentors must be given for each of the {mentees} mentees.")
    return MatchingAims(objective, bands, np.arange(mentees), who_waited, had)


def best_bottleneck(scores: Scores, placement: Placement, at_most: int) -> int:
    """Return the highest line, up to ``at_most``, that all matches can reach without placing fewer."""
    # Placing as many works up to some line and never above it, so the line is found by bisection over the scores
    # there are.
    placed = np.count_nonzero(placement.place_of != UNPLACED)
    present = np.flatnonzero(np.bincount(scores.ravel() + 1, minlength=MAX_SCORE + 2)[1:])
    present = np.append(present[present < at_most], at_most)
    low, high = 0, len(present) - 1
    while low < high:
        middle = (low + high + 1) // 2
        count = np.count_nonzero(largest_placement(scores, int(present[middle])).place_of != UNPLACED)
        low, high = (middle, high) if count == placed else (low, middle - 1)
    return int(present[low])
