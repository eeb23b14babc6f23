"""How many mentees can be placed at all, and who competes for too few mentors where not everyone can."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, eye_array, hstack
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from domain.matching.scores import FORBIDDEN, UNPLACED, Positions, Scores

Mask = NDArray[np.bool_]

DIAGONALS = 12
NEARLY_ALL = 0.95
WHOLE_GRAPH_EDGES = 10_000_000


class Placement(NamedTuple):
    """A largest placement: a place for each mentee, -1 for none, and the proof that no larger one exists.

    ``hall_set`` marks mentees among whom somebody stays unplaced, ``hall_neighbors`` all the places any of them may
    take: fewer than they are (Hall 1935). Both are empty where everyone is placed.
    """

    place_of: Positions
    hall_set: Mask
    hall_neighbors: Mask


class _Reached(NamedTuple):
    hall_set: Mask
    hall_neighbors: Mask
    reached_from: Positions
    free_place: int


def _on_diagonals(allowed: Mask) -> csr_array:
    rows = np.repeat(np.arange(allowed.shape[0]), DIAGONALS)
    columns = (rows + np.tile(np.arange(DIAGONALS), allowed.shape[0])) % allowed.shape[1]
    present = allowed[rows, columns]
    return csr_array((present[present], (rows[present], columns[present])), shape=allowed.shape)


def _matched(graph: csr_array) -> Positions:
    """Return a largest matching of a graph: every row may also stay alone, which costs more than a place.

    SciPy's ``maximum_bipartite_matching`` would say the same, but takes minutes where thousands of rows stay alone.
    """
    rows, columns = graph.shape
    graph = csr_array((np.ones(graph.nnz), graph.indices, graph.indptr), shape=graph.shape)
    # SciPy takes a stored zero for a missing edge, and wants every row matched: so edges cost 1, and each row has a
    # column of its own.
    alone = eye_array(rows, format="csr") * 2.0
    place_of = min_weight_full_bipartite_matching(hstack([graph, alone], format="csr"))[1].astype(np.int64)
    place_of[place_of >= columns] = UNPLACED
    return place_of


def _first_guess(allowed: Mask) -> Positions:
    """Match along the diagonal where nearly all of it is allowed; else on all pairs, or on twelve diagonals if many.

    It need not be the largest: the search for alternating paths adds what it missed, one place at a time.
    """
    place_of = np.full(len(allowed), UNPLACED, np.int64)
    matched = np.flatnonzero(np.diagonal(allowed))
    if len(matched) >= NEARLY_ALL * min(allowed.shape):
        place_of[matched] = matched
        return place_of
    is_sparse = np.count_nonzero(allowed) <= WHOLE_GRAPH_EDGES
    return _matched(csr_array(allowed) if is_sparse else _on_diagonals(allowed))


def _reach(allowed: Mask, place_of: Positions) -> _Reached:
    """Search alternating paths from the unplaced until a free place is reached, or none is left to look at."""
    holder = np.full(allowed.shape[1], UNPLACED, np.int64)
    placed = np.flatnonzero(place_of != UNPLACED)
    holder[place_of[placed]] = placed
    hall_set = place_of == UNPLACED
    hall_neighbors = np.zeros(allowed.shape[1], np.bool_)
    reached_from = np.full(allowed.shape[1], UNPLACED, np.int64)
    frontier = np.flatnonzero(hall_set)
    while len(frontier):
        for row in frontier:
            places = np.flatnonzero(allowed[row] & ~hall_neighbors)
            hall_neighbors[places], reached_from[places] = True, row
            free = places[holder[places] == UNPLACED]
            if len(free):
                return _Reached(hall_set, hall_neighbors, reached_from, int(free[0]))
        holders = holder[hall_neighbors]
        frontier = holders[~hall_set[holders]]
        hall_set[frontier] = True
    return _Reached(hall_set, hall_neighbors, reached_from, UNPLACED)


def largest_placement(scores: Scores, lowest: int = 0) -> Placement:
    """Place as many mentees as possible on pairs that score at least ``lowest``; one column is one place."""
    allowed = scores >= max(lowest, FORBIDDEN + 1)
    if not allowed.size:
        return Placement(
            np.full(len(scores), UNPLACED, np.int64), np.ones(len(scores), np.bool_), np.zeros(0, np.bool_)
        )
    place_of = _first_guess(allowed)
    reached = _reach(allowed, place_of)
    # A placement is largest when no alternating path leads from an unplaced row to a free place (Berge 1957).
    while reached.free_place != UNPLACED:
        place = reached.free_place
        # Along the path each row takes the place that it was reached by, and gives up its own.
        while place != UNPLACED:
            row = reached.reached_from[place]
            place, place_of[row] = place_of[row], place
        reached = _reach(allowed, place_of)
    return Placement(place_of, reached.hall_set, reached.hall_neighbors)
