"""How many participants can be placed at all, and who competes for too few mentors where not everyone can."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from domain.matching.scores import FORBIDDEN, Scores

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]

NOBODY = -1
DIAGONALS = 12
WHOLE_GRAPH_EDGES = 20_000_000


class Placement(NamedTuple):
    """A largest placement: ``place_of`` per participant, and the crowd, the proof that no larger one exists.

    ``crowd`` are the participants among whom somebody stays unplaced, ``sought`` all the places any of them may take:
    fewer than they are (Hall 1935). Both are empty where everyone is placed.
    """

    place_of: Positions
    crowd: Mask
    sought: Mask


class _Reached(NamedTuple):
    crowd: Mask
    sought: Mask
    came_from: Positions
    free_place: int


def _on_diagonals(allowed: Mask) -> csr_array:
    rows = np.repeat(np.arange(allowed.shape[0]), DIAGONALS)
    columns = (rows + np.tile(np.arange(DIAGONALS), allowed.shape[0])) % allowed.shape[1]
    kept = allowed[rows, columns]
    return csr_array((np.ones(kept.sum(), np.int8), (rows[kept], columns[kept])), shape=allowed.shape)


def _matched(graph: csr_array) -> Positions:
    return maximum_bipartite_matching(graph, perm_type="column").astype(np.int64)


def _first_guess(allowed: Mask) -> Positions:
    """Match on a few diagonals, which mostly suffices; else on all edges, unless they are too many to hold."""
    place_of = _matched(_on_diagonals(allowed))
    if np.count_nonzero(place_of != NOBODY) == min(allowed.shape) or np.count_nonzero(allowed) > WHOLE_GRAPH_EDGES:
        return place_of
    return _matched(csr_array(allowed))


def _reach(allowed: Mask, place_of: Positions) -> _Reached:
    """Walk from the unplaced along allowed pairs, and from each place to its holder, until a free place or the end."""
    holder = np.full(allowed.shape[1], NOBODY, np.int64)
    placed = np.flatnonzero(place_of != NOBODY)
    holder[place_of[placed]] = placed
    crowd = place_of == NOBODY
    sought = np.zeros(allowed.shape[1], np.bool_)
    came_from = np.full(allowed.shape[1], NOBODY, np.int64)
    frontier = np.flatnonzero(crowd)
    while len(frontier):
        for row in frontier:
            new = np.flatnonzero(allowed[row] & ~sought)
            sought[new], came_from[new] = True, row
            free = new[holder[new] == NOBODY]
            if len(free):
                return _Reached(crowd, sought, came_from, int(free[0]))
        holders = holder[sought]
        frontier = holders[~crowd[holders]]
        crowd[frontier] = True
    return _Reached(crowd, sought, came_from, NOBODY)


def place_most(scores: Scores, lowest: int = 0) -> Placement:
    """Place as many participants as possible on pairs that score at least ``lowest``; one column is one place."""
    allowed = scores >= max(lowest, FORBIDDEN + 1)
    if not allowed.size:
        return Placement(np.full(len(scores), NOBODY, np.int64), np.ones(len(scores), np.bool_), np.zeros(0, np.bool_))
    place_of = _first_guess(allowed)
    reached = _reach(allowed, place_of)
    while reached.free_place != NOBODY:
        place = reached.free_place
        while place != NOBODY:
            row = reached.came_from[place]
            place, place_of[row] = place_of[row], place
        reached = _reach(allowed, place_of)
    return Placement(place_of, reached.crowd, reached.sought)
