"""The matching itself: who gets whom, from a table of scores alone, with the proof that nothing better exists."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from domain.matching.scores import (
    MAX_SCORE,
    UNPLACED,
    Pin,
    Positions,
    validate_bands,
    validate_capacities,
    validate_pins,
    validate_scores,
)
from domain.matching.solver.objective import matching_aims
from domain.matching.solver.search import OptimalityCertificate, find_optimal, find_stable
from domain.matching.solver.stable import count_blocking_pairs
from schemas.cohort.settings import Objective


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who is matched with whom, and the figures of the whole matching.

    ``mentor_of`` holds a mentor's position for every mentee, -1 for those without one. ``worst`` is the lowest
    score among the matches, 0 where there are none; ``band_counts`` the matches below the first line, between the
    lines, and from the last line up. ``blocking_pairs`` counts the pairs that prefer each other to their matches,
    without pinned people and their places.
    """

    mentor_of: Positions
    coverage: int
    total: int
    worst: int
    band_counts: tuple[int, ...]
    certificate: OptimalityCertificate
    blocking_pairs: int


def solve(
    scores: ArrayLike,
    *,
    capacities: ArrayLike | None = None,
    pins: Iterable[Pin] = (),
    bands: Iterable[int] = (),
    objective: Objective = "bands",
    waited: ArrayLike | None = None,
    earlier: ArrayLike | None = None,
) -> Assignment:
    """Match mentees with mentors, and prove that it cannot be done better.

    ``scores`` is a table (mentees, mentors) of whole numbers 0..10000, -1 for a forbidden pair; ``capacities``
    the mentees each mentor can take (default 1); ``pins`` (mentee, mentor) positions fixed beforehand; ``bands``
    ascending score lines. First of all the most mentees are placed. Among such matchings the objective decides:
    ``bands`` the fewest matches under each line, the lowest line first, then the highest total; ``total`` the highest
    total; ``bottleneck`` the highest worst match, then total. ``stable``, which alone may place fewer, leaves no
    blocking pair. Mentees marked in ``waited`` are placed before others;
    ``earlier`` holds the mentor's position, or -1, that an earlier run gave: as many as possible are kept.

    Raises Refusal for what is no table, out of range or contradictory.
    """
    table, lines = validate_scores(scores), validate_bands(bands)
    mentor_capacities = validate_capacities(capacities, table.shape[1])
    fixed = np.array(validate_pins(pins, table, mentor_capacities), np.intp).reshape(-1, 2)
    mentor_of = np.full(len(table), UNPLACED, np.int64)
    mentor_of[fixed[:, 0]] = fixed[:, 1]
    free = np.flatnonzero(mentor_of == UNPLACED)
    free_capacities = mentor_capacities - np.bincount(fixed[:, 1], minlength=len(mentor_capacities))
    aim = matching_aims(objective, lines, len(table), waited, earlier).of(free)
    # Pins leave the table before solving, so that the proof covers exactly what was open to choice.
    free_scores = table[free] if len(fixed) else table
    if objective == "stable":
        mentor_of[free], certificate = find_stable(free_scores, free_capacities, aim)
    else:
        at_most = int(table[fixed[:, 0], fixed[:, 1]].min(initial=MAX_SCORE))
        mentor_of[free], certificate = find_optimal(free_scores, free_capacities, aim, at_most)
    placed = np.flatnonzero(mentor_of != UNPLACED)
    match_scores = table[placed, mentor_of[placed]]
    return Assignment(
        mentor_of=mentor_of,
        coverage=len(placed),
        total=int(match_scores.sum(dtype=np.int64)),
        worst=int(match_scores.min()) if len(match_scores) else 0,
        band_counts=tuple(np.bincount(np.digitize(match_scores, lines), minlength=len(lines) + 1).tolist()),
        certificate=certificate,
        blocking_pairs=count_blocking_pairs(free_scores, mentor_of[free], free_capacities),
    )
